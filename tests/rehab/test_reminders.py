"""Are people reminded when they asked for it, in their own day, and never too much?"""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from rehab.models import ExerciseSession, Notification, Patient, Pause, Plan, PushSubscription
from rehab.services import reminders
from tests import makers

WEDNESDAY = date(2026, 11, 18)
EIGHT = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


def planned(db: Session, *, at: time = time(8), zone: str = "Europe/London", weekdays: tuple[int, ...] = (0, 2, 4)) -> Patient:
    """A patient with a plan on those weekdays and a reminder time."""
    patient = makers.patient(db, time_zone=zone, started_on=date(2026, 1, 5))
    patient.reminder_time = at
    db.add(Plan(
        patient_id=patient.id, version=1, issues=["hip-osteoarthritis"], program="hip-osteoarthritis", phase=1,
        phase_started_on=date(2026, 1, 5), started_on=date(2026, 1, 5), weekdays=list(weekdays), walk={}, max_minutes=18,
        content_version="x", made_by_id=patient.account_id, made_at=datetime(2026, 1, 5, tzinfo=UTC),
    ))  # fmt: skip
    db.flush()
    return patient


def logged(db: Session, patient: Patient, on: date, *, status: str = "done", superseded: bool = False) -> None:
    plan_id = db.scalars(sa.select(Plan.id).where(Plan.patient_id == patient.id)).first()
    at = datetime.combine(on, time(7), tzinfo=UTC)
    db.add(ExerciseSession(
        id=uuid.uuid4(), patient_id=patient.id, plan_id=plan_id, performed_at=at, performed_on=on, time_zone="Europe/London",
        received_at=at, status=status, content_hash="x", superseded=superseded,
    ))  # fmt: skip
    db.flush()


def keys(db: Session) -> list[str]:
    return [key.split(":", 2)[2] for key in db.scalars(sa.select(Notification.dedupe_key).order_by(Notification.dedupe_key))]


def test_a_reminder_is_written_at_the_chosen_time_and_not_before(session: Session) -> None:
    patient = planned(session)

    assert reminders.plan_due(session, now=EIGHT - timedelta(seconds=1)) == 0
    assert reminders.plan_due(session, now=EIGHT) == 1

    row = session.scalars(sa.select(Notification)).one()
    assert row.dedupe_key == f"reminder:{patient.id}:2026-11-18:1:email"
    assert (row.kind, row.payload, row.next_attempt_at) == ("session-reminder", {"on": "2026-11-18"}, EIGHT)


def test_asking_every_minute_of_the_day_writes_two_reminders_at_most(session: Session) -> None:
    planned(session)
    start = datetime(2026, 11, 18, tzinfo=UTC)

    for minute in range(0, 24 * 60, 7):
        reminders.plan_due(session, now=start + timedelta(minutes=minute))

    assert keys(session) == ["2026-11-18:1:email", "2026-11-18:2:email"]


def test_the_second_comes_three_hours_later_and_only_when_nothing_was_logged(session: Session) -> None:
    planned(session)
    other = planned(session)
    reminders.plan_due(session, now=EIGHT)
    logged(session, other, WEDNESDAY)

    assert reminders.plan_due(session, now=EIGHT + timedelta(hours=2, minutes=59)) == 0
    assert reminders.plan_due(session, now=EIGHT + timedelta(hours=3)) == 1


def test_not_today_is_a_log_and_silences_the_day(session: Session) -> None:
    patient = planned(session)
    logged(session, patient, WEDNESDAY, status="skipped")

    assert reminders.plan_due(session, now=EIGHT) == 0


def test_a_log_that_was_corrected_away_does_not_count(session: Session) -> None:
    patient = planned(session)
    logged(session, patient, WEDNESDAY, superseded=True)

    assert reminders.plan_due(session, now=EIGHT) == 1


@pytest.mark.parametrize("block, written", [("none", 1), ("partial", 1), ("all", 0)])
def test_nobody_is_reminded_of_exercise_while_it_is_blocked(session: Session, block: str, written: int) -> None:
    planned(session).block = block
    session.flush()

    assert reminders.plan_due(session, now=EIGHT) == written


def test_other_weekdays_pauses_ended_plans_and_switched_off_reminders_are_quiet(session: Session) -> None:
    planned(session, weekdays=(1, 3))
    away = planned(session)
    session.add(Pause(patient_id=away.id, from_on=WEDNESDAY, to_on=None, reason="away", made_at=EIGHT))
    ended = planned(session)
    session.execute(sa.update(Plan).where(Plan.patient_id == ended.id).values(ended_on=WEDNESDAY))
    off = planned(session)
    off.remind_by_email = off.remind_by_push = False
    planned(session).account.disabled_at = EIGHT
    makers.patient(session)
    session.flush()

    assert reminders.plan_due(session, now=EIGHT) == 0


def test_a_pause_that_is_over_reminds_again(session: Session) -> None:
    patient = planned(session)
    yesterday = WEDNESDAY - timedelta(days=1)
    session.add(Pause(patient_id=patient.id, from_on=yesterday, to_on=yesterday, reason="away", made_at=EIGHT))
    session.flush()

    assert reminders.plan_due(session, now=EIGHT) == 1


def test_a_worker_that_slept_sends_within_six_hours_and_nothing_of_yesterday(session: Session) -> None:
    planned(session, at=time(8))
    planned(session, at=time(2))

    assert reminders.plan_due(session, now=EIGHT + timedelta(hours=5, minutes=59)) == 1
    session.execute(sa.delete(Notification))
    assert reminders.plan_due(session, now=EIGHT + timedelta(hours=6)) == 0


def test_after_a_late_first_one_the_second_waits_three_hours_too(session: Session) -> None:
    planned(session)
    late = EIGHT + timedelta(hours=5)
    reminders.plan_due(session, now=late)

    assert reminders.plan_due(session, now=late + timedelta(minutes=1)) == 0
    assert reminders.plan_due(session, now=late + timedelta(hours=3)) == 1


def test_nothing_comes_after_nine_in_the_evening(session: Session) -> None:
    planned(session, at=time(18, 30))
    evening = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
    reminders.plan_due(session, now=evening)

    assert [reminders.plan_due(session, now=evening + timedelta(minutes=m)) for m in (180, 200, 240)] == [0, 0, 0]


def test_who_chose_a_late_hour_hears_at_that_hour_only(session: Session) -> None:
    planned(session, at=time(22))
    ten = datetime(2026, 11, 18, 22, 0, tzinfo=UTC)

    assert reminders.plan_due(session, now=ten + timedelta(minutes=16)) == 0
    assert reminders.plan_due(session, now=ten + timedelta(minutes=1)) == 1


def test_a_plan_made_in_the_afternoon_of_the_first_day_does_not_remind_of_the_morning(session: Session) -> None:
    patient = planned(session)
    patient.started_on = WEDNESDAY
    session.execute(sa.update(Plan).values(made_at=EIGHT + timedelta(hours=4), started_on=WEDNESDAY))
    session.flush()

    assert reminders.plan_due(session, now=EIGHT + timedelta(hours=4, minutes=5)) == 0


def test_each_person_has_their_own_day(session: Session) -> None:
    planned(session, zone="Pacific/Auckland", weekdays=(3,))  # already Thursday there
    planned(session, zone="America/Los_Angeles", weekdays=(2,))
    now = datetime(2026, 11, 18, 19, 0, tzinfo=UTC)  # 08:00 on Thursday in Auckland, 11:00 on Wednesday in Los Angeles

    assert reminders.plan_due(session, now=now) == 2
    assert sorted(keys(session)) == ["2026-11-18:1:email", "2026-11-19:1:email"]


def test_push_is_used_where_a_browser_agreed_and_both_can_be_switched_off(session: Session) -> None:
    both, push_only = planned(session), planned(session)
    push_only.remind_by_email = False
    for number, patient in enumerate((both, push_only)):
        session.add(PushSubscription(account_id=patient.account_id, endpoint=f"https://a.invalid/{number}", p256dh="k",
                                     auth="a", created_at=EIGHT))  # fmt: skip
    gone = planned(session)
    gone.remind_by_email = False
    session.add(PushSubscription(account_id=gone.account_id, endpoint="https://a.invalid/9", p256dh="k", auth="a",
                                 created_at=EIGHT, dropped_at=EIGHT))  # fmt: skip
    session.flush()

    assert reminders.plan_due(session, now=EIGHT) == 3
    assert sorted(session.scalars(sa.select(Notification.channel))) == ["email", "push", "push"]


def test_the_number_of_queries_does_not_grow_with_people_who_are_not_due(session: Session) -> None:
    planned(session)
    few = _queries(session, EIGHT - timedelta(hours=5))
    for _ in range(30):
        planned(session, at=time(23))

    assert _queries(session, EIGHT - timedelta(hours=5)) == few <= 3


def test_a_reminder_that_waited_is_unwanted_once_something_was_logged_or_the_day_is_over(session: Session) -> None:
    patient = planned(session)
    reminders.plan_due(session, now=EIGHT)
    row = session.scalars(sa.select(Notification)).one()

    assert reminders.is_still_wanted(session, row, now=EIGHT + timedelta(hours=5))
    assert not reminders.is_still_wanted(session, row, now=EIGHT + timedelta(hours=14))
    assert not reminders.is_still_wanted(session, row, now=EIGHT + timedelta(hours=20))
    logged(session, patient, WEDNESDAY)
    assert not reminders.is_still_wanted(session, row, now=EIGHT + timedelta(hours=1))


def test_a_time_that_the_clocks_skip_becomes_the_first_minute_that_exists() -> None:
    # London went from 01:00 to 02:00 on 29 March 2026, New York from 02:00 to 03:00 on 8 March.
    assert reminders.occurrence(date(2026, 3, 29), time(1, 30), "Europe/London") == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert reminders.occurrence(date(2026, 3, 8), time(2, 30), "America/New_York") == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    assert reminders.occurrence(date(2026, 10, 25), time(1, 30), "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("day, now", [
    (date(2026, 3, 29), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
])  # fmt: skip
def test_a_reminder_in_the_night_of_a_clock_change_comes_once(session: Session, day: date, now: datetime) -> None:
    planned(session, at=time(1, 30), weekdays=(6,))

    assert reminders.plan_due(session, now=now - timedelta(minutes=1)) == 0
    assert [reminders.plan_due(session, now=now + timedelta(minutes=m)) for m in (0, 1, 30, 60, 90)] == [1, 0, 0, 0, 0]
    assert keys(session) == [f"{day}:1:email"]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.times(),
       st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu",
                        "Africa/Casablanca", "Antarctica/Troll", "Pacific/Apia"]))  # fmt: skip
def test_an_occurrence_is_the_wanted_minute_or_the_end_of_a_gap(day: date, at: time, zone: str) -> None:
    instant = reminders.occurrence(day, at, zone)

    wanted = datetime.combine(day, at.replace(second=0, microsecond=0))
    wall = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    just_before = (instant - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert wall == wanted or (wall > wanted and just_before < wanted)


def _queries(session: Session, now: datetime) -> int:
    seen: list[str] = []
    bind = session.get_bind()

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(bind, "before_cursor_execute", note)
    try:
        reminders.plan_due(session, now=now)
    finally:
        sa.event.remove(bind, "before_cursor_execute", note)
    return len([s for s in seen if s.startswith("SELECT")])

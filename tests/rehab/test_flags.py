"""Does a finding become one flag that people can close, put aside and open again, each told exactly once?"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from programs.vocabulary import Finding, Severity
from rehab import db as database
from rehab.errors import Refused
from rehab.models import Flag, FlagEvent, Notification, Patient
from rehab.queries import inbox
from rehab.services import flags, screenings, trends
from tests import makers

TODAY = date(2026, 11, 18)
SOON = timedelta(minutes=1)
LEVELS = {"check_in": Severity.CHECK_IN, "book": Severity.BOOK, "urgent": Severity.URGENT}


def _finding(level: str = "book", rule: str = "worsening", **evidence: Any) -> Finding:
    return Finding(rule=rule, severity=LEVELS[level], evidence=evidence or {"your_usual": 3.0, "average_last_10_days": 5.5}, source="made")


def _raise(db: Session, patient: Patient, now: datetime, level: str = "book", *, on: date = TODAY, **evidence: Any) -> Flag:
    return flags.raise_flag(db, patient, _finding(level, **evidence), on=on, now=now)


def _kinds(db: Session, flag: Flag) -> list[str]:
    return list(db.scalars(sa.select(FlagEvent.kind).where(FlagEvent.flag_id == flag.id).order_by(FlagEvent.at, FlagEvent.id)))


def _told(db: Session, account_id: object) -> list[str]:
    return sorted(db.scalars(sa.select(Notification.kind).where(Notification.account_id == account_id)))


def _count(db: Session) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(Flag)) or 0


def test_a_second_rise_adds_evidence_to_the_open_flag(session: Session, now: datetime) -> None:
    patient = makers.cast(session).patient
    first = _raise(session, patient, now, average_last_10_days=5.0, your_usual=3.0)

    again = _raise(session, patient, now + timedelta(days=1), on=TODAY + timedelta(days=1), average_last_10_days=5.8)

    assert again.id == first.id and _count(session) == 1
    assert again.evidence["average_last_10_days"] == 5.8
    assert again.evidence["your_usual"] == 3.0
    assert again.evidence["seen_on"] == ["2026-11-18", "2026-11-19"]
    assert again.raised_on == TODAY
    assert _kinds(session, again) == ["raised", "seen-again"]


def test_the_same_finding_twice_on_a_day_writes_nothing_new(session: Session, now: datetime) -> None:
    patient = makers.cast(session).patient
    flag = _raise(session, patient, now)

    _raise(session, patient, now + timedelta(hours=2))

    assert _kinds(session, flag) == ["raised"]
    assert flag.updated_at == now


def test_another_rule_or_another_patient_has_a_flag_of_its_own(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    made = [_raise(session, cast.patient, now), _raise(session, cast.colleagues_patient, now),
            flags.raise_flag(session, cast.patient, _finding(rule="silence"), on=TODAY, now=now)]  # fmt: skip

    assert len({flag.id for flag in made}) == 3


def test_a_higher_level_raises_the_flag_and_asks_to_be_seen_again(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now, "check_in")
    flags.acknowledge(session, flag, by=cast.therapist, now=now)
    flags.snooze(session, flag, by=cast.therapist, until=TODAY + timedelta(days=5), now=now)

    _raise(session, cast.patient, now + timedelta(days=1), "urgent", on=TODAY + timedelta(days=1))

    assert flag.level == "urgent"
    assert flag.acknowledged_at is None and flag.snoozed_until is None
    assert _kinds(session, flag)[-1] == "level-raised"


def test_a_lower_level_never_lowers_an_open_flag(session: Session, now: datetime) -> None:
    patient = makers.cast(session).patient
    flag = _raise(session, patient, now, "urgent")

    _raise(session, patient, now + timedelta(days=1), "check_in", on=TODAY + timedelta(days=1))

    assert flag.level == "urgent"


def test_a_new_safety_answer_keeps_the_earlier_ones_and_is_told_again(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    screenings.record(session, cast.patient, moment="session", answers={"rf_fever": "yes"}, now=now)

    screenings.record(session, cast.patient, moment="session", answers={"rf_dvt": "yes"}, now=now + timedelta(hours=1))

    flag = session.scalars(sa.select(Flag).where(Flag.rule == "red-flag")).one()
    assert {"rf_fever", "rf_dvt"} <= set(flag.evidence["answers"])
    assert _told(session, cast.therapist.id) == ["red-flag", "red-flag"]


def test_a_flag_and_the_news_of_it_are_written_together_or_not_at_all(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    session.commit()
    _raise(session, cast.patient, now)
    assert _told(session, cast.therapist.id) == ["flag-raised"]

    session.rollback()

    assert _count(session) == 0
    assert _told(session, cast.therapist.id) == []


def test_a_therapist_hears_once_of_a_flag_and_once_more_when_it_gets_more_urgent(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    for day in range(3):
        _raise(session, cast.patient, now + timedelta(days=day), on=TODAY + timedelta(days=day), average_last_10_days=5.0 + day)
    assert _told(session, cast.therapist.id) == ["flag-raised"]

    for day in range(3, 5):
        _raise(session, cast.patient, now + timedelta(days=day), "urgent", on=TODAY + timedelta(days=day), average_last_10_days=9.0)

    assert _told(session, cast.therapist.id) == ["flag-raised", "red-flag"]
    assert _told(session, cast.colleague.id) == [] and _told(session, cast.outsider.id) == []


def test_an_amber_finding_stays_on_the_phone(session: Session, now: datetime) -> None:
    patient = makers.cast(session).patient

    with pytest.raises(ValueError, match="amber"):
        flags.raise_flag(session, patient, Finding("worsening", Severity.AMBER, {}, "made"), on=TODAY, now=now)


def test_acknowledging_notes_who_was_first_and_a_second_time_changes_nothing(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)
    flags.acknowledge(session, flag, by=cast.therapist, now=now + timedelta(hours=1))

    flags.acknowledge(session, flag, by=cast.lead, now=now + timedelta(hours=2))

    assert flag.acknowledged_by_id == cast.therapist.id
    assert flag.acknowledged_at == now + timedelta(hours=1)
    assert _kinds(session, flag) == ["raised", "acknowledged"]


@pytest.mark.parametrize("outcome", flags.VERDICTS)
def test_a_flag_closes_with_what_became_of_it(session: Session, now: datetime, outcome: str) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)

    flags.resolve(session, flag, by=cast.therapist, outcome=outcome, note=" Rang on Tuesday. ", now=now + SOON)

    assert (flag.outcome, flag.outcome_note, flag.resolved_by_id) == (outcome, "Rang on Tuesday.", cast.therapist.id)
    assert _kinds(session, flag)[-1] == "resolved"


@pytest.mark.parametrize("outcome", ["", "fine", "back-to-usual"])
def test_a_person_cannot_close_a_flag_without_a_known_verdict(session: Session, now: datetime, outcome: str) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)

    with pytest.raises(Refused) as refusal:
        flags.resolve(session, flag, by=cast.therapist, outcome=outcome, note="", now=now)

    assert refusal.value.field == "outcome"
    assert flag.resolved_at is None


def test_a_flag_put_aside_is_gone_and_back_on_the_morning_of_its_day(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)
    flags.snooze(session, flag, by=cast.therapist, until=TODAY + timedelta(days=3), now=now)

    def shown(day: int) -> tuple[int, int, int]:
        found = inbox.build(session, sa.select(Flag), now=now + timedelta(days=day))
        return len(found.open), len(found.snoozed), inbox.count(session, sa.select(Flag), today=TODAY + timedelta(days=day))

    assert shown(0) == shown(2) == (0, 1, 0)
    assert shown(3) == (1, 0, 1)


@pytest.mark.parametrize("days", [-1, 0, flags.LONGEST_SNOOZE_DAYS + 1, 4000])
def test_a_flag_is_not_put_aside_into_the_past_or_for_months(session: Session, now: datetime, days: int) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)

    with pytest.raises(Refused) as refusal:
        flags.snooze(session, flag, by=cast.therapist, until=TODAY + timedelta(days=days), now=now)

    assert refusal.value.field == "until"


def test_tomorrow_is_judged_where_the_patient_lives(session: Session) -> None:
    cast = makers.cast(session)
    patient = makers.patient(session, therapist=cast.therapist, time_zone="Pacific/Auckland")
    evening = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)  # already the 19th in Auckland
    flag = _raise(session, patient, evening)

    with pytest.raises(Refused):
        flags.snooze(session, flag, by=cast.therapist, until=date(2026, 11, 19), now=evening)
    flags.snooze(session, flag, by=cast.therapist, until=date(2026, 11, 20), now=evening)

    assert flag.snoozed_until == date(2026, 11, 20)


def test_an_urgent_flag_cannot_be_put_aside(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now, "urgent")

    with pytest.raises(Refused, match="urgent"):
        flags.snooze(session, flag, by=cast.therapist, until=TODAY + timedelta(days=1), now=now)


def test_opening_again_takes_back_the_verdict_and_keeps_the_history(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)
    flags.resolve(session, flag, by=cast.therapist, outcome="watch", note="Slip of the mouse.", now=now + SOON)

    flags.reopen(session, flag, by=cast.therapist, now=now + 2 * SOON)

    assert (flag.resolved_at, flag.resolved_by_id, flag.outcome, flag.outcome_note) == (None, None, None, "")
    assert _kinds(session, flag) == ["raised", "resolved", "reopened"]
    assert _told(session, cast.therapist.id) == ["flag-raised"]


def test_a_flag_is_not_opened_beside_a_newer_one_of_its_rule(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    old = _raise(session, cast.patient, now, "check_in")
    flags.resolve(session, old, by=cast.therapist, outcome="watch", note="Seen.", now=now)
    newer = _raise(session, cast.patient, now + timedelta(days=1), "book")
    assert newer.id != old.id

    with pytest.raises(Refused, match="newer open flag"):
        flags.reopen(session, old, by=cast.therapist, now=now + timedelta(days=1))
    session.commit()
    session.expire_all()

    assert session.get_one(Flag, old.id).outcome_note == "Seen."


def test_a_closed_flag_is_not_raised_again_from_the_same_level_for_two_weeks(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)
    flags.resolve(session, flag, by=cast.therapist, outcome="false-alarm", note="", now=now)

    quiet = _raise(session, cast.patient, now + timedelta(days=13), on=TODAY + timedelta(days=13))

    assert quiet.id == flag.id and quiet.resolved_at is not None and _count(session) == 1
    assert _told(session, cast.therapist.id) == ["flag-raised"]
    assert _raise(session, cast.patient, now + timedelta(days=15), on=TODAY + timedelta(days=15)).id != flag.id


def test_a_closed_flag_does_not_hold_back_a_more_urgent_one(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)
    flags.resolve(session, flag, by=cast.therapist, outcome="watch", note="", now=now)

    urgent = _raise(session, cast.patient, now + timedelta(days=1), "urgent")

    assert urgent.id != flag.id and urgent.resolved_at is None


def test_a_safety_answer_is_never_quiet(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    screenings.record(session, cast.patient, moment="session", answers={"rf_fever": "yes"}, now=now)
    first = session.scalars(sa.select(Flag)).one()
    flags.resolve(session, first, by=cast.therapist, outcome="contacted", note="", now=now)

    screenings.record(session, cast.patient, moment="session", answers={"rf_fever": "yes"}, now=now + timedelta(days=1))

    assert session.scalars(sa.select(Flag).where(Flag.resolved_at.is_(None))).one().id != first.id


@pytest.fixture
def rising(session: Session) -> makers.Cast:
    """A patient whose pain stood up from a steady 3 to 6 for the last twelve days."""
    cast = makers.cast(session)
    makers.plan(session, cast.patient, weekdays=(0, 2, 4))
    makers.diary(session, cast.patient, until=TODAY, pains=[3, 3, 2, 3, 4, 3, 3] * 6 + [6, 6, 7, 6, 6, 7, 6, 6, 7, 6, 6, 7])
    session.flush()
    return cast


def test_a_risen_diary_raises_one_flag_however_often_it_is_reviewed(session: Session, now: datetime, rising: makers.Cast) -> None:
    for hour in range(3):
        trends.review(session, rising.patient, as_of=TODAY, now=now + timedelta(hours=hour))

    flag = session.scalars(sa.select(Flag).where(Flag.rule == "worsening")).one()
    assert flag.evidence["average_last_10_days"] > flag.evidence["your_usual"] + 2
    assert len(inbox.points(flag.evidence)) >= 5
    assert _kinds(session, flag) == ["raised"]
    assert _told(session, rising.therapist.id).count("flag-raised") == 1


def test_the_same_diary_does_not_raise_again_what_a_therapist_closed(session: Session, now: datetime, rising: makers.Cast) -> None:
    trends.review(session, rising.patient, as_of=TODAY, now=now)
    flag = session.scalars(sa.select(Flag).where(Flag.rule == "worsening")).one()
    flags.resolve(session, flag, by=rising.therapist, outcome="contacted", note="", now=now)

    for day in (0, 1):
        trends.review(session, rising.patient, as_of=TODAY + timedelta(days=day), now=now + timedelta(days=day, hours=1))

    assert session.scalars(sa.select(Flag).where(Flag.rule == "worsening")).one().resolved_at == now
    assert _told(session, rising.therapist.id).count("flag-raised") == 1


def test_silence_is_flagged_and_closes_by_itself_with_the_next_log(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    makers.plan(session, cast.patient)
    makers.diary(session, cast.patient, until=TODAY - timedelta(days=9), pains=[3] * 30)
    trends.review(session, cast.patient, as_of=TODAY, now=now)
    flag = session.scalars(sa.select(Flag).where(Flag.rule == "silence")).one()
    assert flag.evidence["days_silent"] >= 8

    makers.check_in(session, cast.patient, TODAY, pain=3)
    trends.review(session, cast.patient, as_of=TODAY, now=now + timedelta(hours=1), changed_from=TODAY)

    assert (flag.outcome, flag.resolved_by_id) == ("back-to-usual", None)


def _two_desks(session: Session, now: datetime) -> tuple[makers.Cast, Flag, Session, Flag]:
    """A committed flag as two people see it, each in their own database session."""
    cast = makers.cast(session)
    flag = _raise(session, cast.patient, now)
    session.commit()
    other = database.make_session_factory(session.get_bind())()
    theirs = other.get_one(Flag, flag.id)
    other.commit()
    return cast, flag, other, theirs


def test_of_two_therapists_who_close_at_once_the_first_ones_words_stay(session: Session, now: datetime) -> None:
    cast, flag, other, theirs = _two_desks(session, now)
    with other:
        flags.resolve(session, flag, by=cast.therapist, outcome="contacted", note="Mine.", now=now + SOON)
        session.commit()

        with pytest.raises(Refused, match="already closed"):
            flags.resolve(other, theirs, by=cast.lead, outcome="false-alarm", note="Late.", now=now)
        other.rollback()

    session.expire_all()
    kept = session.get_one(Flag, flag.id)
    assert (kept.outcome, kept.outcome_note, kept.resolved_by_id) == ("contacted", "Mine.", cast.therapist.id)
    assert _kinds(session, kept) == ["raised", "resolved"]


def test_of_two_therapists_who_acknowledge_at_once_the_first_is_named(session: Session, now: datetime) -> None:
    cast, flag, other, theirs = _two_desks(session, now)
    with other:
        flags.acknowledge(session, flag, by=cast.therapist, now=now + SOON)
        session.commit()

        flags.acknowledge(other, theirs, by=cast.lead, now=now + 2 * SOON)
        other.commit()

    session.expire_all()
    assert session.get_one(Flag, flag.id).acknowledged_by_id == cast.therapist.id
    assert _kinds(session, flag) == ["raised", "acknowledged"]


def test_a_flag_that_grew_urgent_meanwhile_is_not_put_aside_from_an_old_page(session: Session, now: datetime) -> None:
    cast, flag, other, theirs = _two_desks(session, now)
    with other:
        _raise(session, cast.patient, now, "urgent")
        session.commit()

        with pytest.raises(Refused, match="urgent"):
            flags.snooze(other, theirs, by=cast.therapist, until=TODAY + timedelta(days=2), now=now)
        other.rollback()

    session.expire_all()
    assert session.get_one(Flag, flag.id).snoozed_until is None

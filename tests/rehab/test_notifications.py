"""Is everybody told once, of the right thing, and is no secret kept?"""

import threading
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab import db as database
from rehab.delivery import Outcome
from rehab.models import Account, Flag, Notification, Patient, Plan, PushSubscription
from rehab.notifications import KINDS, words
from rehab.services import notifications
from tests import makers
from tests.conftest import NOW

MAILS = Path(__file__).parent / "mails"
EXAMPLE = {"patient_id": "7d1f", "token": "a-token", "to": "ines@example.invalid", "name": "Ines", "from_name": "Thea Brandt",
           "clinic": "Riverside", "until": "Fri 18 Dec"}  # fmt: skip
#: Words that must not be seen over somebody's shoulder.
HEALTH_WORDS = ("pain", "flag", "hip", "back", "exercise", "rehab", "worse", "symptom", "patient", "health", "urgent", "clinic")


def told(db: Session) -> list[tuple[str, str]]:
    """Who was told what: the name of the account and the kind."""
    query = sa.select(Account.name, Notification.kind).join(Notification, Notification.account_id == Account.id)
    return sorted((name, kind) for name, kind in db.execute(query))


def flag(db: Session, patient: Patient, *, rule: str = "worsening", level: str = "book", answers: list[str] | None = None) -> Flag:
    made = Flag(patient_id=patient.id, rule=rule, level=level, evidence={"answers": answers or []}, raised_on=NOW.date(),
                raised_at=NOW, updated_at=NOW)  # fmt: skip
    db.add(made)
    db.flush()
    return made


def one(db: Session, account: Account, *, key: str = "k", kind: str = "plan-changed", now: datetime = NOW) -> int:
    return notifications.enqueue(db, account, kind, dedupe_key=key, now=now)


def claim(db: Session, *, now: datetime = NOW, worker: str = "one", channel: str = "email") -> Notification | None:
    row = notifications.claim(db, channel=channel, worker=worker, now=now)
    db.commit()
    return row


def test_the_same_key_is_written_once(session: Session) -> None:
    account = makers.account(session)

    assert one(session, account) == 1
    assert one(session, account) == 0
    assert one(session, account, key="other") == 1


def test_each_channel_has_its_own_row(session: Session) -> None:
    account = makers.account(session)

    assert notifications.enqueue(session, account, "worsening", channels=("push", "email"), dedupe_key="k", now=NOW) == 2
    assert notifications.enqueue(session, account, "worsening", channels=("push", "email"), dedupe_key="k", now=NOW) == 0


def test_a_disabled_account_is_told_nothing(session: Session) -> None:
    account = makers.account(session)
    account.disabled_at = NOW

    assert one(session, account) == 0


def test_an_unknown_kind_or_a_link_with_a_hole_is_refused_when_written(session: Session) -> None:
    account = makers.account(session)

    with pytest.raises(KeyError):
        one(session, account, kind="party")
    with pytest.raises(KeyError):
        one(session, account, kind="flag-raised")


def test_a_flag_tells_the_therapist_and_the_patient_and_nobody_else(session: Session) -> None:
    cast = makers.cast(session)

    notifications.announce_flag(session, flag(session, cast.patient), now=NOW)

    assert told(session) == [("Pat Ient", "worsening"), ("Thea", "flag-raised")]


@pytest.mark.parametrize("rule, level, expected", [
    ("flare", "self_manage", [("Pat Ient", "worsening")]),
    ("silence", "self_manage", [("Pat Ient", "silence-nudge")]),
    ("silence", "check_in", [("Pat Ient", "silence-nudge"), ("Thea", "flag-raised")]),
    ("no-improvement", "book", [("Pat Ient", "worsening"), ("Thea", "flag-raised")]),
    ("high-pain", "urgent", [("Pat Ient", "worsening"), ("Thea", "red-flag")]),
    ("red-flag", "book", [("Thea", "red-flag")]),
    ("red-flag", "emergency", [("Thea", "red-flag")]),
])  # fmt: skip
def test_who_hears_what(session: Session, rule: str, level: str, expected: list[tuple[str, str]]) -> None:
    cast = makers.cast(session)

    notifications.announce_flag(session, flag(session, cast.patient, rule=rule, level=level), now=NOW)

    assert told(session) == expected


def test_the_same_flag_and_level_is_told_once_a_higher_level_again(session: Session) -> None:
    cast = makers.cast(session)
    raised = flag(session, cast.patient, level="check_in")

    assert notifications.announce_flag(session, raised, now=NOW) == 2
    assert notifications.announce_flag(session, raised, now=NOW) == 0
    raised.level = "urgent"
    assert notifications.announce_flag(session, raised, now=NOW) == 2


def test_another_safety_answer_on_the_same_level_is_told_again(session: Session) -> None:
    cast = makers.cast(session)
    raised = flag(session, cast.patient, rule="red-flag", level="urgent", answers=["rf_a"])
    notifications.announce_flag(session, raised, now=NOW)

    raised.evidence = {"answers": ["rf_a", "rf_b"]}

    assert notifications.announce_flag(session, raised, now=NOW) == 1


def test_without_a_therapist_only_the_patient_is_told(session: Session) -> None:
    cast = makers.cast(session)

    notifications.announce_flag(session, flag(session, cast.alone), now=NOW)

    assert told(session) == [("Alone", "worsening")]


def test_when_the_therapist_has_left_the_clinic_lead_is_told(session: Session) -> None:
    cast = makers.cast(session)
    cast.therapist.disabled_at = NOW
    session.flush()

    notifications.announce_flag(session, flag(session, cast.patient, rule="red-flag", level="urgent"), now=NOW)

    assert told(session) == [("Lena", "red-flag")]


def test_reminders_off_silences_nudges_but_not_the_advice_to_see_somebody(session: Session) -> None:
    cast = makers.cast(session)
    cast.alone.remind_by_email = cast.alone.remind_by_push = False

    notifications.announce_flag(session, flag(session, cast.alone, rule="silence", level="check_in"), now=NOW)
    notifications.announce_flag(session, flag(session, cast.alone, level="book"), now=NOW)

    assert told(session) == [("Alone", "worsening")]


def test_what_a_night_review_finds_waits_for_the_morning_unless_it_is_urgent(session: Session) -> None:
    cast = makers.cast(session)
    night = NOW.replace(hour=2, minute=10)

    notifications.announce_flag(session, flag(session, cast.alone, rule="silence", level="check_in"), now=night)
    notifications.announce_flag(session, flag(session, cast.alone, rule="high-pain", level="urgent"), now=night)

    due = dict(session.execute(sa.select(Notification.kind, Notification.next_attempt_at)).all())
    assert due == {"silence-nudge": night.replace(hour=9), "worsening": night}


def test_several_changes_of_a_plan_are_told_once(session: Session) -> None:
    cast = makers.cast(session)
    first, second = plan(session, cast.patient, 1), plan(session, cast.patient, 2)

    notifications.announce_plan_change(session, cast.patient, first, now=NOW)
    notifications.announce_plan_change(session, cast.patient, second, now=NOW + timedelta(minutes=2))

    states = session.execute(sa.select(Notification.dedupe_key, Notification.state)).all()
    assert sorted(states) == sorted([(f"plan:{first.id}:email", "cancelled"), (f"plan:{second.id}:email", "pending")])


def test_a_row_is_claimed_once_and_only_when_due(session: Session) -> None:
    account = makers.account(session)
    notifications.enqueue(session, account, "worsening", dedupe_key="k", due_at=NOW + timedelta(hours=1), now=NOW)
    session.commit()

    assert claim(session) is None
    first = claim(session, now=NOW + timedelta(hours=1))
    assert first is not None and (first.state, first.claimed_by, first.attempts) == ("sending", "one", 1)
    assert claim(session, now=NOW + timedelta(hours=1), worker="two") is None


def test_channels_are_claimed_apart(session: Session) -> None:
    account = makers.account(session)
    notifications.enqueue(session, account, "worsening", channels=("email",), dedupe_key="k", now=NOW)
    session.commit()

    assert claim(session, channel="push") is None
    assert claim(session, channel="email") is not None


def test_a_claim_of_a_dead_worker_is_taken_back_after_five_minutes_and_the_dead_cannot_settle(session: Session) -> None:
    one(session, makers.account(session))
    session.commit()
    dead = claim(session)
    assert dead is not None
    session.expunge(dead)

    assert claim(session, now=NOW + timedelta(minutes=5), worker="two") is None
    taken = claim(session, now=NOW + timedelta(minutes=5, seconds=1), worker="two")
    assert taken is not None and taken.attempts == 2

    assert notifications.settle_mail(session, dead, Outcome("sent"), now=NOW) == "lost"
    assert notifications.settle_mail(session, taken, Outcome("sent"), now=NOW) == "sent"


def test_two_workers_never_claim_the_same_row(engine: sa.Engine) -> None:
    sessions = database.make_session_factory(engine)
    with sessions() as db:
        account = makers.account(db)
        for number in range(40):
            one(db, account, key=str(number))
        db.commit()
    claimed: list[tuple[str, uuid.UUID]] = []
    start = threading.Barrier(3)

    def work(worker: str) -> None:
        start.wait()
        with sessions() as db:
            while (row := claim(db, worker=worker)) is not None:
                claimed.append((worker, row.id))

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(claimed) == 40
    assert len({row for _, row in claimed}) == 40


def test_failures_wait_longer_and_longer_and_end_after_six_tries(session: Session) -> None:
    one(session, makers.account(session))
    session.commit()
    now, waits = NOW, []

    for _ in range(6):
        row = claim(session, now=now)
        assert row is not None
        state = notifications.settle_mail(session, row, Outcome("retry", "smtp-451"), now=now)
        session.commit()
        session.refresh(row)
        waits.append((row.next_attempt_at - now) // timedelta(minutes=1))
        now = row.next_attempt_at

    assert waits[:5] == [1, 5, 30, 120, 360]
    assert (state, row.state, row.last_error, row.attempts) == ("failed", "failed", "smtp-451", 6)
    assert claim(session, now=now + timedelta(days=1)) is None


def test_the_other_sides_wish_to_wait_is_honoured(session: Session) -> None:
    one(session, makers.account(session))
    session.commit()
    row = claim(session)
    assert row is not None

    notifications.settle_mail(session, row, Outcome("retry", "x", retry_after_seconds=900), now=NOW)

    session.refresh(row)
    assert row.next_attempt_at == NOW + timedelta(minutes=15)


@pytest.mark.parametrize("outcome", [Outcome("sent"), Outcome("refused", "smtp-550")])
def test_the_token_of_an_invitation_is_forgotten_once_it_was_sent_or_given_up(session: Session, outcome: Outcome) -> None:
    cast = makers.cast(session)
    notifications.announce_invitation(
        session, cast.therapist, invitation_id=uuid.uuid4(), to="new@example.invalid", name="New Person", token="secret-token",
        until="Fri 18 Dec", clinic="Riverside", now=NOW,
    )  # fmt: skip
    session.commit()
    row = claim(session)
    assert row is not None
    prepared = notifications.prepare(session, row, base_url="https://stride.invalid", now=NOW)
    assert prepared.mails[0].to == "new@example.invalid"
    assert "https://stride.invalid/account/invitation/secret-token" in prepared.mails[0].text
    assert prepared.mails[0].text.startswith("Hello New,")

    notifications.settle_mail(session, row, outcome, now=NOW)

    session.refresh(row)
    assert row.payload == {"until": "Fri 18 Dec"}


def test_what_is_too_old_to_help_is_not_sent(session: Session) -> None:
    account = makers.account(session)
    notifications.announce_sign_in_link(session, account, link_id=uuid.uuid4(), token="t", now=NOW)
    session.commit()
    row = claim(session, now=NOW + timedelta(hours=1))
    assert row is not None

    prepared = notifications.prepare(session, row, base_url="http://x", now=NOW + timedelta(hours=1))

    assert (prepared.mails, prepared.reason) == ((), "too-late")


def test_a_browser_that_is_gone_is_forgotten_and_only_the_unreached_are_tried_again(session: Session) -> None:
    account = makers.account(session)
    browsers = []
    for name in ("reached", "gone", "later"):
        browser = PushSubscription(account_id=account.id, endpoint=f"https://push.invalid/{name}", p256dh="k", auth="a", created_at=NOW)
        session.add(browser)
        session.flush()
        browsers.append(browser)
    notifications.enqueue(session, account, "worsening", channels=("push",), dedupe_key="k", now=NOW)
    session.commit()
    row = claim(session, channel="push")
    assert row is not None
    assert len(notifications.prepare(session, row, base_url="http://x", now=NOW).pushes) == 3

    outcomes = dict(zip((b.id for b in browsers), (Outcome("sent"), Outcome("gone"), Outcome("retry")), strict=True))
    assert notifications.settle_pushes(session, row, outcomes, now=NOW) == "pending"
    session.commit()

    later = NOW + timedelta(minutes=1)
    again = claim(session, channel="push", now=later)
    assert again is not None
    left = notifications.prepare(session, again, base_url="http://x", now=later).pushes
    assert [push.endpoint for _, push in left] == ["https://push.invalid/later"]
    assert notifications.settle_pushes(session, again, {left[0][0]: Outcome("sent")}, now=later) == "sent"


def test_push_without_any_browser_is_cancelled(session: Session) -> None:
    account = makers.account(session)
    notifications.enqueue(session, account, "worsening", channels=("push",), dedupe_key="k", now=NOW)
    session.commit()
    row = claim(session, channel="push")
    assert row is not None

    prepared = notifications.prepare(session, row, base_url="http://x", now=NOW)

    assert prepared.reason == "no-browser"
    assert notifications.cancel(session, row, reason=prepared.reason, now=NOW) == "cancelled"


@pytest.fixture(params=sorted(KINDS))
def kind_name(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


def test_every_kind_has_its_templates_and_its_stored_mail(kind_name: str) -> None:
    """When a mail was changed on purpose, delete its two files in tests/rehab/mails, run the test twice, read them."""
    letter = words.letter(KINDS[kind_name], EXAMPLE, name="Ada Lindgren", base_url="https://stride.invalid")

    mails = {
        MAILS / f"{kind_name}.txt": f"Subject: {letter.subject}\n\n{letter.text}",
        MAILS / f"{kind_name}.html": letter.html,
    }
    missing = [file for file in mails if not file.exists()]
    for file in missing:
        file.write_text(mails[file], "utf-8")
    assert not missing, "written now: read them, then run again"
    for file, content in mails.items():
        assert file.read_text("utf-8") == content


def test_every_template_and_stored_mail_belongs_to_a_kind() -> None:
    templates = Path(words.config.ROOT) / "templates" / "emails"

    assert {file.stem for file in templates.iterdir()} - {"layout"} == set(KINDS)
    assert {file.stem for file in MAILS.iterdir()} == set(KINDS)


def test_what_others_may_see_holds_no_word_about_health(kind_name: str) -> None:
    kind = KINDS[kind_name]
    shown = f"{kind.subject} {kind.title} {kind.body}".lower()

    assert [word for word in HEALTH_WORDS if word in shown.replace("therapist", "")] == []


def test_every_mail_is_short_links_back_and_says_why_it_came_and_how_to_switch_it_off(kind_name: str) -> None:
    kind = KINDS[kind_name]
    letter = words.letter(kind, EXAMPLE, name="Ada Lindgren", base_url="https://stride.invalid/")

    link = kind.link(EXAMPLE, base_url="https://stride.invalid")
    assert link in letter.text and link in letter.html
    assert len(letter.text.split()) < 150
    assert kind.because in letter.text and kind.because in letter.html
    assert (kind.settings_path is None) or "switch them off:\nhttps://stride.invalid/me" in letter.text


def test_names_cannot_bring_markup_into_a_mail() -> None:
    evil = EXAMPLE | {"from_name": "<b>x</b><script>alert(1)</script>"}

    assert "<script>" not in words.letter(KINDS["invitation"], evil, name="<i>A</i>", base_url="https://s.invalid").html


def test_a_push_message_is_words_and_a_path() -> None:
    assert words.push(KINDS["session-reminder"], {}) == {
        "title": "Time for your session",
        "body": "A few minutes are enough. Tap to start.",
        "url": "/today",
        "kind": "session-reminder",
        "actions": [{"action": "open", "title": "Open today's session"}],
    }


def plan(db: Session, patient: Patient, version: int) -> Plan:
    made = Plan(
        patient_id=patient.id, version=version, issues=[], program="p", phase=1, phase_started_on=date(2026, 9, 1),
        started_on=date(2026, 9, version), ended_on=date(2026, 9, 2) if version == 1 else None, weekdays=[0], walk={},
        max_minutes=18, content_version="x", made_by_id=patient.account_id, made_at=NOW,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made

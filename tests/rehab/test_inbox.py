"""Does the inbox put first what needs a look first, say why with points, and cost the same for many patients?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from programs.vocabulary import Finding, Severity
from rehab import clock
from rehab.models import Account, Flag, Patient
from rehab.queries import inbox
from rehab.services import flags, notes, patient_days, screenings
from tests import makers

TODAY = date(2026, 11, 18)
RISE = {"your_usual": 3.0, "usual_range": [2.5, 3.5], "average_last_10_days": 6.0, "days_above_range": 8,
        "points": [["2026-11-15", 6.0], ["2026-11-16", None], ["2026-11-17", 7.0]]}  # fmt: skip


def _flag(db: Session, patient: Patient, *, level: Severity = Severity.BOOK, rule: str = "worsening", now: datetime,
          on: date = TODAY, **evidence: Any) -> Flag:  # fmt: skip
    return flags.raise_flag(db, patient, Finding(rule, level, evidence or RISE, "made"), on=on, now=now)


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _many(db: Session, therapist: Account, number: int, now: datetime) -> None:
    for index in range(number):
        patient = makers.patient(db, therapist=therapist, name=f"Person {index}")
        screenings.record(db, patient, moment="intake", answers={"rf_fever": "no"}, now=now)
        makers.diary(db, patient, until=TODAY, pains=[3, 4, 6])
        patient_days.refresh(db, patient, from_on=TODAY - timedelta(days=3), as_of=TODAY)
        _flag(db, patient, now=now)
        notes.add(db, patient, by=therapist, text="Rang.", now=now)


def test_the_order_is_level_then_safety_answers_then_the_most_unusual_then_the_oldest(session: Session, now: datetime) -> None:
    cast = makers.cast(session)

    def somebody(name: str) -> Patient:
        return makers.patient(session, therapist=cast.therapist, name=name)

    early, late = now - timedelta(days=5), now - timedelta(days=1)
    _flag(session, somebody("7 asked to check in"), level=Severity.CHECK_IN, now=early)
    _flag(session, somebody("5 a small rise"), now=early, your_usual=3.0, usual_range=[2.0, 4.0], average_last_10_days=4.5)
    _flag(session, somebody("4 a large rise"), now=late, **RISE)
    _flag(session, somebody("6 nothing to compare, newer"), rule="no-improvement", now=late, weeks=6)
    _flag(session, somebody("2 urgent, newer"), level=Severity.URGENT, rule="high-pain", now=late, days=2)
    _flag(session, somebody("1 urgent, older"), level=Severity.URGENT, rule="high-pain", now=early, days=2)
    screenings.record(session, somebody("0 an emergency answer"), moment="session", answers={"rf_cauda_bowel": "yes"}, now=now)
    screenings.record(session, somebody("3 an answer for the next days"), moment="session", answers={"rf_trauma": "yes"}, now=now)

    found = inbox.build(session, sa.select(Flag), now=now)

    assert [card.patient.name[0] for card in found.open] == list("01234567")


def test_somebody_who_stopped_after_a_rise_comes_before_somebody_who_just_stopped(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    just = makers.patient(session, therapist=cast.therapist, name="Just stopped")
    after = makers.patient(session, therapist=cast.therapist, name="After a rise")
    _flag(session, just, level=Severity.CHECK_IN, rule="silence", now=now, days_silent=12, usual_gap_days=1.5)
    _flag(session, after, level=Severity.CHECK_IN, rule="silence", now=now, days_silent=6, usual_gap_days=1.5, stopped_after_rise=True)

    assert [card.patient.name for card in inbox.build(session, sa.select(Flag), now=now).open] == ["After a rise", "Just stopped"]


def test_a_card_has_the_points_the_rule_saw_the_answers_and_the_last_contact(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    screenings.record(session, cast.patient, moment="intake", answers={"rf_fever": "no", "rf_trauma": "yes"}, now=now - timedelta(days=3))
    _flag(session, cast.patient, now=now - timedelta(days=2), on=TODAY - timedelta(days=2))
    notes.add(session, cast.patient, by=cast.therapist, text="Rang, no answer.", now=now - timedelta(hours=3))

    card = next(card for card in inbox.build(session, sa.select(Flag), now=now).open if card.flag.rule == "worsening")

    assert card.chart is not None
    assert card.chart.rows == (("Sun 15 Nov", "6"), ("Tue 17 Nov", "7"))
    assert [mark.text for mark in card.chart.marks] == ["flag"]
    assert [(answer.answer, answer.positive) for answer in card.answers] == [("yes", True), ("no", False)]
    assert card.last_contact_at == now - timedelta(hours=3)
    assert card.age_days == 2


def test_the_newest_answer_to_a_safety_question_is_the_one_shown(session: Session, now: datetime) -> None:
    patient = makers.cast(session).patient
    screenings.record(session, patient, moment="session", answers={"rf_fever": "yes"}, now=now - timedelta(days=3))
    screenings.record(session, patient, moment="session", answers={"rf_fever": "no"}, now=now)

    assert [answer.answer for answer in inbox.answers_of(session, patient)] == ["no"]


def test_a_flare_that_the_patient_manages_is_not_in_the_inbox(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    _flag(session, cast.patient, level=Severity.SELF_MANAGE, rule="flare", now=now, days=2)

    assert inbox.build(session, sa.select(Flag), now=now).open == ()
    assert inbox.count(session, sa.select(Flag), today=TODAY) == 0


def test_closed_flags_stay_in_sight_for_two_weeks(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    flag = _flag(session, cast.patient, now=now)
    flags.resolve(session, flag, by=cast.therapist, outcome="contacted", note="", now=now)

    assert [f.id for f in inbox.build(session, sa.select(Flag), now=now + timedelta(days=13)).closed] == [flag.id]
    assert inbox.build(session, sa.select(Flag), now=now + timedelta(days=15)).closed == ()


def test_the_number_of_queries_does_not_grow_with_the_number_of_patients(engine: sa.Engine, session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    _many(session, cast.therapist, 2, now)
    session.commit()
    session.expunge_all()
    with counted(engine) as few:
        inbox.build(session, sa.select(Flag), now=now)
    _many(session, session.get_one(Account, cast.therapist.id), 9, now)
    session.commit()
    session.expunge_all()

    with counted(engine) as many:
        found = inbox.build(session, sa.select(Flag), now=now)

    assert len(found.open) == 11
    assert len([s for s in many if "BEGIN" not in s]) == len([s for s in few if "BEGIN" not in s]) <= 8


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """The pages live at the tests' instant too."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def test_the_page_says_why_in_words_and_draws_the_points(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    _flag(app_session, cast.patient, now=at_noon)
    app_session.commit()

    page = makers.browser(app, cast.therapist).get("/therapist/inbox").text

    assert "Inbox: 1 open" in page
    assert "Pain averages 6.0 over the last 10 days against a usual 3.0 (range 2.5 to 3.5); 8 scored days stood above that range." in page
    assert "Tue 17 Nov: 7, higher than usual" in page
    assert "Book an appointment" in page and "none recorded" in page


def test_a_therapist_sees_the_own_caseload_a_lead_the_whole_clinic(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    for patient in (cast.patient, cast.colleagues_patient, cast.outsiders_patient, cast.alone):
        _flag(app_session, patient, now=at_noon)
    app_session.commit()

    def seen(account: Account) -> set[str]:
        page = makers.browser(app, account).get("/therapist/inbox").text
        return {name for name in ("Pat Ient", "Noise", "Far", "Alone") if f">{name}</a>" in page}

    assert seen(cast.therapist) == {"Pat Ient"}
    assert seen(cast.colleague) == {"Noise"}
    assert seen(cast.outsider) == {"Far"}
    assert seen(cast.lead) == {"Pat Ient", "Noise"}


def test_the_page_costs_the_same_for_two_flags_and_for_ten(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    _many(app_session, cast.therapist, 2, at_noon)
    app_session.commit()
    client = makers.browser(app, cast.therapist)
    with counted(app.extensions["rehab_engine"]) as few:
        assert client.get("/therapist/inbox").status_code == 200
    _many(app_session, cast.therapist, 8, at_noon)
    app_session.commit()

    with counted(app.extensions["rehab_engine"]) as many:
        assert "Inbox: 10 open" in client.get("/therapist/inbox").text

    assert len(many) == len(few)


def test_the_buttons_acknowledge_put_aside_close_and_undo(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    flag = _flag(app_session, cast.patient, now=at_noon)
    app_session.commit()
    client, path = makers.browser(app, cast.therapist), f"/therapist/flags/{flag.id}"

    assert client.post(f"{path}/acknowledge").status_code == 303
    assert "seen by Thea" in client.get("/therapist/inbox").text
    client.post(f"{path}/snooze", data={"until": "2026-11-21"})
    aside = client.get("/therapist/inbox").text
    assert "Inbox: 0 open" in aside and "back on Sat 21 Nov" in aside
    client.post(f"{path}/resolve", data={"outcome": "false-alarm", "note": "A long walk."})
    closed = client.get("/therapist/inbox").text
    assert "Closed in the last two weeks" in closed and "A long walk." in closed and "False alarm" in closed
    client.post(f"{path}/reopen")

    assert "Inbox: 1 open" in client.get("/therapist/inbox").text


def test_closing_without_a_verdict_is_refused_beside_the_choice_with_the_note_kept(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    flag = _flag(app_session, cast.patient, now=at_noon)
    app_session.commit()

    answer = makers.browser(app, cast.therapist).post(f"/therapist/flags/{flag.id}/resolve", data={"note": "Typed already"})

    assert answer.status_code == 422
    assert "Choose what became of it." in answer.text and "Typed already" in answer.text


@pytest.mark.parametrize("until", ["", "tomorrow", "2026-11-18", "2027-03-01"])
def test_an_impossible_day_is_refused_beside_the_field(app: Flask, app_session: Session, at_noon: datetime, until: str) -> None:
    cast = makers.cast(app_session)
    flag = _flag(app_session, cast.patient, now=at_noon)
    app_session.commit()
    client = makers.browser(app, cast.therapist)

    answer = client.post(f"/therapist/flags/{flag.id}/snooze", data={"until": until})

    assert answer.status_code == 422
    assert 'id="until-error"' in answer.text
    assert "Inbox: 1 open" in client.get("/therapist/inbox").text


def test_the_second_of_two_who_close_is_told_so(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    flag = _flag(app_session, cast.patient, now=at_noon)
    app_session.commit()
    path = f"/therapist/flags/{flag.id}/resolve"
    makers.browser(app, cast.therapist).post(path, data={"outcome": "contacted"})

    late = makers.browser(app, cast.lead).post(path, data={"outcome": "false-alarm"})

    assert late.status_code == 422 and "already closed" in late.text
    app_session.expire_all()
    assert app_session.get_one(Flag, flag.id).outcome == "contacted"


def test_after_an_action_nobody_is_sent_to_another_site(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    flag = _flag(app_session, cast.patient, now=at_noon)
    app_session.commit()
    client, path = makers.browser(app, cast.therapist), f"/therapist/flags/{flag.id}/acknowledge"

    assert client.post(path, data={"next": "//evil.example"}).location == "/therapist/inbox"
    assert client.post(path, data={"next": f"/therapist/patients/{cast.patient.id}"}).location == f"/therapist/patients/{cast.patient.id}"


@pytest.mark.parametrize("action", ["acknowledge", "resolve", "snooze", "reopen"])
def test_somebody_elses_flag_does_not_exist(app: Flask, app_session: Session, at_noon: datetime, action: str) -> None:
    cast = makers.cast(app_session)
    flag = _flag(app_session, cast.patient, now=at_noon)
    app_session.commit()

    for account in (cast.colleague, cast.outsider, cast.patient.account):
        data = {"outcome": "false-alarm", "until": "2026-11-20"}
        assert makers.browser(app, account).post(f"/therapist/flags/{flag.id}/{action}", data=data).status_code == 404
    app_session.expire_all()

    assert (flag.outcome, flag.snoozed_until, flag.acknowledged_at) == (None, None, None)

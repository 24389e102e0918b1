"""Do the patient's pages hold in every state: new, full, blocked, paused?"""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from programs import catalogue
from rehab import clock
from rehab.services import patient_days, screenings
from tests import makers

PAGES = ("/today", "/plan", "/plan/print", "/progress", "/learn", "/me", "/session", "/check-in", "/act-now", "/letter", "/issues",
         "/start", "/start/safety", "/start/safety-net", "/start/questions/1")  # fmt: skip


def test_every_page_opens_for_a_patient_with_a_history(app: Flask, app_session: Session) -> None:
    patient = makers.cast(app_session).patient
    plan = makers.plan(app_session, patient)
    today = clock.local_date(clock.now(), patient.time_zone)
    makers.diary(app_session, patient, until=today, pains=[4, 3, None, 5, 4, 3, 3, 2, None, 3] * 3)
    makers.exercise_session(app_session, plan, today)
    patient_days.rebuild(app_session, patient, as_of=today)
    app_session.commit()
    client = makers.browser(app, patient.account)

    answers = {page: client.get(page) for page in PAGES}

    assert {page: a.status_code for page, a in answers.items() if a.status_code != 200} == {}
    for page, answer in answers.items():
        assert " style=" not in answer.text and "onclick" not in answer.text, page


def test_a_newcomer_is_led_to_the_safety_questions(app: Flask, app_session: Session) -> None:
    patient = makers.cast(app_session).alone
    app_session.commit()
    client = makers.browser(app, patient.account)

    assert client.get("/today").location == "/start/safety"
    assert client.get("/start/plan/hip-osteoarthritis").location == "/start/safety"


def test_every_issue_and_factor_has_a_page_and_a_plan_page(app: Flask, app_session: Session, now: datetime) -> None:
    patient = makers.cast(app_session).alone
    screenings.record(app_session, patient, moment="intake", answers={"rf_fever": "no"}, now=now)
    app_session.commit()
    client = makers.browser(app, patient.account)

    for slug in [*catalogue.issues(), *catalogue.factors()]:
        assert client.get(f"/issues/{slug}").status_code == 200, slug
        assert client.get(f"/start/plan/{slug}").status_code == 200, slug
    for slug in catalogue.cards():
        assert client.get(f"/learn/{slug}").status_code == 200, slug


@pytest.mark.parametrize("path", ["/issues/nothing", "/learn/nothing", "/start/plan/nothing", "/start/questions/99", "/start/questions/0"])
def test_an_unknown_page_is_a_kind_404(app: Flask, app_session: Session, path: str, now: datetime) -> None:
    patient = makers.cast(app_session).alone
    screenings.record(app_session, patient, moment="intake", answers={"rf_fever": "no"}, now=now)
    app_session.commit()

    answer = makers.browser(app, patient.account).get(path)

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_a_pause_excuses_today_and_ends_with_one_tap(app: Flask, app_session: Session) -> None:
    patient = makers.cast(app_session).patient
    makers.plan(app_session, patient, weekdays=(0, 1, 2, 3, 4, 5, 6), now=clock.now() - timedelta(days=9))
    app_session.commit()
    client = makers.browser(app, patient.account)

    client.post("/me/pause", data={"reason": "holiday", "to_on": ""})
    assert "Paused since" in client.get("/me").text
    client.post("/me/resume")

    assert "Paused since" not in client.get("/me").text


def test_a_pause_that_ends_in_the_past_is_refused_beside_the_field(app: Flask, app_session: Session) -> None:
    patient = makers.cast(app_session).patient
    makers.plan(app_session, patient)
    app_session.commit()

    answer = makers.browser(app, patient.account).post("/me/pause", data={"reason": "holiday", "to_on": "2020-01-01"})

    assert answer.status_code == 422
    assert "today or later" in answer.text


def test_a_body_that_is_too_large_is_refused(app: Flask, app_session: Session) -> None:
    patient = makers.cast(app_session).patient
    app_session.commit()
    client = makers.browser(app, patient.account)

    assert client.post("/me", data={"time_zone": "x" * 400_000}).status_code == 413

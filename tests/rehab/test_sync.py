"""What may go wrong between a phone and us, and what becomes of each record?"""

from __future__ import annotations

import json
import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from rehab import clock, config, create_app
from rehab.models import CheckIn, ExerciseSession, Flag, Patient, PatientDay, Plan, Screening
from rehab.schemas import sync as schemas
from rehab.services import record_batches
from tests import makers
from tests.conftest import NOW


def a_session(plan: Plan, *, days_ago: int = 0, **values: Any) -> dict[str, Any]:
    """A session as the phone writes it, by default of today."""
    at = clock.now() - timedelta(days=days_ago)
    return {
        "kind": "exercise_session", "schema": 1, "id": str(uuid.uuid4()), "plan_id": str(plan.id), "performed_at": at.isoformat(),
        "performed_on": str(at.date()), "time_zone": "Europe/London", "status": "done", "skip_reason": None, "pain_nprs_before": 3,
        "pain_nprs_worst": 4, "pain_nprs_after": 2, "effort_cr10": None, "note": "", "corrects_id": None, "exercises": [], **values,
    }  # fmt: skip


def a_check_in(*, days_ago: int = 0, **values: Any) -> dict[str, Any]:
    """A check-in as the phone writes it."""
    at = clock.now() - timedelta(days=days_ago)
    return {
        "kind": "check_in", "schema": 1, "id": str(uuid.uuid4()), "performed_at": at.isoformat(), "performed_on": str(at.date()),
        "time_zone": "Europe/London", "pain_nprs_usual": 4, "pain_nprs_walk": None, "pain_nprs_morning": None, "sleep_0_10": None,
        "walking_minutes": None, "flare": False, "note": "", "corrects_id": None, **values,
    }  # fmt: skip


def a_screening(**answers: str) -> dict[str, Any]:
    """Safety answers as the phone writes them."""
    return {
        "kind": "screening", "schema": 1, "id": str(uuid.uuid4()), "performed_at": clock.now().isoformat(),
        "performed_on": str(clock.now().date()), "time_zone": "Europe/London", "moment": "session", "answers": answers,
        "content_version": "x", "acknowledged_at": None,
    }  # fmt: skip


@pytest.fixture
def patient(app_session: Session) -> Patient:
    """A patient of a therapist, with a plan."""
    made = makers.cast(app_session).patient
    made.plan = makers.plan(app_session, made)
    app_session.commit()
    return made


@pytest.fixture
def phone(app: Flask, patient: Patient) -> FlaskClient:
    """The patient's phone, signed in."""
    return makers.browser(app, patient.account)


def send(phone: FlaskClient, *records: Any, **more: Any) -> list[tuple[str, str | None]]:
    """Sync and give each record's outcome and code."""
    answer = phone.post("/api/v1/sync", json={"records": list(records), **more})
    assert answer.status_code == 200, answer.text
    return [(result["outcome"], result["code"]) for result in answer.json["results"]]


def test_records_are_created_once_and_a_repeat_changes_nothing(phone: FlaskClient, patient: Patient, app_session: Session) -> None:
    records = [a_session(patient.plan), a_check_in(), a_screening(rf_fever="no")]

    assert send(phone, *records) == [("created", None)] * 3
    assert send(phone, *records) == [("unchanged", None)] * 3
    assert send(phone, records[1], records[1]) == [("unchanged", None)] * 2
    assert app_session.scalar(sa.select(sa.func.count()).select_from(ExerciseSession)) == 1
    assert app_session.scalar(sa.select(sa.func.count()).select_from(CheckIn)) == 1


def test_the_same_record_twice_in_one_batch_is_kept_once(phone: FlaskClient, app_session: Session) -> None:
    record = a_check_in()
    assert send(phone, record, record) == [("created", None), ("unchanged", None)]
    assert app_session.scalar(sa.select(sa.func.count()).select_from(CheckIn)) == 1


def test_a_bad_record_does_not_block_the_good_ones(phone: FlaskClient, patient: Patient) -> None:
    results = send(
        phone, a_session(patient.plan), 7, None, {}, {"kind": "poem"}, a_session(patient.plan, pain_nprs_worst=11), a_check_in(sleep="x"),
        a_check_in(time_zone="Mars/Olympus"), a_session(patient.plan, plan_id=str(uuid.uuid4())), a_check_in(note="a\x00b"),
        a_check_in(days_ago=-3), a_check_in(days_ago=500), a_check_in(note="x" * 2001), a_check_in(id="1"), a_check_in(),
    )  # fmt: skip

    assert [outcome for outcome, _ in results] == ["created"] + ["rejected"] * 13 + ["created"]
    assert results[8][1] == "unknown-plan" and results[10][1] == "future" and results[11][1] == "too-old"


def test_nobody_can_log_for_or_learn_about_another_persons_plan_or_records(app: Flask, patient: Patient, phone: FlaskClient, app_session: Session) -> None:
    own = a_check_in()
    assert send(phone, own) == [("created", None)]
    stranger = makers.patient(app_session, name="Stranger")
    app_session.commit()
    other = makers.browser(app, stranger.account)

    assert send(other, own) == [("rejected", "id-reused")]
    assert send(other, a_check_in(corrects_id=own["id"])) == [("rejected", "unknown-record")]
    assert send(other, a_session(patient.plan)) == [("rejected", "unknown-plan")]
    assert other.post("/api/v1/sync", json={"account_id": str(patient.account_id), "records": []}).status_code == 409


def test_the_same_id_with_other_content_is_refused_and_the_first_stays(phone: FlaskClient, app_session: Session) -> None:
    first = a_check_in(pain_nprs_usual=2)
    send(phone, first)
    assert send(phone, first | {"pain_nprs_usual": 9}) == [("rejected", "id-reused")]
    assert app_session.scalar(sa.select(CheckIn.pain_nprs_usual)) == 2


def test_a_correction_replaces_and_keeps_the_old_one(phone: FlaskClient, patient: Patient, app_session: Session) -> None:
    first = a_session(patient.plan, pain_nprs_worst=9)
    second = a_session(patient.plan, pain_nprs_worst=1, corrects_id=first["id"])
    third = a_session(patient.plan, corrects_id=first["id"])
    assert send(phone, first, second) == [("created", None)] * 2

    rows = {row.pain_nprs_worst: row.superseded for row in app_session.scalars(sa.select(ExerciseSession))}
    app_session.rollback()  # a look holds SQLite's lock until it ends (docs/adr/0002)
    assert rows == {9: True, 1: False}
    assert send(phone, third) == [("rejected", "already-corrected")]


def test_a_safety_answer_from_the_phone_blocks_and_raises_a_flag_in_the_same_breath(phone: FlaskClient, patient: Patient, app_session: Session) -> None:
    before = phone.get("/api/v1/plan").headers["ETag"]
    assert send(phone, a_screening(rf_cauda_bladder="yes")) == [("created", None)]

    app_session.refresh(patient)
    assert patient.block == "all"
    assert app_session.scalar(sa.select(Flag.level).where(Flag.patient_id == patient.id)) == "emergency"
    app_session.rollback()
    answer = phone.get("/api/v1/plan", headers={"If-None-Match": before})
    assert answer.status_code == 200 and answer.json["block"] == "all"


def test_an_old_safety_answer_still_blocks(phone: FlaskClient, patient: Patient, app_session: Session) -> None:
    old = a_screening(rf_cauda_bladder="yes") | {"performed_at": "2020-01-01T08:00:00+00:00", "performed_on": "2020-01-01"}
    assert send(phone, old) == [("created", None)]
    app_session.refresh(patient)
    assert patient.block == "all"


def test_days_follow_what_arrives_late(phone: FlaskClient, patient: Patient, app_session: Session) -> None:
    planned = next(days for days in range(1, 8) if (clock.now() - timedelta(days=days)).weekday() in (0, 2, 4))
    send(phone, a_session(patient.plan, days_ago=planned))
    day = (clock.now() - timedelta(days=planned)).date()
    assert app_session.scalar(sa.select(PatientDay.state).where(PatientDay.patient_id == patient.id, PatientDay.on_day == day)) == "done"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'{"records": 1}', b'{"records": [NaN]}', b"[" * 5000])
def test_what_is_not_a_batch_gets_a_problem_in_words(phone: FlaskClient, body: bytes) -> None:
    answer = phone.post("/api/v1/sync", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json" and answer.json["detail"]


def test_too_much_is_refused(phone: FlaskClient) -> None:
    assert phone.post("/api/v1/sync", json={"records": [a_check_in() for _ in range(51)]}).status_code == 413
    assert phone.post("/api/v1/sync", data=b'{"records": ["' + b"x" * 300_000 + b'"]}', content_type="application/json").status_code == 413


def test_other_sites_and_other_people_are_kept_out(app: Flask, phone: FlaskClient, app_session: Session) -> None:
    assert makers.browser(app).post("/api/v1/sync", json={"records": []}).status_code == 401
    assert phone.post("/api/v1/sync", json={"records": []}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    therapist = makers.account(app_session, "therapist", clinic=makers.clinic(app_session))
    app_session.commit()
    assert makers.browser(app, therapist).post("/api/v1/sync", json={"records": []}).status_code == 404


def test_a_phone_that_never_stops_is_slowed_down(app: Flask, patient: Patient, tmp_path: Any) -> None:
    strict = create_app(config.Config(data_folder=tmp_path, demo=True, rate_limits=True))
    phone = makers.browser(strict, patient.account)
    codes = [phone.post("/api/v1/sync", json={"records": []}).status_code for _ in range(122)]
    strict.extensions["rehab_engine"].dispose()
    assert set(codes[:120]) == {200} and codes[-1] == 429


def test_the_plan_answers_304_until_it_changes_and_holds_no_name(phone: FlaskClient, patient: Patient) -> None:
    first = phone.get("/api/v1/plan")
    again = phone.get("/api/v1/plan", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert first.json["plan_id"] == str(patient.plan.id) and first.json["exercises"]
    assert patient.name not in first.text and patient.account.email not in first.text and "osteoarthritis" not in first.text.lower()


@pytest.mark.parametrize("path", ["/session", "/check-in", "/act-now", "/offline", "/today"])
def test_the_shells_on_the_phone_hold_nothing_personal(phone: FlaskClient, patient: Patient, path: str) -> None:
    page = phone.get(path)
    assert page.status_code == 200
    assert patient.name not in page.text and patient.account.email not in page.text and str(patient.id) not in page.text


def test_the_app_can_be_installed(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest").json
    assert manifest["display"] == "standalone" and manifest["start_url"] == "/today" and manifest["id"] == "/"
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} >= {("192x192", "any"), ("512x512", "maskable")}
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200
    worker = client.get("/service-worker.js")
    facts = json.loads(worker.text.split("\n", 1)[0].removeprefix("self.FACTS = ").removesuffix(";"))
    assert worker.headers["Cache-Control"] == "no-cache" and facts["version"]
    for asset in facts["assets"]:
        assert client.get(asset).status_code == 200


@given(st.integers(0, 2**31), st.integers(1, 12))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_again_or_cut_off_every_record_is_kept_exactly_once(session: Session, seed: int, many: int) -> None:
    """A phone sends its outbox in any batches; answers get lost; it sends again until each id was named."""
    chance = random.Random(seed)
    session.rollback()
    patient = makers.patient(session, name="Property")
    plan = makers.plan(session, patient)
    raws = [chance.choice([lambda day: a_check_in(days_ago=day), lambda day: a_session(plan, days_ago=day)])(day) for day in range(many)]
    outbox = {raw["id"]: raw for raw in raws}
    while outbox:
        batch = chance.sample(sorted(outbox), chance.randint(1, len(outbox)))
        outcomes, _ = record_batches.save(session, patient, [schemas.load(outbox[key]) for key in batch], now=max(NOW, clock.now()))
        if chance.random() < 0.3:
            continue  # the answer was lost: the phone knows nothing and will send these again
        for key, outcome in zip(batch, outcomes, strict=True):
            assert outcome.outcome in {"created", "unchanged"}
            del outbox[key]

    kept = [row.id for model in (ExerciseSession, CheckIn) for row in session.scalars(sa.select(model).where(model.patient_id == patient.id))]
    assert sorted(str(key) for key in kept) == sorted(raw["id"] for raw in raws)
    assert session.scalar(sa.select(sa.func.count()).select_from(Screening).where(Screening.patient_id == patient.id)) == 1
    session.rollback()

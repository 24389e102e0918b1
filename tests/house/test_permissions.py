"""Who may open what? Every route of the app × every role, generated from the URL map.

A new view must be put into exactly one audience here, or the test fails.
"""

import uuid

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import makers

#: Open to everybody by design.
PUBLIC = {
    "account.sign_in", "account.sign_up", "account.sign_out", "account.sign_out_everywhere", "account.demo",
    "account.invitation", "account.mailbox", "account.mail", "account.settings", "patient.home", "patient.act_now",
    "patient.learn", "patient.card", "pwa.manifest", "pwa.service_worker", "assets.hashed", "assets.by_name",
    "health.healthz", "health.readyz",
}  # fmt: skip
AUDIENCES = {"patient": {"patient"}, "api": {"patient"}, "therapist": {"therapist", "lead"}, "clinic": {"lead"}}
ROLES = ("nobody", "patient", "therapist", "lead")


def _routes(app: Flask) -> list[tuple[str, str, str]]:
    values = {"path": "x", "slug": "hip-osteoarthritis", "token": "none", "key": "none", "step": 1, "digest": "x", "name": "x"}
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            given = {name: values.get(name, uuid.uuid4()) for name in rule.arguments}
            path = app.url_map.bind("localhost").build(rule.endpoint, given, method=min(rule.methods - {"HEAD", "OPTIONS"}))
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                found.append((method, rule.endpoint, path))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_route_is_closed_to_every_other_role(app: Flask, app_session: Session, role: str) -> None:
    cast = makers.cast(app_session)
    app_session.commit()
    people = {"patient": cast.patient.account, "therapist": cast.therapist, "lead": cast.lead, "nobody": None}
    routes = [route for route in _routes(app) if route[1] not in PUBLIC]
    assert len(routes) > 40

    wrong = []
    for method, endpoint, path in routes:
        if role in AUDIENCES[endpoint.split(".")[0]]:
            continue
        client = makers.browser(app, people[role])
        answer = client.open(path, method=method)
        allowed = {404} if role != "nobody" else {302, 401}
        if answer.status_code not in allowed or (answer.status_code == 302 and "/account/sign-in" not in answer.location):
            wrong.append((method, path, answer.status_code))

    assert wrong == []


def test_every_url_is_kebab_case_and_every_view_has_an_audience(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        fixed = "".join(part for part in rule.rule.split("/") if not part.startswith("<"))
        assert fixed == fixed.lower() and "_" not in fixed, rule.rule
        assert rule.endpoint in PUBLIC or rule.endpoint.split(".")[0] in AUDIENCES, rule.endpoint


@pytest.mark.parametrize("who", ["outsider", "colleague"])
def test_an_outsider_gets_404_for_a_patients_pages(app: Flask, app_session: Session, who: str) -> None:
    cast = makers.cast(app_session)
    app_session.commit()
    client = makers.browser(app, getattr(cast, who))
    own = makers.browser(app, cast.therapist)
    routes = [r for r in _routes(app) if r[1].startswith("therapist.") and "GET" in r[0]]
    patient_pages = [rule for rule in app.url_map.iter_rules() if "patient_id" in rule.arguments and "GET" in rule.methods]
    assert routes and len(patient_pages) >= 3

    for rule in patient_pages:
        path = rule.rule.replace("<uuid:patient_id>", str(cast.patient.id))
        if "<" in path:  # one letter of the patient: its own tests look at it
            continue
        assert client.get(path).status_code == 404, path
        assert own.get(path).status_code in {200, 302}, path

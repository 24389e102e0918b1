"""Does signing in let in who belongs and nobody else?"""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from rehab import config, create_app
from rehab.models import Account, Patient
from tests import makers

FORM = {"name": "Ada Lindgren", "email": "Ada@Example.invalid", "password": "three small words", "adult": "yes", "consent": "yes"}


def test_a_wrong_password_says_so_beside_the_field_and_keeps_the_address(client: FlaskClient) -> None:
    answer = client.post("/account/sign-in", data={"email": "who@example.invalid", "password": "nope"})

    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert 'value="who@example.invalid"' in answer.text


def test_signing_up_leads_to_the_safety_questions(client: FlaskClient, app_session: Session) -> None:
    answer = client.post("/account/sign-up", data=FORM)

    assert answer.status_code == 303
    assert answer.location == "/start/safety"
    assert app_session.query(Account).one().email == "ada@example.invalid"
    assert app_session.query(Patient).one().name == "Ada Lindgren"


def test_an_address_can_be_used_once(client: FlaskClient, app: Flask) -> None:
    makers.browser(app).post("/account/sign-up", data=FORM)

    answer = client.post("/account/sign-up", data=FORM)

    assert answer.status_code == 422
    assert "already an account" in answer.text
    assert 'value="Ada Lindgren"' in answer.text


def test_every_sign_up_field_has_a_clear_error(client: FlaskClient) -> None:
    answer = client.post("/account/sign-up", data={"name": "x" * 200, "email": "not-an-address", "password": "short"})

    for words in ("at most 120", "does not look like", "At least 10 characters", "for adults", "consent"):
        assert words in answer.text


def test_sign_out_everywhere_ends_the_other_browser_at_once(app: Flask, app_session: Session) -> None:
    cast = makers.cast(app_session)
    app_session.commit()
    one, two = makers.browser(app, cast.therapist), makers.browser(app, cast.therapist)
    assert two.get("/account/settings").status_code == 200

    one.post("/account/sign-out-everywhere")

    assert two.get("/account/settings").status_code == 302


def test_a_write_from_another_site_is_refused(app: Flask) -> None:
    client = app.test_client()

    assert client.post("/account/sign-in", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/account/sign-in", headers={"Origin": "http://evil.invalid"}).status_code == 403
    assert client.post("/account/sign-in").status_code == 403


def test_the_next_address_never_leaves_the_site(app: Flask, app_session: Session) -> None:
    cast = makers.cast(app_session)
    app_session.commit()
    client = makers.browser(app)

    for target in ("//evil.invalid/x", "http://evil.invalid", "/\\evil.invalid"):
        form = {"email": cast.lead.email, "password": makers.PASSWORD, "next": target}
        answer = client.post("/account/sign-in", data=form)
        assert answer.location == "/clinic/dashboard"


def test_demo_buttons_do_not_exist_outside_the_demo(app: Flask, tmp_path) -> None:
    real = create_app(config.Config(data_folder=tmp_path, demo=False))

    answer = makers.browser(real).post("/account/demo/therapist")

    assert answer.status_code == 404


def test_many_tries_are_slowed_down(sqlite_engine, tmp_path) -> None:
    strict = create_app(config.Config(data_folder=tmp_path, rate_limits=True))
    client = makers.browser(strict)
    form = {"email": "who@example.invalid", "password": "nope"}

    codes = [client.post("/account/sign-in", data=form).status_code for _ in range(12)]

    assert codes[:10] == [422] * 10
    assert codes[11] == 429

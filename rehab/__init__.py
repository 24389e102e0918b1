"""The web app around the clinical brain. ``create_app`` reads top to bottom."""

from __future__ import annotations

from flask import Flask, g
from flask_login import LoginManager

from rehab import assets, clock, config, db, error_pages, formatting, limits, models, secret_keys  # noqa: F401
from rehab.edge import security


def create_app(settings: config.Config | None = None) -> Flask:
    """The whole web application. Reads the settings from the environment unless some are given."""
    settings = settings or config.from_env()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, template_folder=str(config.ROOT / "templates"), static_folder=None)
    app.config["REHAB"] = settings
    engine = db.make_engine(settings.url)
    app.extensions["rehab_engine"] = engine
    app.extensions["rehab_sessions"] = db.make_session_factory(engine)

    app.secret_key = settings.secret_key or secret_keys.cookie_key(settings.data_folder)
    app.config.update(
        SESSION_COOKIE_NAME="stride", SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies, PERMANENT_SESSION_LIFETIME=90 * 86400,
        SESSION_REFRESH_EACH_REQUEST=False,
    )  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset_url=assets.asset_url, import_map=assets.import_map, demo=settings.demo)

    app.teardown_appcontext(_close_database)
    security.register(app)
    formatting.register(app)
    error_pages.register(app)
    _register_sign_in(app)
    _register_blueprints(app)
    return app


def _close_database(_error: BaseException | None) -> None:
    session = g.pop("db", None)
    if session is not None:
        session.close()


def _register_sign_in(app: Flask) -> None:
    from rehab.web import sign_in

    manager = LoginManager()
    manager.init_app(app)
    manager.session_protection = None  # our own rows end sessions; an address change must not
    manager.request_loader(lambda _request: None)
    manager.user_loader(sign_in.load)


def _register_blueprints(app: Flask) -> None:
    from rehab import api
    from rehab.web import account, clinic, health, patient, pwa, therapist

    for module in (assets, health, pwa, account, patient, therapist, clinic, api):
        app.register_blueprint(module.blueprint)

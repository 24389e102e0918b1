"""Is the process up, and can it do its work?"""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from rehab import clock, schema_version
from rehab.edge.scopes import db
from rehab.models import Heartbeat

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "up"})


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Database reachable, migrations current, and how long ago a worker was last heard."""
    answer: dict[str, object] = {"database": False, "migrations": None, "worker_heartbeat_age_seconds": None}
    try:
        answer["migrations"] = schema_version.is_current(current_app.extensions["rehab_engine"])
        answer["database"] = True
        last = db().scalar(sa.select(sa.func.max(Heartbeat.at)))
    except SQLAlchemyError:
        return jsonify(answer | {"status": "not ready"}), 503
    if last is not None:
        answer["worker_heartbeat_age_seconds"] = round((clock.now() - last).total_seconds(), 1)
    ready = bool(answer["migrations"])
    return jsonify(answer | {"status": "ready" if ready else "not ready"}), 200 if ready else 503

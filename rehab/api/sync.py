"""How does the phone hand over what it logged?

Each record gets its own answer, so that one bad record never holds back a good one. The account
that made the records may be named: a phone that changed hands must not log for somebody else.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Response, jsonify, request
from flask_login import current_user

from rehab import clock, limits
from rehab.api import blueprint
from rehab.edge.scopes import config, db, me
from rehab.errors import Refused
from rehab.schemas import sync as schemas
from rehab.services import day_logs, record_batches
from rehab.services.day_logs import Outcome

MAX_RECORDS = 50
#: A phone that was away for two weeks sends a handful of batches; a broken one must not send for ever.
TRIES = 120


@blueprint.post("/sync")
def sync() -> Response:
    """Save a batch of at most 50 records and answer each by its id."""
    body = _body()
    patient, now = me(), clock.now()
    if config().rate_limits:
        limits.count(db(), f"sync:{current_user.id}", limit=TRIES, seconds=300, now=now)
    if body.get("account_id") not in (None, str(current_user.id)):
        raise Refused("other-account", "These records were made by another account on this phone.", status=409)
    judged = [_loaded(raw) for raw in body["records"]]
    good = [data for data in judged if isinstance(data, dict)]
    outcomes, plan_version = record_batches.save(db(), patient, good, now=now)
    db().commit()
    saved = iter(outcomes)
    results = [
        _answer(raw, next(saved) if isinstance(data, dict) else data)
        for raw, data in zip(body["records"], judged, strict=True)
    ]
    return jsonify({"results": results, "plan_version": plan_version})


def _body() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data(cache=False), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("not-json", "The body must be JSON.", status=400) from error
    if not isinstance(body, dict) or not isinstance(body.get("records"), list):
        raise Refused("no-records", "The body must be an object with a list of records.", status=400)
    if len(body["records"]) > MAX_RECORDS:
        raise Refused("too-many-records", f"At most {MAX_RECORDS} records at once.", status=413)
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _loaded(raw: Any) -> dict[str, Any] | Outcome:
    try:
        return schemas.load(raw)
    except ValueError as error:
        return day_logs.rejected("invalid", str(error))


def _answer(raw: Any, outcome: Outcome) -> dict[str, Any]:
    known_id = raw.get("id") if isinstance(raw, dict) else None
    return {"id": known_id if isinstance(known_id, str) else None, **outcome._asdict()}

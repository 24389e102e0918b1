"""What does the phone keep to live a day without network?"""

from __future__ import annotations

import hashlib
import json

from flask import Response, request

from rehab import clock
from rehab.api import blueprint
from rehab.edge.scopes import db, me
from rehab.queries import phone_plan


@blueprint.get("/plan")
def plan() -> Response:
    """The plan JSON with a strong ETag; 304 when the phone has it already."""
    text = json.dumps(phone_plan.build(db(), me(), now=clock.now()), ensure_ascii=False, separators=(",", ":"))
    response = Response(text, mimetype="application/json")
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response

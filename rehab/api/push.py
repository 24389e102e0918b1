"""How does a browser agree to be told, and with which key?"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from flask_login import current_user

from rehab import clock
from rehab.api import blueprint
from rehab.delivery import webpush
from rehab.edge.scopes import config, db
from rehab.errors import Refused
from rehab.services import push_subscriptions


@blueprint.get("/push-key")
def push_key() -> Response:
    """The public key that a browser subscribes with."""
    keys = webpush.ensure_keys(db())
    db().commit()
    return jsonify({"key": keys.public})


@blueprint.post("/push-subscriptions")
def add_push_subscription() -> tuple[Response, int]:
    """Remember this browser; the body is what ``PushSubscription.toJSON()`` gives."""
    body = _body()
    keys = body.get("keys") if isinstance(body.get("keys"), dict) else {}
    push_subscriptions.subscribe(
        db(), current_user.account, endpoint=_text(body, "endpoint"), p256dh=_text(keys, "p256dh"), auth=_text(keys, "auth"),
        hosts=config().push_hosts, now=clock.now(),
    )  # fmt: skip
    db().commit()
    return jsonify({"subscribed": True}), 201


@blueprint.delete("/push-subscriptions")
def remove_push_subscription() -> tuple[str, int]:
    """Forget this browser. Asking twice is fine."""
    push_subscriptions.unsubscribe(db(), current_user.account, endpoint=_text(_body(), "endpoint"), now=clock.now())
    db().commit()
    return "", 204


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused("not-an-object", "The body must be a JSON object.", status=400)
    return body


def _text(values: Any, name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value or "\x00" in value:
        raise Refused("missing", f"{name} must be a text.", field=name)
    return value

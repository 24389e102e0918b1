"""What does a person, or a program, see when something is refused or broken?"""

from __future__ import annotations

import logging
import traceback

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from rehab.errors import Refused

log = logging.getLogger("rehab.web")
WORDS = {
    400: ("That did not arrive in one piece", "Please go back and try again."),
    403: ("This request came from somewhere else", "Open the page again and retry from there."),
    404: ("There is nothing here", "The page may have moved, or it is not yours to see."),
    405: ("That cannot be done here", "Please go back and use the buttons of the page."),
    413: ("That is too large", "Please send less at once."),
    429: ("That was a lot of tries", "Please wait a minute and try again. Nothing you logged is lost."),
    500: ("Something broke on our side", "We noted it. What you logged is safe; please try again."),
}


def register(app: Flask) -> None:
    """Turn refusals and failures into pages or problem JSON, once for the whole app."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, code: str, detail: str) -> Response:
    """An RFC 9457 problem."""
    response = jsonify({"type": f"about:blank#{code}", "title": code, "status": status, "detail": detail})
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    title, advice = WORDS.get(status, (error.name, ""))
    if error.response is not None:
        return error.get_response()  # type: ignore[return-value]
    if _wants_json():
        response = problem(status, error.name.lower().replace(" ", "-"), title + ". " + advice)
    else:
        response = Response(render_template("errors/error.html", status=status, title=title, advice=advice), status)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _refused(error: Refused) -> Response:
    if _wants_json():
        return problem(error.status, error.code, error.message)
    return Response(render_template("errors/error.html", status=error.status, title=error.message, advice=""), error.status)


def _unexpected(error: Exception) -> Response:
    # The message may hold what a person typed, so only where it happened is kept.
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    log.error("unexpected %s in %s %s: %s", type(error).__name__, request.method, request.endpoint, where)
    return _http_error(InternalServerError())

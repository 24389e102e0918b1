"""Which requests are let in, and which headers go out?

Cross-site writes are refused by ``Sec-Fetch-Site`` and ``Origin``: nothing to grow stale on a phone
that was offline for two weeks. The content policy allows no inline script or style.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask_login import current_user

MAX_BODY = 256 * 1024
SAFE = {"GET", "HEAD", "OPTIONS"}


def register(app: Flask) -> None:
    """Guard every request of the app."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.before_request(_refuse_other_sites)
    app.after_request(_headers)
    app.add_template_global(csp_nonce)


def csp_nonce() -> str:
    """The one-time word that lets our own import map run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(12)
    return g.csp_nonce


def require_role(*roles: str) -> Response | None:
    """The guard of a blueprint: sign in first; another audience's pages do not exist for you."""
    if not current_user.is_authenticated:
        if request.path.startswith("/api/"):
            abort(401)
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))  # type: ignore[return-value]
    if current_user.role not in roles:
        abort(404)
    return None


def is_local_path(target: str | None) -> bool:
    """Whether a "next" address stays on this site."""
    return target is not None and target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target


def _refuse_other_sites() -> None:
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if origin is None or urlsplit(origin).netloc != request.host:
        abort(403)


def _headers(response: Response) -> Response:
    nonce = f"'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self' {nonce}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint and not request.endpoint.startswith(("assets.", "pwa.")):
        response.headers.setdefault("Cache-Control", "no-store")
    return response

"""What makes the site an app on a phone: the manifest and the service worker.

The worker's text starts with the list of files it keeps and a version that is that list's hash, so
that any changed file makes a new worker and the page can say that an update is ready.
"""

from __future__ import annotations

import functools
import hashlib
import json

from flask import Blueprint, Response, request

from rehab import assets
from rehab.assets import asset_url

blueprint = Blueprint("pwa", __name__)

WORKER = "js/offline/service-worker.js"
PICTURES = ("img/icon.svg", "img/icon-192.png")
#: The pages that open without network. None holds anything personal: scripts draw it from the phone's own store.
SHELLS = ("/today", "/session", "/check-in", "/act-now", "/offline")


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """How the app is called, looks and starts once it is on the home screen."""
    response = Response(_manifest(), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/service-worker.js")
def service_worker() -> Response:
    """The worker; its scope is the whole site, so it lives at the root. Browsers ask for it anew each time."""
    response = Response(_worker(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@functools.cache
def _manifest() -> str:
    icons = [
        {"src": asset_url(f"img/icon-{name}{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, purpose in (("", "any"), ("maskable-", "maskable"))
        for size in (192, 512)
    ]
    icons.append({"src": asset_url("img/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"})
    shortcuts = [("Start today's session", "/session"), ("Check in", "/check-in"), ("Act now", "/act-now")]
    return json.dumps({
        "id": "/", "name": "Stride", "short_name": "Stride", "start_url": "/today", "scope": "/", "lang": "en", "dir": "ltr",
        "display": "standalone", "background_color": "#faf5ec", "theme_color": "#faf5ec",
        "description": "Your exercises, your pain diary and your plan, with or without network.",
        "categories": ["health", "fitness"], "icons": icons,
        "shortcuts": [{"name": name, "url": url} for name, url in shortcuts],
    })  # fmt: skip


@functools.cache
def _worker() -> str:
    kept = [asset_url("css/app.css"), *(asset_url(path) for path in _kept_scripts()), *(asset_url(path) for path in PICTURES)]
    code = (assets.STATIC / WORKER).read_text("utf-8")
    version = hashlib.sha256((code + "".join(kept)).encode()).hexdigest()[:12]
    facts = {"version": version, "assets": kept, "shells": SHELLS}
    return f"self.FACTS = {json.dumps(facts)};\n{code}"


def _kept_scripts() -> list[str]:
    return [path for path in assets.scripts() if path != WORKER]

"""How does a notification read, as an e-mail and on a locked phone?

The worker has no web app around it, so the templates of ``templates/emails`` get an environment of
their own. A name that a template misses is an error, never an empty space in somebody's mail.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from rehab import config
from rehab.notifications.kind import Kind


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of one e-mail; ``settings_url`` is where the person switches such mails off."""

    subject: str
    text: str
    html: str
    settings_url: str | None


def letter(kind: Kind, payload: Mapping[str, Any], *, name: str, base_url: str) -> Letter:
    """The e-mail of this kind for somebody called ``name``."""
    settings_url = base_url.rstrip("/") + kind.settings_path if kind.settings_path else None
    values = {
        "kind": kind,
        "payload": payload,
        "first_name": name.split()[0] if name.split() else "",
        "link": kind.link(payload, base_url=base_url),
        "settings_url": settings_url,
    }
    return Letter(
        subject=kind.subject,
        text=_environment().get_template(f"emails/{kind.name}.txt").render(values).strip() + "\n",
        html=_environment().get_template(f"emails/{kind.name}.html").render(values).strip() + "\n",
        settings_url=settings_url,
    )


def push(kind: Kind, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What the service worker shows. The address is a path, so that it opens inside the installed app."""
    return {
        "title": kind.title,
        "body": kind.body,
        "url": kind.link(payload, base_url=""),
        "kind": kind.name,
        "actions": [{"action": "open", "title": kind.action}],
    }


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(config.ROOT / "templates"),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

"""What is a kind of notification?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing we tell people. The words of the e-mail live in ``templates/emails/<name>.txt|html``.

    ``subject``, ``title`` and ``body`` may be read by anybody who sees the phone or the inbox, so they
    hold no word about health. ``path`` is where the link leads, with ``{names}`` from the payload.
    """

    name: str
    subject: str
    title: str
    body: str
    path: str
    action: str  # the words of the one button
    useful: timedelta  # older than this, it is not sent any more
    urgency: str = "normal"  # RFC 8030: very-low, low, normal, high
    because: str = "You get this mail because you use Stride."
    settings_path: str | None = "/me"  # where a patient switches it off; None: nobody can, it is sent for a reason
    for_patients: bool = True
    forget: tuple[str, ...] = ()  # payload keys that are secret and wiped once it was sent or given up

    def link(self, payload: Mapping[str, Any], *, base_url: str) -> str:
        """The address behind the button. Raises KeyError when the payload lacks a part of the path."""
        return base_url.rstrip("/") + self.path.format_map(payload)

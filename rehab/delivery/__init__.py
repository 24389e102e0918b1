"""How does a message leave the house, and how did it go?

A sender is anything with ``send``; it never raises for what a network does, it answers with an
``Outcome``. Senders know nothing of the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """``state``: sent · retry (later, after ``retry_after_seconds`` if the other side said so) · refused
    (for good) · gone (this address does not exist any more). ``code`` is short and holds no address."""

    state: str
    code: str = ""
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail. ``id`` is the notification's: a second sending after a crash is recognised by it."""

    id: str
    kind: str
    to: str
    subject: str
    text: str
    html: str
    settings_url: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Push:
    """One message for one browser. ``topic`` replaces an older one that still waits at the push service."""

    endpoint: str
    p256dh: str
    auth: str
    content: bytes
    ttl_seconds: int
    urgency: str
    topic: str
    at: datetime


class MailSender(Protocol):
    """Something that takes mails. ``close`` ends its connection; ``send`` opens a new one when needed."""

    def send(self, mail: Mail) -> Outcome:
        """Try once."""

    def close(self) -> None:
        """Let go of the connection."""


class PushSender(Protocol):
    """Something that takes push messages."""

    def send(self, push: Push) -> Outcome:
        """Try once."""

"""How does a push message reach a browser's push service?

The browser chose the address, so only https and the hosts of the settings are spoken to, and no
redirect is followed: nobody can make this server call an address of their choice.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rehab.config import Config
from rehab.delivery import Outcome, Push, push_crypto
from rehab.models import Secret

TIMEOUT_SECONDS = 10
LONGEST_WAIT_SECONDS = 6 * 3600
PRIVATE_KEY = "vapid-private"


@dataclass(frozen=True, slots=True)
class Keys:
    """Our key pair: browsers subscribe with the public one."""

    private: ec.EllipticCurvePrivateKey
    public: str


def ensure_keys(db: Session) -> Keys:
    """The VAPID keys, made on first use; when two processes start at once both get the same. The caller commits."""
    stored = sa.select(Secret.value).where(Secret.name == PRIVATE_KEY)
    scalar = db.scalar(stored)
    if scalar is None:
        dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
        fresh = push_crypto.scalar_of(ec.generate_private_key(push_crypto.CURVE))
        db.execute(dialect.insert(Secret).values(name=PRIVATE_KEY, value=fresh).on_conflict_do_nothing())
        scalar = db.scalars(stored).one()
    key = push_crypto.private_key(scalar)
    return Keys(key, push_crypto.b64(push_crypto.point(key.public_key())))


def is_allowed(endpoint: str, hosts: Collection[str]) -> bool:
    """Whether we may call this address: https, the usual port, an allowed host or below one.

    An entry with a port (``localhost:9443``) allows exactly that host and port.
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    plain = parts.username is None and parts.password is None and endpoint.isascii() and endpoint.isprintable()
    if parts.scheme != "https" or not host or not plain or " " in endpoint or "\\" in endpoint:
        return False
    if f"{host}:{port}" in hosts:
        return True
    return port in {None, 443} and any(host == name or host.endswith(f".{name}") for name in hosts if ":" not in name)


class WebPushSender:
    """Sends to the browsers' push services. ``context`` decides whom we trust (tests bring their own)."""

    def __init__(self, config: Config, keys: Keys, *, context: ssl.SSLContext | None = None) -> None:
        self.hosts = config.push_hosts
        self.contact = config.vapid_contact
        self.keys = keys
        self.context = context or ssl.create_default_context()

    def send(self, push: Push) -> Outcome:
        """Hand one message to its push service."""
        if not is_allowed(push.endpoint, self.hosts):
            return Outcome("gone", "host-not-allowed")
        parts = urlsplit(push.endpoint)
        try:
            body = push_crypto.seal(push.content, p256dh=push.p256dh, auth=push.auth)
        except ValueError:
            return Outcome("gone", "bad-keys")
        try:
            return self._post(parts, body, self._headers(parts, push), at=push.at)
        except (OSError, http.client.HTTPException):
            return Outcome("retry", "push-connection")

    def _headers(self, parts: SplitResult, push: Push) -> dict[str, str]:
        origin = f"{parts.scheme}://{parts.netloc}"
        return {
            "Authorization": push_crypto.authorization(self.keys.private, origin=origin, contact=self.contact, now=push.at),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(push.ttl_seconds),
            "Urgency": push.urgency,
            "Topic": push.topic,
        }

    def _post(self, parts: SplitResult, body: bytes, headers: dict[str, str], *, at: datetime) -> Outcome:
        connection = http.client.HTTPSConnection(
            str(parts.hostname), parts.port or 443, timeout=TIMEOUT_SECONDS, context=self.context
        )
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body=body, headers=headers)
            answer = connection.getresponse()
            return outcome(answer.status, answer.headers.get("Retry-After"), at=at)
        finally:
            connection.close()


def outcome(status: int, retry_after: str | None, *, at: datetime) -> Outcome:
    """What a push service's answer means for us. Source: RFC 8030 §5 and §7.3."""
    code = f"push-{status}"
    if 200 <= status < 300:
        return Outcome("sent", code)
    if status in {404, 410}:
        return Outcome("gone", code)
    if status == 429 or status >= 500:
        return Outcome("retry", code, _seconds(retry_after, at=at))
    return Outcome("refused", code)


def _seconds(retry_after: str | None, *, at: datetime) -> int | None:
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return min(int(retry_after.strip()[:9]), LONGEST_WAIT_SECONDS)
    try:
        seconds = (parsedate_to_datetime(retry_after) - at).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(int(seconds), 0), LONGEST_WAIT_SECONDS)

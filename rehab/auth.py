"""Is this person who they say, and which browser is signed in?

Passwords are Argon2id (19 MiB, 2 passes). A signed-in browser is a row: the cookie carries a random
token, the database its hash, so that "sign out everywhere" works at once.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import datetime, timedelta

import argon2
import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from rehab.db import changed_rows
from rehab.models import Account, AuthSession

SESSION_DAYS = 90
SEEN_EVERY = timedelta(days=1)
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(2)  # each verification holds 19 MiB and a core


def hash_password(password: str) -> str:
    """An Argon2id hash to store."""
    with _at_once:
        return _hasher.hash(password)


#: Verified when no account matches, so that the answer takes as long either way.
_NOBODY = hash_password("no account has this password")


def check_password(account: Account | None, password: str) -> bool:
    """Whether the password is the account's. Costs the same when there is no account."""
    stored = account.password_hash if account is not None and account.password_hash else _NOBODY
    with _at_once:
        try:
            _hasher.verify(stored, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
    return account is not None and account.password_hash is not None and account.disabled_at is None


def token_hash(token: str) -> str:
    """What is stored of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(db: Session, account: Account, *, device: str, now: datetime) -> str:
    """Open a browser session and return the token for its cookie."""
    token = secrets.token_urlsafe(32)
    db.add(AuthSession(token_hash=token_hash(token), account_id=account.id, created_at=now,
                       expires_at=now + timedelta(days=SESSION_DAYS), device=device[:120]))  # fmt: skip
    db.flush()
    return token


def account_of(db: Session, token: str, *, now: datetime) -> Account | None:
    """The account whose browser carries ``token``, or None. One query."""
    row = db.scalar(
        sa.select(AuthSession)
        .where(AuthSession.token_hash == token_hash(token), AuthSession.revoked_at.is_(None), AuthSession.expires_at > now)
        .options(joinedload(AuthSession.account).joinedload(Account.clinic))
    )
    if row is None or row.account.disabled_at is not None:
        return None
    return row.account


def sign_out(db: Session, token: str, *, now: datetime) -> None:
    """Close one browser session."""
    db.execute(sa.update(AuthSession).where(AuthSession.token_hash == token_hash(token)).values(revoked_at=now))


def sign_out_everywhere(db: Session, account: Account, *, now: datetime) -> int:
    """Close every browser session of the account; returns how many were open."""
    open_ones = sa.update(AuthSession).where(AuthSession.account_id == account.id, AuthSession.revoked_at.is_(None))
    return changed_rows(db, open_ones.values(revoked_at=now))

"""How often may somebody try?

Counters live in our own database, so that several web processes count together. One window per
key and minute (or hour); old windows are swept by the worker.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rehab.db import Base, changed_rows
from rehab.errors import Refused
from rehab.models.columns import Mapped, mapped_column


class RateWindow(Base):
    """How many tries one key had in one window."""

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    window: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    seconds: Mapped[int]
    tries: Mapped[int]


def count(db: Session, key: str, *, limit: int, seconds: int, now: datetime) -> None:
    """Count one try and commit it. Raises Refused (429) above ``limit`` tries in the window.

    The key is hashed: it may hold an address, which must not be stored.
    """
    window = int(now.timestamp()) // seconds
    digest = hashlib.sha256(key.encode()).hexdigest()
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(RateWindow).values(key=digest, window=window, seconds=seconds, tries=1)
    counted = insert.on_conflict_do_update(index_elements=["key", "window"], set_={"tries": RateWindow.tries + 1})
    tries = db.scalar(counted.returning(RateWindow.tries))
    db.commit()
    if tries is not None and tries > limit:
        raise Refused("too-many-tries", "That was a lot of tries. Please wait a little and try again.", status=429)


def sweep(db: Session, *, now: datetime) -> int:
    """Delete windows that are over; returns how many."""
    over = (RateWindow.window + 1) * RateWindow.seconds < int(now.timestamp())
    return changed_rows(db, sa.delete(RateWindow).where(over))

"""Whom must we still tell what, and by which way?"""

from __future__ import annotations

import uuid

from rehab.db import Base
from rehab.models.columns import (
    Id,
    Instant,
    Json,
    Mapped,
    OptionalInstant,
    mapped_column,
    one_of,
    reference,
    related,
    sa,
)


class Notification(Base):
    """One message to one account by one channel. Written with the fact it tells, delivered after the
    commit; ``dedupe_key`` makes a second writing harmless."""

    __tablename__ = "notifications"
    __table_args__ = (
        one_of("channel", ("email", "push")),
        one_of("state", ("pending", "sending", "sent", "failed", "cancelled")),
        sa.Index("ix_notifications_due", "state", "next_attempt_at"),
    )

    id: Mapped[Id]
    account_id: Mapped[uuid.UUID] = reference("accounts.id")
    patient_id: Mapped[uuid.UUID | None] = reference("patients.id", nullable=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    channel: Mapped[str] = mapped_column(sa.String(10))
    dedupe_key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    payload: Mapped[Json]
    created_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    state: Mapped[str] = mapped_column(sa.String(10), default="pending")
    claimed_by: Mapped[str | None] = mapped_column(sa.String(60))
    claimed_at: Mapped[OptionalInstant]
    sent_at: Mapped[OptionalInstant]
    last_error: Mapped[str] = mapped_column(sa.String(200), default="")

    account = related("Account")


class PushSubscription(Base):
    """A browser that agreed to be told. Dropped when its push service says it is gone."""

    __tablename__ = "push_subscriptions"

    id: Mapped[Id]
    account_id: Mapped[uuid.UUID] = reference("accounts.id")
    endpoint: Mapped[str] = mapped_column(sa.String(1000), unique=True)
    p256dh: Mapped[str] = mapped_column(sa.String(120))
    auth: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[Instant]
    dropped_at: Mapped[OptionalInstant]


class Secret(Base):
    """A key made on first start and shared by every process (cookie signing, VAPID)."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(400))


class Heartbeat(Base):
    """When a worker last said it was alive; ``/readyz`` reads it."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    at: Mapped[Instant]

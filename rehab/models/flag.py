"""Who needs a look, why, and what was done about it?"""

from __future__ import annotations

import uuid
from datetime import date

from rehab.db import Base
from rehab.models.columns import (
    Day,
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

LEVELS = ("self_manage", "check_in", "book", "urgent", "emergency")
#: From this level on the staff are shown a flag; a self-managed flare is told to the patient alone.
STAFF_LEVELS = LEVELS[1:]
OUTCOMES = ("contacted", "plan-changed", "referred", "false-alarm", "watch", "back-to-usual")


class Flag(Base):
    """A finding that a person should see. One open flag per patient and rule; a repeat adds evidence."""

    __tablename__ = "flags"
    __table_args__ = (
        one_of("level", LEVELS),
        one_of("outcome", OUTCOMES),
        sa.Index("uq_flags_open", "patient_id", "rule", unique=True, sqlite_where=sa.text("resolved_at IS NULL"),
                 postgresql_where=sa.text("resolved_at IS NULL")),
    )  # fmt: skip

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = reference("patients.id")
    rule: Mapped[str] = mapped_column(sa.String(40))
    level: Mapped[str] = mapped_column(sa.String(12))
    evidence: Mapped[Json]
    source: Mapped[str] = mapped_column(sa.String(60), default="")
    raised_on: Mapped[Day]
    raised_at: Mapped[Instant]
    updated_at: Mapped[Instant]
    acknowledged_at: Mapped[OptionalInstant]
    acknowledged_by_id: Mapped[uuid.UUID | None] = reference("accounts.id", nullable=True, index=False)
    resolved_at: Mapped[OptionalInstant]
    resolved_by_id: Mapped[uuid.UUID | None] = reference("accounts.id", nullable=True, index=False)
    outcome: Mapped[str | None] = mapped_column(sa.String(20))
    outcome_note: Mapped[str] = mapped_column(sa.String(2000), default="")
    snoozed_until: Mapped[date | None] = mapped_column(sa.Date)

    patient = related("Patient")
    acknowledged_by = related("Account", foreign_keys=[acknowledged_by_id])
    resolved_by = related("Account", foreign_keys=[resolved_by_id])


class FlagEvent(Base):
    """The history of a flag: raised, level-raised, acknowledged, resolved, reopened. Never edited."""

    __tablename__ = "flag_events"

    id: Mapped[Id]
    flag_id: Mapped[uuid.UUID] = reference("flags.id")
    at: Mapped[Instant]
    actor_id: Mapped[uuid.UUID | None] = reference("accounts.id", nullable=True, index=False)
    kind: Mapped[str] = mapped_column(sa.String(20))
    details: Mapped[Json]


class TrendState(Base):
    """The worsening filter's small state after ``as_of``, so that a new day costs the same in year three."""

    __tablename__ = "trend_states"

    patient_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("patients.id"), primary_key=True)
    as_of: Mapped[Day]
    state: Mapped[Json]

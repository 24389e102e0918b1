"""Which clinics are there, and whom did they invite?"""

from __future__ import annotations

import uuid
from datetime import datetime

from rehab.db import Base
from rehab.models.columns import Id, Instant, Mapped, OptionalInstant, mapped_column, reference, related, sa


class Clinic(Base):
    """A clinic: the tenant. ``country`` picks the emergency numbers, ``time_zone`` the clinic's own days."""

    __tablename__ = "clinics"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="GB")
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="Europe/London")
    created_at: Mapped[Instant]


class Invitation(Base):
    """A link (or QR code) that joins a patient to a therapist. Only the token's hash is kept, so that
    a copy of the database opens nothing; ``token_hint`` lets the therapist recognise the printed code."""

    __tablename__ = "invitations"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    clinic_id: Mapped[uuid.UUID] = reference("clinics.id")
    therapist_id: Mapped[uuid.UUID] = reference("accounts.id")
    patient_name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    accepted_at: Mapped[OptionalInstant]
    revoked_at: Mapped[OptionalInstant]
    patient_id: Mapped[uuid.UUID | None] = reference("patients.id", nullable=True)

    clinic = related("Clinic")
    therapist = related("Account")

    def is_open(self, now: datetime) -> bool:
        """Whether the link still works."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at

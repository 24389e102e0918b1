"""Who can sign in, and where are they signed in now?"""

from __future__ import annotations

import uuid
from enum import StrEnum

from rehab.db import Base
from rehab.models.columns import Id, Instant, Mapped, OptionalInstant, mapped_column, one_of, reference, related, sa


class Role(StrEnum):
    """What an account may do. Each role has its own audience of pages."""

    PATIENT = "patient"
    THERAPIST = "therapist"
    CLINIC_LEAD = "clinic_lead"


class Account(Base):
    """A person who can sign in. The e-mail address is stored in lower case."""

    __tablename__ = "accounts"
    __table_args__ = (one_of("role", Role), sa.CheckConstraint("email = lower(email)", name="email_lower"))

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[str] = mapped_column(sa.String(20))
    clinic_id: Mapped[uuid.UUID | None] = reference("clinics.id", nullable=True)
    created_at: Mapped[Instant]
    disabled_at: Mapped[OptionalInstant]

    clinic = related("Clinic")

    @property
    def is_staff(self) -> bool:
        """Therapists and clinic leads."""
        return self.role in {Role.THERAPIST, Role.CLINIC_LEAD}


class AuthSession(Base):
    """One signed-in browser. Deleting trust is one update: set ``revoked_at``."""

    __tablename__ = "auth_sessions"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[uuid.UUID] = reference("accounts.id")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[OptionalInstant]
    device: Mapped[str] = mapped_column(sa.String(120), default="")

    account = related("Account")


class SignInLink(Base):
    """A link sent by e-mail that signs in once."""

    __tablename__ = "sign_in_links"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[uuid.UUID] = reference("accounts.id")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[OptionalInstant]

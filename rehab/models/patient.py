"""Who is being helped, and what did they tell us about safety and their pain?"""

from __future__ import annotations

import uuid
from datetime import time

from rehab.db import Base
from rehab.models.columns import (
    Day,
    Id,
    Instant,
    Json,
    JsonList,
    Mapped,
    OptionalInstant,
    mapped_column,
    one_of,
    reference,
    related,
    sa,
)  # fmt: skip


class Patient(Base):
    """A person with a plan. Belongs to a clinic and a therapist, or to nobody (self-managed)."""

    __tablename__ = "patients"
    __table_args__ = (
        one_of("block", ("none", "partial", "all")),
        sa.CheckConstraint("(clinic_id IS NULL) = (therapist_id IS NULL)", name="clinic_and_therapist_together"),
    )

    id: Mapped[Id]
    account_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("accounts.id"), unique=True)
    clinic_id: Mapped[uuid.UUID | None] = reference("clinics.id", nullable=True)
    therapist_id: Mapped[uuid.UUID | None] = reference("accounts.id", nullable=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="Europe/London")
    country: Mapped[str] = mapped_column(sa.String(2), default="GB")
    started_on: Mapped[Day]
    block: Mapped[str] = mapped_column(sa.String(10), default="none")
    reminder_time: Mapped[time | None] = mapped_column(sa.Time)
    remind_by_email: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    remind_by_push: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    plan_changed_at: Mapped[OptionalInstant]
    last_seen_at: Mapped[OptionalInstant]
    created_at: Mapped[Instant]

    account = related("Account", foreign_keys=[account_id])
    therapist = related("Account", foreign_keys=[therapist_id])
    clinic = related("Clinic")


class Screening(Base):
    """One set of red-flag answers with what was shown for it. Never edited, except to note that the
    person read the message."""

    __tablename__ = "screenings"
    __table_args__ = (
        one_of("moment", ("intake", "session", "worsening")),
        one_of("disposition", ("none", "routine", "days", "sameday", "emergency")),
        one_of("block", ("none", "partial", "all")),
    )

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = reference("patients.id")
    moment: Mapped[str] = mapped_column(sa.String(12))
    answers: Mapped[Json]
    findings: Mapped[JsonList]
    disposition: Mapped[str] = mapped_column(sa.String(12))
    block: Mapped[str] = mapped_column(sa.String(10))
    content_version: Mapped[str] = mapped_column(sa.String(20))
    taken_at: Mapped[Instant]
    acknowledged_at: Mapped[OptionalInstant]


class Clearance(Base):
    """"A clinician checked me and said exercise is fine": who recorded it, when, for which screening."""

    __tablename__ = "clearances"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = reference("patients.id")
    screening_id: Mapped[uuid.UUID] = reference("screenings.id")
    recorded_by_id: Mapped[uuid.UUID] = reference("accounts.id")
    checked_on: Mapped[Day]
    recorded_at: Mapped[Instant]


class Intake(Base):
    """Answers of the questionnaire, saved page by page, and what the ranking made of them."""

    __tablename__ = "intakes"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = reference("patients.id")
    answers: Mapped[Json]  # question id -> list of answer ids; "user_flags" -> list of uf ids
    assessment: Mapped[dict | None] = mapped_column(sa.JSON)  # Assessment.to_json() once finished
    content_version: Mapped[str] = mapped_column(sa.String(20))
    started_at: Mapped[Instant]
    finished_at: Mapped[OptionalInstant]


class Note(Base):
    """A therapist's note about a patient."""

    __tablename__ = "notes"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = reference("patients.id")
    author_id: Mapped[uuid.UUID] = reference("accounts.id")
    text: Mapped[str] = mapped_column(sa.String(4000))
    written_at: Mapped[Instant]

    author = related("Account")


class Referral(Base):
    """A letter that was made: the facts as they stood, so that a reprint says the same."""

    __tablename__ = "referrals"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = reference("patients.id")
    flag_id: Mapped[uuid.UUID | None] = reference("flags.id", nullable=True)
    made_by_id: Mapped[uuid.UUID] = reference("accounts.id")
    made_at: Mapped[Instant]
    content: Mapped[Json]




"""What did a patient log, and how does each day count?

Sessions and check-ins are born on the phone with their ids and are never edited: a correction is a
new record whose ``corrects_id`` names the old one. ``content_hash`` tells a repeat from a misuse.
"""

from __future__ import annotations

import uuid
from datetime import date

from rehab.db import Base
from rehab.models.columns import (
    Day,
    Id,
    Instant,
    Mapped,
    Pain,
    mapped_column,
    one_of,
    reference,
    related,
    sa,
    zero_to_ten,
)  # fmt: skip


class ExerciseSession(Base):
    """One exercise session. Three clocks: the phone's instant, the person's calendar day, our receipt."""

    __tablename__ = "exercise_sessions"
    __table_args__ = (
        one_of("status", ("done", "partly", "skipped")),
        *zero_to_ten("pain_nprs_before", "pain_nprs_worst", "pain_nprs_after", "effort_cr10"),
        sa.Index("ix_exercise_sessions_patient_day", "patient_id", "performed_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True)
    patient_id: Mapped[uuid.UUID] = reference("patients.id", index=False)
    plan_id: Mapped[uuid.UUID] = reference("plans.id")
    performed_at: Mapped[Instant]
    performed_on: Mapped[Day]
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    received_at: Mapped[Instant]
    status: Mapped[str] = mapped_column(sa.String(10))
    skip_reason: Mapped[str | None] = mapped_column(sa.String(20))
    pain_nprs_before: Mapped[Pain]
    pain_nprs_worst: Mapped[Pain]
    pain_nprs_after: Mapped[Pain]
    effort_cr10: Mapped[Pain]
    note: Mapped[str] = mapped_column(sa.String(2000), default="")
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, unique=True)
    superseded: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    content_hash: Mapped[str] = mapped_column(sa.String(64))

    results = related("ExerciseResult", order_by="ExerciseResult.position")


class ExerciseResult(Base):
    """What was done of one exercise inside a session."""

    __tablename__ = "exercise_results"

    id: Mapped[Id]
    session_id: Mapped[uuid.UUID] = reference("exercise_sessions.id")
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    exercise: Mapped[str] = mapped_column(sa.String(60))
    done: Mapped[bool] = mapped_column(sa.Boolean)
    sets_done: Mapped[int | None] = mapped_column(sa.SmallInteger)
    repetitions_done: Mapped[int | None] = mapped_column(sa.SmallInteger)
    reason: Mapped[str | None] = mapped_column(sa.String(20))


class CheckIn(Base):
    """The twenty-second daily check-in: usual pain of the last day, flare, sleep, walking."""

    __tablename__ = "check_ins"
    __table_args__ = (
        *zero_to_ten("pain_nprs_usual", "pain_nprs_walk", "pain_nprs_morning", "sleep_0_10"),
        sa.CheckConstraint("walking_minutes IS NULL OR walking_minutes BETWEEN 0 AND 600", name="walking_range"),
        sa.Index("ix_check_ins_patient_day", "patient_id", "performed_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True)
    patient_id: Mapped[uuid.UUID] = reference("patients.id", index=False)
    performed_at: Mapped[Instant]
    performed_on: Mapped[Day]
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    received_at: Mapped[Instant]
    pain_nprs_usual: Mapped[Pain]
    pain_nprs_walk: Mapped[Pain]
    pain_nprs_morning: Mapped[Pain]
    sleep_0_10: Mapped[Pain]
    walking_minutes: Mapped[int | None] = mapped_column(sa.SmallInteger)
    flare: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    note: Mapped[str] = mapped_column(sa.String(2000), default="")
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, unique=True)
    superseded: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    content_hash: Mapped[str] = mapped_column(sa.String(64))


class Pause(Base):
    """Days that do not count: holiday, illness, rest. Both ends included; no end is "until I say"."""

    __tablename__ = "pauses"

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = reference("patients.id")
    from_on: Mapped[Day]
    to_on: Mapped[date | None] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.String(20))
    made_at: Mapped[Instant]


class PatientDay(Base):
    """A rollup of one patient's day, written with the log that changed it and rebuildable from the
    diary (``services.patient_days``). ``state`` is the adherence state of ``programs.adherence``."""

    __tablename__ = "patient_days"

    patient_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("patients.id"), primary_key=True)
    on_day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    planned: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    credit: Mapped[float] = mapped_column(sa.Float, default=0)  # 1 done, 0.5 partly
    excused: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    logged: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    pain_mean: Mapped[float | None] = mapped_column(sa.Float)
    walking_minutes: Mapped[int | None] = mapped_column(sa.SmallInteger)

"""What was a patient asked to do, from when until when?

A change never rewrites: it ends one plan row and starts the next (``version`` counts up), with the
dosages copied, so that editing the catalogue or the plan leaves the past as it was.
"""

from __future__ import annotations

import uuid
from datetime import date

from rehab.db import Base
from rehab.models.columns import Day, Id, Instant, Json, JsonList, Mapped, mapped_column, one_of, reference, related, sa


class Plan(Base):
    """One version of a patient's plan, in force from ``started_on`` up to, not including, ``ended_on``."""

    __tablename__ = "plans"
    __table_args__ = (
        sa.UniqueConstraint("patient_id", "version"),
        sa.Index("uq_plans_current", "patient_id", unique=True, sqlite_where=sa.text("ended_on IS NULL"),
                 postgresql_where=sa.text("ended_on IS NULL")),
        sa.CheckConstraint("phase BETWEEN 1 AND 3", name="phase_range"),
    )  # fmt: skip

    id: Mapped[Id]
    patient_id: Mapped[uuid.UUID] = reference("patients.id")
    version: Mapped[int]
    issues: Mapped[JsonList]  # issue slugs, the main one first
    program: Mapped[str] = mapped_column(sa.String(60))
    phase: Mapped[int] = mapped_column(sa.SmallInteger)
    phase_started_on: Mapped[Day]
    started_on: Mapped[Day]
    ended_on: Mapped[date | None] = mapped_column(sa.Date)
    weekdays: Mapped[JsonList]  # Monday 0 … Sunday 6
    walk: Mapped[Json]  # {"plan": slug, "minutes": int, "rounds": int|None, "days_per_week": int}
    max_minutes: Mapped[int] = mapped_column(sa.SmallInteger)
    content_version: Mapped[str] = mapped_column(sa.String(20))
    made_by_id: Mapped[uuid.UUID] = reference("accounts.id")
    made_at: Mapped[Instant]
    change_reason: Mapped[str] = mapped_column(sa.String(400), default="")  # shown to the patient
    locked: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    exercises = related("PlanExercise", order_by="PlanExercise.position", back_populates="plan",
                        cascade="all, delete-orphan")  # fmt: skip
    made_by = related("Account")


class PlanExercise(Base):
    """A prescription: an exercise with the dosage as it was when the plan was made."""

    __tablename__ = "plan_exercises"
    __table_args__ = (
        one_of("kind", ("main", "daily")),
        sa.UniqueConstraint("plan_id", "kind", "position"),
        sa.CheckConstraint("sets BETWEEN 1 AND 10", name="sets_range"),
        sa.CheckConstraint("repetitions BETWEEN 1 AND 100", name="repetitions_range"),
        sa.CheckConstraint("hold_seconds BETWEEN 0 AND 600", name="hold_range"),
    )

    id: Mapped[Id]
    plan_id: Mapped[uuid.UUID] = reference("plans.id")
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    kind: Mapped[str] = mapped_column(sa.String(10))
    exercise: Mapped[str] = mapped_column(sa.String(60))
    exercise_version: Mapped[int] = mapped_column(sa.SmallInteger)
    sets: Mapped[int] = mapped_column(sa.SmallInteger)
    repetitions: Mapped[int] = mapped_column(sa.SmallInteger)
    hold_seconds: Mapped[int] = mapped_column(sa.SmallInteger)
    rest_seconds: Mapped[int] = mapped_column(sa.SmallInteger)
    tempo: Mapped[str] = mapped_column(sa.String(20), default="-")
    minutes: Mapped[float] = mapped_column(sa.Float)
    reason: Mapped[str] = mapped_column(sa.String(20), default="template")
    modifications: Mapped[JsonList]
    override_reason: Mapped[str] = mapped_column(sa.String(400), default="")

    plan = related("Plan", back_populates="exercises")

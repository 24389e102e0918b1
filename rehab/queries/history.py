"""What does the clinical brain need to know of a patient's past? Rows in, ``programs`` values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from programs.vocabulary import DiaryDay, Excuse, PlanPeriod, SessionRecord
from rehab import clock
from rehab.models import CheckIn, Clearance, ExerciseSession, Patient, Pause, Plan, Screening


def plan_periods(db: Session, patient: Patient) -> list[PlanPeriod]:
    """Every plan version's days and weekdays, oldest first. One query."""
    rows = db.execute(
        sa.select(Plan.started_on, Plan.ended_on, Plan.weekdays).where(Plan.patient_id == patient.id).order_by(Plan.version)
    )
    return [PlanPeriod(start_on, end_on, frozenset(weekdays)) for start_on, end_on, weekdays in rows]


def excuses(db: Session, patient: Patient) -> list[Excuse]:
    """Days that do not count: pauses, and the time from a blocking screening to its clearance. Two queries."""
    found = [Excuse(p.from_on, p.to_on, p.reason) for p in db.scalars(sa.select(Pause).where(Pause.patient_id == patient.id))]
    blocked = db.execute(
        sa.select(Screening.taken_at, sa.func.min(Clearance.recorded_at))
        .outerjoin(Clearance, Clearance.screening_id == Screening.id)
        .where(Screening.patient_id == patient.id, Screening.block == "all")
        .group_by(Screening.id, Screening.taken_at)
    )
    for taken_at, cleared_at in blocked:
        ended = clock.local_date(cleared_at, patient.time_zone) - timedelta(days=1) if cleared_at else None
        started = clock.local_date(taken_at, patient.time_zone)
        if ended is None or ended >= started:
            found.append(Excuse(started, ended, "blocked"))
    return found


def session_rows(db: Session, patient: Patient, *, from_on: date, to_on: date) -> Sequence[ExerciseSession]:
    """The exercise sessions of those days that were not corrected since, oldest first. One query."""
    return db.scalars(
        sa.select(ExerciseSession)
        .where(ExerciseSession.patient_id == patient.id, ExerciseSession.performed_on.between(from_on, to_on),
               ExerciseSession.superseded.is_(False))
        .order_by(ExerciseSession.performed_on, ExerciseSession.performed_at)
    ).all()  # fmt: skip


def check_in_rows(db: Session, patient: Patient, *, from_on: date, to_on: date) -> Sequence[CheckIn]:
    """The check-ins of those days that were not corrected since, oldest first. One query."""
    return db.scalars(
        sa.select(CheckIn)
        .where(CheckIn.patient_id == patient.id, CheckIn.performed_on.between(from_on, to_on), CheckIn.superseded.is_(False))
        .order_by(CheckIn.performed_on, CheckIn.performed_at)
    ).all()


def session_records(rows: Sequence[ExerciseSession]) -> list[SessionRecord]:
    """Session rows as the brain reads them."""
    return [
        SessionRecord(
            performed_on=row.performed_on, status=row.status, pain_before=row.pain_nprs_before,
            pain_worst=row.pain_nprs_worst, pain_after=row.pain_nprs_after, effort=row.effort_cr10,
            skip_reason=row.skip_reason,
        )
        for row in rows
    ]  # fmt: skip


def diary(
    sessions: Sequence[ExerciseSession], check_ins: Sequence[CheckIn], *, periods: Sequence[PlanPeriod],
    excused: Sequence[Excuse], from_on: date, to_on: date,
) -> list[DiaryDay]:  # fmt: skip
    """One ``DiaryDay`` for each calendar day from ``from_on`` to ``to_on``. A day's last answer wins."""
    by_day: dict[date, dict[str, object]] = defaultdict(dict)
    for check_in in check_ins:
        day = by_day[check_in.performed_on]
        _keep(day, pain_usual=check_in.pain_nprs_usual, pain_walk=check_in.pain_nprs_walk,
              pain_next_morning=check_in.pain_nprs_morning, walking_minutes=check_in.walking_minutes)  # fmt: skip
        day["flare"] = bool(day.get("flare")) or check_in.flare
    for session in sessions:
        day = by_day[session.performed_on]
        _keep(day, pain_before=session.pain_nprs_before, pain_after=session.pain_nprs_after)
        if session.status != "skipped":
            day["sessions_completed"] = 1
    days = []
    on = from_on
    while on <= to_on:
        planned = any(p.start_on <= on and (p.end_on is None or on < p.end_on) and on.weekday() in p.weekdays for p in periods)
        paused = any(e.from_on <= on and (e.to_on is None or on <= e.to_on) for e in excused)
        days.append(DiaryDay(on=on, sessions_planned=int(planned and not paused), paused=paused, **by_day.get(on, {})))  # type: ignore[arg-type]
        on += timedelta(days=1)
    return days


def _keep(day: dict[str, object], **values: object) -> None:
    day.update({name: value for name, value in values.items() if value is not None})

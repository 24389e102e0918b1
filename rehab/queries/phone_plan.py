"""What does the phone keep, so that a day can be lived without network?

The plan, the safety questions and the stop rules as data; no name and no issue label, because the
copy on the phone is not under lock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from programs import catalogue, figures, progression
from rehab import clock
from rehab.models import CheckIn, ExerciseSession, Patient, Pause, Plan, PlanExercise
from rehab.queries import country, current

SHOWN_DAYS = 21


def build(db: Session, patient: Patient, *, now: datetime) -> dict[str, Any]:
    """Everything the offline pages draw from. The same facts give the same dict, so its hash is an ETag."""
    today = clock.local_date(now, patient.time_zone)
    plan = current.plan(db, patient)
    blocked = current.blocking(db, patient) if patient.block != "none" else None
    texts = country.dispositions(patient.country)
    answer: dict[str, Any] = {
        "schema": 1, "account_id": str(patient.account_id), "plan_id": None, "version": 0, "issue": None,
        "content_version": catalogue.version(), "time_zone": patient.time_zone,
        "reminder_time": patient.reminder_time.strftime("%H:%M") if patient.reminder_time else None,
        "block": patient.block, "block_text": texts[blocked.disposition] if blocked is not None else None,
        "exercises": [], "weekdays": [], "walk": None, "phase": 0,
        "stop_rules": progression.stop_rules(), "gate": _gate(), "questions": _questions(), "dispositions": texts,
        "act_now": country.numbers(patient.country), **_recent(db, patient, today=today),
    }  # fmt: skip
    if plan is not None:
        answer |= _plan(plan)
    return answer


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "plan_id": str(plan.id), "version": plan.version, "phase": plan.phase, "weekdays": plan.weekdays,
        "change_reason": plan.change_reason,
        "exercises": [_exercise(row) for row in sorted(plan.exercises, key=lambda r: (r.kind != "main", r.position))],
        "walk": {**plan.walk, "name": catalogue.walk_plans()[plan.walk["plan"]].name},
    }  # fmt: skip


def _exercise(row: PlanExercise) -> dict[str, Any]:
    exercise = catalogue.exercise(row.exercise)
    return {
        "slug": row.exercise, "name": exercise.name, "kind": row.kind, "sets": row.sets, "repetitions": row.repetitions,
        "hold_seconds": row.hold_seconds, "rest_seconds": row.rest_seconds, "tempo": row.tempo, "side": exercise.side,
        "minutes": row.minutes, "cues": list(exercise.cues), "errors": list(exercise.errors),
        "modifications": row.modifications, "purposes": list(exercise.purposes), "level": exercise.level,
        "figure": figures.svg(row.exercise, frame="both") if figures.has(row.exercise) else "",
    }  # fmt: skip


def _gate() -> list[dict[str, Any]]:
    return [{"id": item.id, "text": item.text, "opens": list(item.opens)} for item in catalogue.gate()]


def _questions() -> dict[str, Any]:
    opened = {rf for item in catalogue.gate() for rf in item.opens}
    return {
        question.id: {
            "text": question.text, "clarify": question.clarify, "disposition": question.disposition,
            "message": question.message,
            "alternative": {"answer": question.alternative.answer, "disposition": question.alternative.disposition}
            if question.alternative is not None else None,
        }
        for question in catalogue.screening() if question.id in opened or "session" in question.ask
    }  # fmt: skip


def _recent(db: Session, patient: Patient, *, today: date) -> dict[str, Any]:
    since = today - timedelta(days=SHOWN_DAYS)
    done = sa.select(ExerciseSession.performed_on, ExerciseSession.status).where(
        ExerciseSession.patient_id == patient.id, ExerciseSession.performed_on >= since,
        ExerciseSession.superseded.is_(False), ExerciseSession.status != "skipped",
    )  # fmt: skip
    checked = sa.select(CheckIn.performed_on).where(
        CheckIn.patient_id == patient.id, CheckIn.performed_on >= since, CheckIn.superseded.is_(False)
    )
    paused = sa.select(Pause).where(Pause.patient_id == patient.id, sa.or_(Pause.to_on.is_(None), Pause.to_on >= since))
    days: dict[str, set[str]] = {"done": set(), "partly": set()}
    for on, status in db.execute(done):
        days[status].add(str(on))
    first = db.scalar(sa.select(sa.func.min(Plan.started_on)).where(Plan.patient_id == patient.id))
    return {
        "started_on": str(first) if first else None,
        "done_on": sorted(days["done"]), "partly_on": sorted(days["partly"] - days["done"]),
        "checked_in_on": sorted({str(on) for on in db.scalars(checked)}),
        "pauses": [{"from_on": str(p.from_on), "to_on": str(p.to_on) if p.to_on else None} for p in db.scalars(paused)],
    }

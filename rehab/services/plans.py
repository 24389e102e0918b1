"""How does a plan start, change and end?

A change ends the version in force and starts the next on the same day, with dosages copied, so that
the past never moves. The patient reads why in ``change_reason``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from programs import catalogue, planning, triage, walking
from programs import vocabulary as v
from rehab import clock
from rehab.errors import Refused
from rehab.models import Account, AuditEntry, Patient, Plan, PlanExercise
from rehab.queries import current
from rehab.services import intakes, notifications, patient_days

MAX_EXERCISES = 16
DEFAULT_WEEKDAYS = {1: [0], 2: [0, 3], 3: [0, 2, 4], 4: [0, 2, 4, 5], 5: [0, 1, 2, 4, 5], 6: [0, 1, 2, 3, 4, 5], 7: [*range(7)]}


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One exercise as a therapist wants it. ``override_reason`` is needed when a rule speaks against it."""

    exercise: str
    kind: str
    sets: int
    repetitions: int
    hold_seconds: int
    rest_seconds: int
    override_reason: str = ""


def restrictions_for(
    db: Session, patient: Patient, *, plan: Plan | None = None
) -> tuple[tuple[v.TagRule, ...], tuple[v.TagRule, ...]]:
    """The movement tags to avoid and to modify for this patient: issues (of the plan in force unless one is given),
    answers and health flags together."""
    intake = current.intake(db, patient)
    plan = plan or current.plan(db, patient)
    issues = set(plan.issues) if plan else set()
    if intake is not None and intake.assessment:
        issues |= set(intake.assessment.get("near_top", ()))
    known = [slug for slug in sorted(issues) if slug in catalogue.issues()]
    return triage.restrictions(known, intakes.as_brain_intake(db, patient, intake))


def propose(db: Session, patient: Patient, issue: str, *, now: datetime) -> v.BuiltPlan:
    """What the plan for an issue (or a factor) would be for this patient, without saving anything."""
    intake = current.intake(db, patient)
    near_top = tuple(intake.assessment.get("near_top", ())) if intake is not None and intake.assessment else ()
    is_issue = issue in catalogue.issues()
    return planning.build(
        (issue,) if is_issue else ("non-specific-back-pain",),
        intakes.as_brain_intake(db, patient, intake),
        start_on=clock.local_date(now, patient.time_zone),
        block=v.Block[patient.block.upper()],
        factor=None if is_issue else issue,
        near_top=near_top,
    )


def start(
    db: Session, patient: Patient, issue: str, *, weekdays: Sequence[int], made_by: Account, now: datetime, reason: str = ""
) -> Plan:
    """Give the patient the catalogue's plan for an issue, phase 1. Raises Refused when exercise is blocked."""
    built = propose(db, patient, issue, now=now)
    if not built.phases:
        raise Refused("blocked", "There is no exercise plan for this until a doctor or physiotherapist has had a look.")
    return _save_phase(db, patient, built, 1, weekdays=weekdays, made_by=made_by, now=now, reason=reason)


def assign_program(
    db: Session, patient: Patient, issue_slug: str, *, made_by: Account, now: datetime, reason: str, seen_version: int | None = None
) -> Plan:
    """A therapist gives a catalogue program; the patient's days stay if the number fits.

    Raises Refused when exercise is blocked, or when the plan in force is not the version the therapist saw.
    """
    before = _held(db, patient, seen_version=seen_version)
    built = propose(db, patient, issue_slug, now=now)
    if not built.phases:
        raise Refused("blocked", "Exercise is blocked for this patient. Record the all-clear first.")
    wanted = built.phases[0].days_per_week
    weekdays = before.weekdays if before is not None and len(before.weekdays) == wanted else DEFAULT_WEEKDAYS[wanted]
    plan = _save_phase(db, patient, built, 1, weekdays=weekdays, made_by=made_by, now=now, reason=reason)
    _tell(db, patient, plan, made_by=made_by, now=now)
    return plan


def replace(
    db: Session, patient: Patient, *, exercises: Sequence[Line], weekdays: Sequence[int], reason: str, made_by: Account,
    now: datetime, like: Plan | None = None, seen_version: int | None = None,
) -> Plan:  # fmt: skip
    """A therapist's own version of the plan; issues, phase and walk are those of ``like``, else of the plan in force.

    Raises Refused for an empty plan, an unknown exercise, one that a rule speaks against without a recorded
    reason, or when the plan in force is not the version the therapist saw.
    """
    before = _held(db, patient, seen_version=seen_version)
    if before is None:
        raise Refused("no-plan", "There is no plan to change yet. Assign a program first.")
    if not exercises or len(exercises) > MAX_EXERCISES:
        raise Refused("size", f"A plan has between 1 and {MAX_EXERCISES} exercises.")
    model = like or before
    avoid, modify = restrictions_for(db, patient, plan=model)
    rows = [_line_row(line, avoid=avoid, modify=modify, phase=model.phase) for line in exercises]
    same_phase = (model.program, model.phase) == (before.program, before.phase)
    plan = Plan(
        issues=model.issues, program=model.program, phase=model.phase, walk=model.walk, max_minutes=model.max_minutes, locked=True,
        phase_started_on=before.phase_started_on if same_phase else clock.local_date(now, patient.time_zone),
    )  # fmt: skip
    _put_in_force(db, patient, plan, rows, weekdays=weekdays, made_by=made_by, now=now, reason=reason)
    _tell(db, patient, plan, made_by=made_by, now=now)
    return plan


def restore(db: Session, patient: Patient, old: Plan, *, made_by: Account, now: datetime) -> Plan:
    """Put an earlier version (with its exercises) back in force as a new one: its program, walk, doses and days."""
    lines = [
        Line(exercise=row.exercise, kind=row.kind, sets=row.sets, repetitions=row.repetitions, hold_seconds=row.hold_seconds,
             rest_seconds=row.rest_seconds, override_reason=row.override_reason)
        for row in sorted(old.exercises, key=lambda r: (r.kind != "main", r.position))
    ]  # fmt: skip
    reason = f"Back to the plan of {old.started_on.day} {old.started_on:%B}."
    return replace(db, patient, exercises=lines, weekdays=old.weekdays, reason=reason, made_by=made_by, now=now, like=old)


def change_days(db: Session, patient: Patient, *, weekdays: Sequence[int], made_by: Account, now: datetime) -> Plan:
    """Move the exercise days; everything else stays."""
    before = current.plan(db, patient)
    if before is None:
        raise Refused("no-plan", "There is no plan yet.")
    plan = Plan(
        issues=before.issues, program=before.program, phase=before.phase, phase_started_on=before.phase_started_on,
        walk=before.walk, max_minutes=before.max_minutes, locked=before.locked,
    )  # fmt: skip
    copied = ("kind", "exercise", "exercise_version", "sets", "repetitions", "hold_seconds", "rest_seconds", "tempo",
              "minutes", "reason", "modifications", "override_reason")  # fmt: skip
    rows = [{name: getattr(row, name) for name in copied} for row in before.exercises]
    _put_in_force(db, patient, plan, rows, weekdays=weekdays, made_by=made_by, now=now, reason="Your exercise days moved.")
    return plan


def _save_phase(
    db: Session, patient: Patient, built: v.BuiltPlan, number: int, *, weekdays: Sequence[int], made_by: Account,
    now: datetime, reason: str,
) -> Plan:  # fmt: skip
    phase = built.phases[number - 1]
    walk = walking.start(phase.walk_plan)
    plan = Plan(
        issues=list(built.issues), program=built.program or built.issues[0], phase=number,
        phase_started_on=clock.local_date(now, patient.time_zone), max_minutes=phase.max_minutes,
        walk={"plan": phase.walk_plan, **dataclasses.asdict(walk)},
    )  # fmt: skip
    rows = [_prescription_row(p) for p in phase.prescriptions]
    _put_in_force(db, patient, plan, rows, weekdays=weekdays, made_by=made_by, now=now, reason=reason)
    return plan


def _held(db: Session, patient: Patient, *, seen_version: int | None = None) -> Plan | None:
    """The plan in force, which nobody else can change before the commit."""
    db.execute(sa.select(Patient.id).where(Patient.id == patient.id).with_for_update())
    plan = current.plan(db, patient)
    if seen_version is not None and plan is not None and plan.version != seen_version:
        raise Refused("changed-meanwhile", f"This plan was changed meanwhile: version {plan.version} is in force now. "
                      "Have a look at it; saving again puts what is below in its place.")  # fmt: skip
    return plan


def _put_in_force(
    db: Session, patient: Patient, plan: Plan, rows: list[dict[str, Any]], *, weekdays: Sequence[int], made_by: Account,
    now: datetime, reason: str,
) -> None:  # fmt: skip
    days = sorted({int(day) for day in weekdays})
    if not days or not all(0 <= day <= 6 for day in days):
        raise Refused("weekdays", "Choose at least one day of the week.", field="weekdays")
    today = clock.local_date(now, patient.time_zone)
    before = _held(db, patient)
    last = db.scalar(sa.select(sa.func.max(Plan.version)).where(Plan.patient_id == patient.id)) or 0
    if before is not None:
        before.ended_on = max(today, before.started_on)
        db.flush()
    plan.patient_id, plan.version, plan.weekdays, plan.started_on = patient.id, last + 1, days, today
    plan.made_by_id, plan.made_at, plan.change_reason = made_by.id, now, reason[:400]
    plan.content_version = catalogue.version()
    counts = {"main": 0, "daily": 0}
    for row in rows:
        plan.exercises.append(PlanExercise(position=counts[row["kind"]], **row))
        counts[row["kind"]] += 1
    db.add(plan)
    patient.plan_changed_at = now
    db.add(AuditEntry(at=now, actor_id=made_by.id, patient_id=patient.id, action="plan-changed", details={"version": plan.version}))
    db.flush()
    patient_days.refresh(db, patient, from_on=today - timedelta(days=7), as_of=today)


def _prescription_row(prescription: v.Prescription) -> dict[str, Any]:
    dosage = prescription.dosage
    return {
        "kind": prescription.kind, "exercise": prescription.exercise, "exercise_version": prescription.exercise_version,
        "sets": dosage.sets, "repetitions": dosage.repetitions, "hold_seconds": dosage.hold_seconds,
        "rest_seconds": dosage.rest_seconds, "tempo": dosage.tempo, "minutes": prescription.minutes,
        "reason": prescription.reason, "modifications": list(prescription.modifications), "override_reason": "",
    }  # fmt: skip


def _line_row(line: Line, *, avoid: Sequence[v.TagRule], modify: Sequence[v.TagRule], phase: int) -> dict[str, Any]:
    exercise = catalogue.exercises().get(line.exercise)
    if exercise is None:
        raise Refused("unknown-exercise", "That exercise is not in the catalogue.", field="exercises")
    against = planning.restricted(exercise, avoid, phase=phase)
    if against is not None and not line.override_reason.strip():
        words = catalogue.tags().get(against.tag, against.tag)
        raise Refused("contraindicated", f"{exercise.name}: not advised for this patient ({words}). Give a reason to keep it.",
                      field=f"override-{exercise.slug}")  # fmt: skip
    texts = [rule.text for rule in modify if rule.tag in exercise.tags and rule.applies_in(phase)]
    return {
        "kind": line.kind, "exercise": exercise.slug, "exercise_version": exercise.version, "sets": line.sets,
        "repetitions": line.repetitions, "hold_seconds": line.hold_seconds, "rest_seconds": line.rest_seconds,
        "tempo": exercise.dosage.tempo, "minutes": exercise.minutes, "reason": "therapist", "modifications": texts,
        "override_reason": line.override_reason.strip()[:400],
    }  # fmt: skip


def _tell(db: Session, patient: Patient, plan: Plan, *, made_by: Account, now: datetime) -> None:
    if made_by.id != patient.account_id:
        notifications.announce_plan_change(db, patient, plan, now=now)



"""How does a therapist give a patient another program, or change the one they have?"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from programs import catalogue
from programs.vocabulary import TagRule
from rehab import clock
from rehab.edge.scopes import db, my_patient, my_plans
from rehab.errors import Refused
from rehab.models import Patient, Plan
from rehab.queries import current, plan_editor
from rehab.schemas import therapist as schemas
from rehab.services import plans
from rehab.web.therapist import blueprint

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@blueprint.route("/patients/<uuid:patient_id>/plan", methods=["GET", "POST"])
def edit_plan(patient_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Choose another program, or change exercises, doses and days; look first, then save."""
    patient = my_patient(patient_id)
    plan = current.plan(db(), patient)
    avoid, _ = plans.restrictions_for(db(), patient)
    if request.method == "GET" or plan is None:
        rows = plan_editor.rows_of(plan, avoid=avoid) if plan is not None else []
        return _page(patient, plan, rows, avoid=avoid)
    rows = plan_editor.rows_of_form(request.form, avoid=avoid, phase=plan.phase)
    if request.form.get("action") == "add":
        return _add(patient, plan, rows, avoid=avoid)
    lines, errors = schemas.read_lines(request.form)
    head, wrong = schemas.PlanHead().read(request.form)
    errors |= wrong
    if errors or request.form.get("action") == "preview":
        return _page(patient, plan, rows, avoid=avoid, errors=errors, preview=not errors), 422 if errors else 200
    try:
        made = plans.replace(db(), patient, exercises=lines, weekdays=head["weekdays"], reason=head["reason"],
                             made_by=current_user.account, now=clock.now(), seen_version=_seen_version())  # fmt: skip
    except Refused as refusal:
        db().rollback()
        plan = current.plan(db(), patient)  # somebody may have changed it; the next save is over what is in force now
        return _page(patient, plan, rows, avoid=avoid, errors={_field(refusal, rows): refusal.message}), 422
    db().commit()
    flash(f"Version {made.version} is in force. {patient.name} is told, with your reason.", "success")
    return redirect(url_for("therapist.patient", patient_id=patient.id), 303)


@blueprint.post("/patients/<uuid:patient_id>/program")
def assign_program(patient_id: uuid.UUID) -> Response | tuple[str, int]:
    """Give a catalogue program, fitted to this patient's answers."""
    patient = my_patient(patient_id)
    values, errors = schemas.Assign().read(request.form)
    if not errors and values["issue"] not in {**catalogue.issues(), **catalogue.factors()}:
        errors["issue"] = "Choose a program of the list."
    if not errors:
        try:
            made = plans.assign_program(db(), patient, values["issue"], made_by=current_user.account, now=clock.now(),
                                        reason=values["reason"], seen_version=_seen_version())  # fmt: skip
        except Refused as refusal:
            db().rollback()
            errors["_" if refusal.code == "changed-meanwhile" else "issue"] = refusal.message
    if errors:
        plan = current.plan(db(), patient)
        avoid, _ = plans.restrictions_for(db(), patient)
        rows = plan_editor.rows_of(plan, avoid=avoid) if plan is not None else []
        renamed = {"program_reason" if key == "reason" else key: words for key, words in errors.items()}
        return _page(patient, plan, rows, avoid=avoid, errors=renamed), 422
    db().commit()
    flash(f"Assigned. Version {made.version} is in force and {patient.name} is told.", "success")
    return redirect(url_for("therapist.patient", patient_id=patient.id), 303)


@blueprint.post("/patients/<uuid:patient_id>/plan/restore")
def restore_plan(patient_id: uuid.UUID) -> Response:
    """Put an earlier version back in force, as a new version."""
    patient = my_patient(patient_id)
    version = _seen_version()
    old = db().scalar(my_plans().where(Plan.patient_id == patient.id, Plan.version == version).options(selectinload(Plan.exercises)))
    if old is None:
        abort(404)
    try:
        made = plans.restore(db(), patient, old, made_by=current_user.account, now=clock.now())
    except Refused as refusal:
        db().rollback()
        flash(refusal.message, "error")
        return redirect(url_for("therapist.patient", patient_id=patient.id, _anchor="plan"), 303)
    db().commit()
    flash(f"Version {old.version} is back, as version {made.version}.", "success")
    return redirect(url_for("therapist.patient", patient_id=patient.id, _anchor="plan"), 303)


def _add(patient: Patient, plan: Plan, rows: list[plan_editor.Row], *, avoid: Sequence[TagRule]) -> str | tuple[str, int]:
    kind = "daily" if request.form.get("add_kind") == "daily" else "main"
    row = plan_editor.new_row(request.form.get("add", ""), kind=kind, avoid=avoid, phase=plan.phase)
    if row is None:
        return _page(patient, plan, rows, avoid=avoid, errors={"add": "Choose an exercise to add."}), 422
    if row.key in {other.key for other in rows}:
        return _page(patient, plan, rows, avoid=avoid, errors={"add": f"{row.exercise.name} is in the plan already."}), 422
    return _page(patient, plan, [*rows, row], avoid=avoid, added=row.key)


def _seen_version() -> int | None:
    """The version a form was drawn from; None for nothing that can be one."""
    version = request.form.get("version", type=int)
    return version if version is not None and 0 < version < 10**9 else None


def _field(refusal: Refused, rows: Sequence[plan_editor.Row]) -> str:
    """The service names an exercise by its slug, the form by its line."""
    slug = (refusal.field or "").removeprefix("override-")
    return next((f"override-{row.key}" for row in rows if row.exercise.slug == slug), refusal.field or "_")


def _page(
    patient: Patient, plan: Plan | None, rows: Sequence[plan_editor.Row], *, avoid: Sequence[TagRule],
    errors: dict[str, str] | None = None, preview: bool = False, added: str = "",
) -> str:  # fmt: skip
    form: Any = request.form
    known: list[Any] = [*catalogue.issues().values(), *catalogue.factors().values()]
    days = form.getlist("weekdays", type=int) if "line" in form else (plan.weekdays if plan is not None else [])
    return render_template(
        "therapist/edit_plan.html", patient=patient, plan=plan, rows=rows, form=form, errors=errors or {}, preview=preview, added=added,
        programs=[(item.slug, item.name) for item in known if item.program is not None], weekdays=WEEKDAYS, days=days,
        choices=plan_editor.choices(avoid=avoid, phase=plan.phase, taken=[row.exercise.slug for row in rows]) if plan else [],
        rules=[catalogue.tags().get(rule.tag, rule.tag) for rule in avoid], dose_of=_dose,
    )  # fmt: skip


def _dose(row: plan_editor.Row) -> plan_editor.Dose | None:
    """What was typed, as a dose, once it is numbers."""
    values = [row.values[name] for name in ("sets", "repetitions", "hold_seconds")]
    return plan_editor.Dose(*map(int, values)) if all(value.isascii() and value.isdigit() for value in values) else None

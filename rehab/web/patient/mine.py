"""What is mine to set: reminders, days, pauses, all-clear, my data."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from marshmallow import fields, validate

from rehab import clock
from rehab.edge.scopes import db, me
from rehab.errors import Refused
from rehab.models import Account, AuditEntry, Pause
from rehab.queries import current
from rehab.schemas import account as schemas
from rehab.schemas.base import Form
from rehab.services import patient_days, plans, screenings
from rehab.web.patient import blueprint
from rehab.web.patient.plan import WEEKDAYS


class PauseForm(Form):
    """From when to when, and why."""

    to_on = fields.Date(load_default=None, error_messages={"invalid": "Use a date like 2026-12-01."})
    reason = fields.String(load_default="holiday", validate=validate.OneOf(["holiday", "illness", "rest", "other"]))


class ClearanceForm(Form):
    """When a clinician said exercise is fine."""

    checked_on = fields.Date(required=True, error_messages={"required": "When were you checked?", "invalid": "Use a date like 2026-12-01."})


@blueprint.route("/me", methods=["GET", "POST"], endpoint="me")
def settings() -> str | Response | tuple[str, int]:
    """Reminder time, days and channels, pauses, connection to a clinic, signing out."""
    patient = me()
    if request.method == "GET":
        return _page({}, {})
    values, errors = schemas.Reminder().read(request.form)
    plan = current.plan(db(), patient)
    if plan is None:
        errors.pop("weekdays", None)
    if errors:
        return _page(request.form, errors), 422
    patient.reminder_time, patient.time_zone = values["reminder_time"], values["time_zone"]
    patient.remind_by_email, patient.remind_by_push = bool(values["remind_by_email"]), bool(values["remind_by_push"])
    if plan is not None and sorted(set(values["weekdays"])) != plan.weekdays:
        plans.change_days(db(), patient, weekdays=values["weekdays"], made_by=current_user.account, now=clock.now())
    db().commit()
    flash("Saved.", "success")
    return redirect(url_for("patient.me"), 303)  # type: ignore[return-value]


@blueprint.post("/me/pause")
def pause() -> Response | tuple[str, int]:
    """Begin a pause today; these days do not count."""
    patient, now = me(), clock.now()
    values, errors = PauseForm().read(request.form)
    today = clock.local_date(now, patient.time_zone)
    if values.get("to_on") and values["to_on"] < today:
        errors["to_on"] = "The pause must end today or later."
    if errors:
        return _page(request.form, errors), 422
    db().add(Pause(patient_id=patient.id, from_on=today, to_on=values["to_on"], reason=values["reason"], made_at=now))
    patient.plan_changed_at = now
    db().flush()
    patient_days.refresh(db(), patient, from_on=today, as_of=today)
    db().commit()
    flash("Paused. No reminders, and these days do not count.", "success")
    return redirect(url_for("patient.me"), 303)  # type: ignore[return-value]


@blueprint.post("/me/resume")
def resume() -> Response:
    """End the pause: today counts again."""
    patient, now = me(), clock.now()
    today = clock.local_date(now, patient.time_zone)
    for row in _open_pauses(today):
        if row.from_on == today:
            db().delete(row)
        else:
            row.to_on = date.fromordinal(today.toordinal() - 1)
    patient.plan_changed_at = now
    db().flush()
    patient_days.refresh(db(), patient, from_on=today, as_of=today)
    db().commit()
    flash("Welcome back.", "success")
    return redirect(url_for("patient.today"), 303)  # type: ignore[return-value]


@blueprint.post("/me/all-clear")
def all_clear() -> Response | tuple[str, int]:
    """"A clinician checked me and said exercise is fine", with the day."""
    patient = me()
    values, errors = ClearanceForm().read(request.form)
    if not errors:
        try:
            screenings.clear(db(), patient, by=current_user.account, checked_on=values["checked_on"], now=clock.now())
        except Refused as refusal:
            db().rollback()
            flash(refusal.message, "error")
            return redirect(url_for("patient.stopped"), 303)  # type: ignore[return-value]
        db().commit()
        flash("Good to hear. Your plan is open again; start gently.", "success")
        return redirect(url_for("patient.home"), 303)  # type: ignore[return-value]
    flash(errors["checked_on"], "error")
    return redirect(url_for("patient.stopped"), 303)  # type: ignore[return-value]


def _open_pauses(today: date) -> list[Pause]:
    own = sa.select(Pause).where(Pause.patient_id == me().id, Pause.from_on <= today)
    return list(db().scalars(own.where(sa.or_(Pause.to_on.is_(None), Pause.to_on >= today))))


def _page(form: object, errors: dict[str, str]) -> str:
    patient = me()
    today = clock.local_date(clock.now(), patient.time_zone)
    looks = db().execute(
        sa.select(AuditEntry.at, AuditEntry.action, Account.name)
        .join(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.patient_id == patient.id, AuditEntry.actor_id != patient.account_id)
        .order_by(AuditEntry.at.desc()).limit(10)
    ).all()  # fmt: skip
    return render_template(
        "patient/me.html", patient=patient, form=form, errors=errors, plan=current.plan(db(), patient), weekdays=WEEKDAYS,
        pauses=_open_pauses(today), looks=looks, zones=[(z, z.replace("_", " ")) for z in clock.common_zones(patient.time_zone)],
    )  # fmt: skip

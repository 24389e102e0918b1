"""The therapist records that somebody checked the patient and exercise is fine again."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask_login import current_user
from marshmallow import fields
from werkzeug.wrappers import Response

from rehab import clock
from rehab.edge.scopes import db, my_patient
from rehab.errors import Refused
from rehab.schemas.base import Form
from rehab.services import screenings
from rehab.web.therapist import blueprint, patients


class ClearanceForm(Form):
    """The day of the check."""

    words: ClassVar[dict[str, Any]] = {"required": "When was the patient checked?", "invalid": "Use a date like 2026-12-01."}
    checked_on = fields.Date(required=True, error_messages=words)


@blueprint.post("/patients/<uuid:patient_id>/all-clear")
def all_clear(patient_id: uuid.UUID) -> Response | tuple[str, int]:
    """Lift the block, with the day and who recorded it."""
    patient = my_patient(patient_id)
    values, errors = ClearanceForm().read(request.form)
    if not errors:
        try:
            screenings.clear(db(), patient, by=current_user.account, checked_on=values["checked_on"], now=clock.now())
        except Refused as refusal:  # nothing was written before a refusal
            if refusal.field is None:
                flash(refusal.message, "error")
                return redirect(url_for("therapist.patient", patient_id=patient.id), 303)
            errors[refusal.field] = refusal.message
    if errors:
        return patients.page(patient, errors), 422
    db().commit()
    flash(f"All-clear recorded. {patient.name}'s phone shows the plan again at its next start.", "success")
    return redirect(url_for("therapist.patient", patient_id=patient.id), 303)

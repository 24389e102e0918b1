"""How does a letter for a doctor get made, kept and printed again?"""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from rehab import clock
from rehab.edge.scopes import db, my_flags, my_patient
from rehab.models import Flag
from rehab.queries import letter as letters
from rehab.schemas import therapist as schemas
from rehab.services import referrals
from rehab.web.therapist import blueprint


@blueprint.route("/patients/<uuid:patient_id>/letter", methods=["GET", "POST"])
def letter(patient_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """See the letter as it would be now; keeping it makes it final."""
    patient, now = my_patient(patient_id), clock.now()
    flag = _flag(patient.id)
    if request.method == "GET":
        drawn = letters.build(db(), patient, flag, now=now)
        return render_template("therapist/letter.html", letter=drawn, patient=patient, flag=flag, form={}, errors={})
    values, errors = schemas.LetterForm().read(request.form)
    drawn = letters.build(db(), patient, flag, now=now, **({} if errors else values))
    if errors:
        return render_template("therapist/letter.html", letter=drawn, patient=patient, flag=flag, form=request.form, errors=errors), 422
    kept = referrals.make(db(), patient, by=current_user.account, content=drawn.content, flag=flag, now=now)
    db().commit()
    flash("The letter is kept. Print it, or hand it over as PDF from the print window.", "success")
    return redirect(url_for("therapist.kept_letter", patient_id=patient.id, referral_id=kept.id), 303)


@blueprint.get("/patients/<uuid:patient_id>/letters/<uuid:referral_id>")
def kept_letter(patient_id: uuid.UUID, referral_id: uuid.UUID) -> str:
    """A letter as it was made."""
    patient = my_patient(patient_id)
    found = letters.kept(db(), patient, referral_id)
    if found is None:
        abort(404)
    return render_template("letters/letter.html", letter=found, back=url_for("therapist.patient", patient_id=patient.id))


def _flag(patient_id: uuid.UUID) -> Flag | None:
    """The flag the letter is about, when the address names one of this patient's."""
    given = request.values.get("flag", type=uuid.UUID)
    return db().scalar(my_flags().where(Flag.id == given, Flag.patient_id == patient_id)) if given else None

"""Who is on the caseload, and what happened with one of them?"""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from programs import catalogue
from rehab import clock
from rehab.edge.scopes import db, my_clinic, my_patient, my_patients
from rehab.models import Patient
from rehab.queries import caseload as caseloads
from rehab.queries import timeline
from rehab.schemas import therapist as schemas
from rehab.services import notes
from rehab.web.therapist import blueprint


@blueprint.get("/patients")
def caseload() -> str:
    """Everybody of mine: searched, sorted and filtered by a plain form."""
    wanted = {name: request.args.get(name, "").strip() for name in ("search", "sort", "only")}
    sort = wanted["sort"] if wanted["sort"] in caseloads.SORTS else "flags"
    only = wanted["only"] if wanted["only"] in caseloads.FILTERS else ""
    today = clock.local_date(clock.now(), my_clinic().time_zone)
    found = caseloads.build(
        db(), my_patients(), today=today, search=wanted["search"][:120], sort=sort, only=only,
        page=request.args.get("page", 1, type=int),
    )  # fmt: skip
    return render_template("therapist/caseload.html", found=found, search=wanted["search"], sort=sort, only=only, sorts=caseloads.SORTS,
                           filters=caseloads.FILTERS, window=caseloads.WINDOW_DAYS)  # fmt: skip


@blueprint.get("/patients/<uuid:patient_id>")
def patient(patient_id: uuid.UUID) -> str:
    """One patient: flags, pain, weeks, time line, plan, answers, notes and who else looked."""
    return page(my_patient(patient_id))


@blueprint.post("/patients/<uuid:patient_id>/notes")
def add_note(patient_id: uuid.UUID) -> Response | tuple[str, int]:
    """Write a note; the patient does not see it on their phone."""
    found = my_patient(patient_id)
    values, errors = schemas.NoteForm().read(request.form)
    if errors:
        return page(found, errors), 422
    notes.add(db(), found, by=current_user.account, text=values["text"], now=clock.now())
    db().commit()
    flash("Note kept.", "success")
    return redirect(url_for("therapist.patient", patient_id=found.id, _anchor="notes"), 303)


def page(found: Patient, errors: dict[str, str] | None = None) -> str:
    """The patient page, with what was wrong in one of its forms."""
    now = clock.now()
    weeks = request.args.get("weeks", type=int)
    weeks = weeks if weeks in timeline.WEEKS else 12
    shown = timeline.build(db(), found, now=now, weeks=weeks)
    tabs = [(f"{w} weeks", url_for("therapist.patient", patient_id=found.id, weeks=w), w == weeks) for w in timeline.WEEKS]
    return render_template(
        "therapist/patient.html", patient=found, page=shown, tabs_of=tabs, weeks=weeks, errors=errors or {}, form=request.form,
        today=clock.local_date(now, found.time_zone), zone=my_clinic().time_zone, outcomes=schemas.OUTCOMES, names=_names(shown),
    )  # fmt: skip


def _names(shown: timeline.Page) -> dict[str, str]:
    slugs = {row.exercise for plan in shown.versions for row in plan.exercises}
    return {slug: catalogue.exercises()[slug].name if slug in catalogue.exercises() else slug for slug in slugs}

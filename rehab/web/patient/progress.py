"""How is it going? Pain with one's own usual range, walking, adherence, in words and pictures."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from rehab import clock
from rehab.edge.scopes import db, me
from rehab.queries import letter as letters
from rehab.queries import progress as queries
from rehab.web.patient import blueprint

WEEKS = (4, 12, 26)


@blueprint.get("/progress")
def progress() -> str:
    """The chart of the last weeks, this week's days and a summary in words."""
    patient = me()
    today = clock.local_date(clock.now(), patient.time_zone)
    weeks = request.args.get("weeks", type=int)
    weeks = weeks if weeks in WEEKS else 12
    seen = queries.build(db(), patient, today=today, from_on=today - timedelta(weeks=weeks) + timedelta(days=1))
    return render_template("patient/progress.html", seen=seen, weeks=weeks, choices=WEEKS)


@blueprint.get("/letter")
def letter() -> str | Response:
    """The letter to take along to an appointment; the patient's own."""
    return render_template("letters/letter.html", letter=letters.build(db(), me(), now=clock.now()), back=url_for("patient.progress"))

"""The shells of the pages that work without network; scripts draw them from the plan on the phone."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from rehab import clock
from rehab.edge.scopes import db, me
from rehab.queries import country, current
from rehab.web.patient import blueprint, home


@blueprint.get("/today")
def today() -> str | Response:
    """Today's session, check-in and walk. Sends newcomers to their first step."""
    step = home.next_step()
    if step != "patient.today":
        return redirect(url_for(step))
    patient = me()
    patient.last_seen_at = clock.now()
    db().commit()
    return render_template("patient/today.html")


@blueprint.get("/session")
def session() -> str:
    """The exercise session, one exercise at a time."""
    return render_template("patient/session.html")


@blueprint.get("/check-in")
def check_in() -> str:
    """The twenty-second check-in."""
    return render_template("patient/check_in.html")


@blueprint.get("/offline")
def offline() -> str:
    """What the phone shows for a page it does not keep."""
    return render_template("patient/offline.html")


@blueprint.get("/stopped")
def stopped() -> str | Response:
    """Why exercise is blocked, and what to do now."""
    patient = me()
    screening = current.blocking(db(), patient)
    if screening is None:
        return redirect(url_for("patient.today"))
    text = country.dispositions(patient.country)[screening.disposition]
    return render_template("patient/stopped.html", patient=patient, screening=screening, text=text,
                           today=clock.local_date(clock.now(), patient.time_zone))  # fmt: skip

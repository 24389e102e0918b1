"""What am I asked to do, when, and why?"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from programs import catalogue, figures
from rehab.edge.scopes import db, me
from rehab.queries import current
from rehab.web.patient import blueprint

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@blueprint.get("/plan")
def plan() -> str | Response:
    """The plan in force with pictures, doses, cues and sources."""
    return _page("patient/plan.html")


@blueprint.get("/plan/print")
def print_plan() -> str | Response:
    """The same on paper."""
    return _page("patient/print_plan.html")


def _page(template: str) -> str | Response:
    patient = me()
    found = current.plan(db(), patient)
    if found is None:
        return redirect(url_for("patient.home"))
    lines = [(row, catalogue.exercise(row.exercise), figures.svg(row.exercise, frame="both") if figures.has(row.exercise) else "")
             for row in sorted(found.exercises, key=lambda r: (r.kind != "main", r.position))]  # fmt: skip
    names = {**catalogue.issues(), **catalogue.factors()}
    return render_template(
        template, patient=patient, plan=found, lines=lines, walk=catalogue.walk_plans()[found.walk["plan"]],
        days=[WEEKDAYS[day] for day in found.weekdays], names=names, sources=catalogue.sources(),
    )  # fmt: skip

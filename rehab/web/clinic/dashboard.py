"""How is the clinic doing?"""

from __future__ import annotations

from flask import Response, render_template

from rehab import clock
from rehab.edge.scopes import db, my_clinic
from rehab.exports import csv_export
from rehab.queries import adherence
from rehab.web.clinic import blueprint

COLUMNS = ("person", "week_starting", "planned", "done", "partly", "missed", "excused", "no_data", "adherence_percent")


@blueprint.get("/dashboard")
def dashboard() -> str:
    """Funnel, adherence, flags and outcome, each with its denominator."""
    clinic, now = my_clinic(), clock.now()
    return render_template("clinic/dashboard.html", clinic=clinic, seen=adherence.build(db(), clinic, now=now),
                           today=clock.local_date(now, clinic.time_zone), smallest=adherence.SMALLEST_GROUP,
                           group_days=adherence.GROUP_DAYS, flag_days=adherence.FLAG_DAYS)  # fmt: skip


@blueprint.get("/adherence.csv")
def adherence_csv() -> Response:
    """Adherence by person (a code, no name) and week."""
    clinic = my_clinic()
    today = clock.local_date(clock.now(), clinic.time_zone)
    rows = (
        (week.person, week.monday.isoformat(), week.planned, week.done, week.partly, week.missed, week.excused, week.no_data, _percent(week))
        for week in adherence.patient_weeks(db(), clinic, today=today)
    )
    text = csv_export.write(COLUMNS, rows)
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="adherence-{today}.csv"'})


def _percent(week: adherence.PatientWeek) -> str:
    due = week.planned - week.excused
    return f"{100 * week.credit / due:.0f}" if due > 0 else ""

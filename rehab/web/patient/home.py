"""The front door: who are you, and what is your next step?"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from rehab.edge.scopes import config, db, me
from rehab.models.account import Role
from rehab.queries import country, current
from rehab.web.account.sign_in import HOMES
from rehab.web.patient import blueprint


@blueprint.get("/")
def home() -> str | Response:
    """A welcome for strangers; everybody else goes to where they left off."""
    if not current_user.is_authenticated:
        return render_template("patient/welcome.html")
    if current_user.role != Role.PATIENT:
        return redirect(url_for(HOMES[current_user.role]))
    return redirect(url_for(next_step()))


def next_step() -> str:
    """The endpoint a patient should see first: safety, then the questions, then Today."""
    patient = me()
    if current.screening(db(), patient) is None:
        return "patient.safety"
    if current.plan(db(), patient) is None and patient.block != "all":
        return "patient.find"
    return "patient.today"


@blueprint.get("/act-now")
def act_now() -> str:
    """What must never wait: works without network and without signing in."""
    code = me().country if current_user.is_authenticated and current_user.role == Role.PATIENT else config().country
    return render_template("patient/act_now.html", numbers=country.numbers(code), texts=country.dispositions(code))

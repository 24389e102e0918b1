"""A new account, alone."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from rehab import clock, limits
from rehab.edge.scopes import config, db
from rehab.errors import Refused
from rehab.models import Invitation
from rehab.schemas import account as schemas
from rehab.services import accounts
from rehab.web import sign_in
from rehab.web.account import blueprint


@blueprint.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> str | Response | tuple[str, int]:
    """Name, address, password, consent; then straight to the safety questions."""
    if current_user.is_authenticated:
        return redirect(url_for("patient.home"))
    if request.method == "GET":
        return page({}, {})
    return create(None)


def create(invitation: Invitation | None) -> Response | tuple[str, int]:
    """Read the form and open the account, by invitation or alone."""
    values, errors = schemas.SignUp().read(request.form)
    if not errors:
        if config().rate_limits:
            limits.count(db(), f"sign-up:{request.remote_addr}", limit=20, seconds=3600, now=clock.now())
        try:
            patient = accounts.sign_up(
                db(), name=values["name"], email=values["email"], password=values["password"],
                time_zone=values["time_zone"], country=values["country"], now=clock.now(), invitation=invitation,
            )  # fmt: skip
        except Refused as refusal:
            db().rollback()
            return page(request.form, {refusal.field or "_form": refusal.message}, invitation), 422
        sign_in.start(patient.account, device=request.user_agent.string)
        db().commit()
        return redirect(url_for("patient.safety"), 303)
    return page(request.form, errors, invitation), 422


def page(form: object, errors: dict[str, str], invitation: Invitation | None = None) -> str:
    """The form with what was typed."""
    countries = list(schemas.COUNTRIES.items())
    return render_template("account/sign_up.html", form=form, errors=errors, invitation=invitation, countries=countries)

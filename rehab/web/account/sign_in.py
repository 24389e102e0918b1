"""The way in and the way out."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from rehab import auth, clock, demo_cast, limits
from rehab.edge import security
from rehab.edge.scopes import config, db
from rehab.models import Account
from rehab.models.account import Role
from rehab.schemas import account as schemas
from rehab.services import accounts
from rehab.web import sign_in
from rehab.web.account import blueprint

HOMES = {Role.PATIENT: "patient.today", Role.THERAPIST: "therapist.inbox", Role.CLINIC_LEAD: "clinic.dashboard"}


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
def sign_in_page() -> str | Response | tuple[str, int]:
    """E-mail and password, and in the demo one button per role."""
    target = request.values.get("next", "")
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(url_for(HOMES[current_user.role]))
        return _page({"next": target}, {})
    values, errors = schemas.SignIn().read(request.form)
    if not errors:
        now = clock.now()
        if config().rate_limits:
            limits.count(db(), f"sign-in:{request.remote_addr}", limit=30, seconds=300, now=now)
            limits.count(db(), f"sign-in:{values['email'].lower()}", limit=10, seconds=300, now=now)
        account = accounts.by_email(db(), values["email"])
        if auth.check_password(account, values["password"]) and account is not None:
            return _enter(account, target)
        errors = {"password": "The address and the password do not belong together."}
    return _page(request.form, errors), 422


@blueprint.post("/demo/<key>")
def demo(key: str) -> Response:
    """Sign in as one of the demo's people; only in demo mode."""
    if not config().demo or key not in demo_cast.SIGN_INS:
        abort(404)
    account = accounts.by_email(db(), demo_cast.SIGN_INS[key].email)
    return _enter(account or abort(404), "")


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Leave; the page clears what the phone kept."""
    if current_user.is_authenticated:
        sign_in.end(current_user.token)
        db().commit()
    response = redirect(url_for("account.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """Leave on every device at once."""
    if not current_user.is_authenticated:
        return redirect(url_for("account.sign_in"), 303)
    auth.sign_out_everywhere(db(), current_user.account, now=clock.now())
    db().commit()
    flash("You are signed out on every device.", "success")
    return redirect(url_for("account.sign_in"), 303)


def _enter(account: Account, target: str) -> Response:
    sign_in.start(account, device=request.user_agent.string)
    db().commit()
    return redirect(target if security.is_local_path(target) else url_for(HOMES[Role(account.role)]), 303)


def _page(form: object, errors: dict[str, str]) -> str:
    people = demo_cast.SIGN_INS if config().demo else {}
    return render_template("account/sign_in.html", form=form, errors=errors, people=people)

"""What does a person see who opens an invitation?"""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from rehab import auth, clock, limits
from rehab.edge.scopes import config, db, me
from rehab.models import Invitation
from rehab.models.account import Role
from rehab.services import accounts
from rehab.web.account import blueprint, sign_up


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> str | Response | tuple[str, int]:
    """Join a therapist: with a new account, or with the one already signed in."""
    now = clock.now()
    if config().rate_limits:
        limits.count(db(), f"invitation:{request.remote_addr}", limit=60, seconds=300, now=now)
    found = db().scalar(
        sa.select(Invitation)
        .where(Invitation.token_hash == auth.token_hash(token))
        .options(joinedload(Invitation.clinic), joinedload(Invitation.therapist))
    )
    if found is None or not found.is_open(now):
        return render_template("account/invitation_over.html"), 404
    if current_user.is_authenticated and current_user.role == Role.PATIENT:
        if request.method == "GET":
            return render_template("account/invitation_join.html", invitation=found)
        accounts.join(db(), me(), found, now=now)
        db().commit()
        flash(f"You are now connected with {found.therapist.name}.", "success")
        return redirect(url_for("patient.home"), 303)
    if request.method == "GET":
        return sign_up.page({"name": found.patient_name, "email": found.email}, {}, found)
    return sign_up.create(found)

"""What may a signed-in staff member set for themselves?"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from rehab.models.account import Role
from rehab.web.account import blueprint


@blueprint.get("/settings")
def settings() -> str | Response:
    """Name, address, and signing out everywhere. Patients have their own page, Me."""
    if not current_user.is_authenticated:
        return redirect(url_for("account.sign_in", next="/account/settings"))
    if current_user.role == Role.PATIENT:
        return redirect(url_for("patient.me"))
    return render_template("account/settings.html")

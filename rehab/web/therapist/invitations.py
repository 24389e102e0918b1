"""Whom did we invite, and how do they get in?

The link is shown while its secret is in this browser's cookie: the database keeps only its hash.
"""

from __future__ import annotations

import uuid
from typing import Any

import segno
import sqlalchemy as sa
from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from rehab import clock
from rehab.edge.scopes import config, db, my_clinic, my_invitation, my_invitations
from rehab.errors import Refused
from rehab.models import Account, Invitation
from rehab.models.account import Role
from rehab.schemas import therapist as schemas
from rehab.services import invitations as services
from rehab.services import notifications
from rehab.web.therapist import blueprint

#: Key of the newest invitation's secret in the browser's own cookie.
KEPT = "invitation"


@blueprint.route("/invitations", methods=["GET", "POST"])
def invitations() -> str | Response | tuple[str, int]:
    """Invite somebody, and see who has not come yet."""
    if request.method == "GET":
        return _page()
    values, errors = schemas.Invite().read(request.form)
    therapist = _therapist(values.get("therapist"))
    if therapist is None:
        errors.setdefault("therapist", "Choose the therapist who will see the patient.")
    if errors or therapist is None:
        return _page(errors), 422
    now = clock.now()
    try:
        made = services.make(db(), therapist, name=values["name"], email=values["email"], now=now)
    except Refused as refusal:
        return _page({refusal.field or "_": refusal.message}), 422
    return _hand_over(made, therapist, dedupe=made.invitation.id)


@blueprint.get("/invitations/<uuid:invitation_id>")
def invitation(invitation_id: uuid.UUID) -> str:
    """The link, the QR code and the sheet to print, as long as this browser has the secret."""
    found = my_invitation(invitation_id)
    kept = session.get(KEPT, {})
    token = kept.get("token") if kept.get("id") == str(found.id) and found.is_open(clock.now()) else None
    link = config().base_url.rstrip("/") + url_for("account.invitation", token=token) if token else None
    return render_template("therapist/invitation.html", invitation=found, link=link, code=_qr(link) if link else "", clinic=my_clinic(),
                           is_open=found.is_open(clock.now()))  # fmt: skip


@blueprint.post("/invitations/<uuid:invitation_id>/renew")
def renew_invitation(invitation_id: uuid.UUID) -> Response:
    """A new link; the old one ends."""
    found = my_invitation(invitation_id)
    made = services.renew(db(), found, now=clock.now())
    therapist = db().get_one(Account, found.therapist_id)
    return _hand_over(made, therapist, dedupe=uuid.uuid4())


@blueprint.post("/invitations/<uuid:invitation_id>/revoke")
def revoke_invitation(invitation_id: uuid.UUID) -> Response:
    """Withdraw: the link stops working."""
    found = my_invitation(invitation_id)
    services.revoke(db(), found, now=clock.now())
    db().commit()
    session.pop(KEPT, None)
    flash(f"Withdrawn. {found.patient_name}'s link no longer works.", "success")
    return redirect(url_for("therapist.invitations"), 303)


def _hand_over(made: services.Made, therapist: Account, *, dedupe: uuid.UUID) -> Response:
    """Commit, send the mail if there is an address, and keep the secret in this browser for the next page."""
    found, clinic = made.invitation, my_clinic()
    if found.email:
        notifications.announce_invitation(
            db(), therapist, invitation_id=dedupe, to=found.email, name=found.patient_name, token=made.token,
            until=f"{clock.local_date(found.expires_at, clinic.time_zone):%d %B %Y}", clinic=clinic.name, now=clock.now(),
        )  # fmt: skip
    db().commit()
    session[KEPT] = {"id": str(found.id), "token": made.token}
    flash(f"The link for {found.patient_name} is ready." + (" An e-mail is on its way too." if found.email else ""), "success")
    return redirect(url_for("therapist.invitation", invitation_id=found.id), 303)


def _therapist(chosen: uuid.UUID | None) -> Account | None:
    """A therapist invites to themselves; a lead chooses one of the clinic."""
    if current_user.role == Role.THERAPIST:
        return current_user.account
    return next((account for account in _colleagues() if account.id == chosen), None)


def _colleagues() -> list[Account]:
    own = sa.select(Account).where(
        Account.clinic_id == my_clinic().id, Account.role == Role.THERAPIST, Account.disabled_at.is_(None)
    )
    return list(db().scalars(own.order_by(Account.name)))


def _page(errors: dict[str, str] | None = None) -> str:
    now = clock.now()
    sent = db().scalars(my_invitations().options(joinedload(Invitation.therapist)).order_by(Invitation.created_at.desc()).limit(200)).all()
    shown: dict[str, Any] = {
        "waiting": [row for row in sent if row.is_open(now)],
        "joined": [row for row in sent if row.accepted_at is not None][:10],
        "over": [row for row in sent if row.accepted_at is None and row.revoked_at is None and not row.is_open(now)],
    }
    return render_template("therapist/invitations.html", form=request.form, errors=errors or {}, zone=my_clinic().time_zone,
                           is_lead=current_user.role == Role.CLINIC_LEAD, valid_days=services.VALID_DAYS,
                           colleagues=[(str(a.id), a.name) for a in _colleagues()], **shown)  # fmt: skip


def _qr(link: str) -> Markup:
    return Markup(segno.make(link, error="m").svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None, title="QR code of the link"))

"""Who needs a look first, and what was done about it?"""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from rehab import clock
from rehab.edge import security
from rehab.edge.scopes import db, my_clinic, my_flag, my_flags
from rehab.errors import Refused
from rehab.models import Flag
from rehab.queries import inbox as queries
from rehab.schemas import therapist as schemas
from rehab.services import flags
from rehab.web.therapist import blueprint


@blueprint.app_context_processor
def _staff_bar() -> dict[str, Any]:
    """The number beside "Inbox" on every staff page."""
    if not current_user.is_authenticated or not current_user.is_staff or current_user.clinic_id is None:
        return {}
    return {"inbox_count": queries.count(db(), my_flags(), today=clock.local_date(clock.now(), my_clinic().time_zone))}


@blueprint.get("/inbox")
def inbox() -> str:
    """Open flags, most urgent first, with what is needed to decide."""
    return _page()


@blueprint.post("/flags/<uuid:flag_id>/acknowledge")
def acknowledge_flag(flag_id: uuid.UUID) -> Response:
    """Seen; it stays in the list until it is closed."""
    flag = my_flag(flag_id)
    flags.acknowledge(db(), flag, by=current_user.account, now=clock.now())
    db().commit()
    flash(f"Noted that you have seen {flag.patient.name}'s flag.", "success")
    return _back(flag)


@blueprint.post("/flags/<uuid:flag_id>/resolve")
def resolve_flag(flag_id: uuid.UUID) -> Response | tuple[str, int]:
    """Close with what became of it."""
    flag = my_flag(flag_id)
    values, errors = schemas.Close().read(request.form)
    if errors:
        return _page(flag, errors), 422
    flags.resolve(db(), flag, by=current_user.account, now=clock.now(), **values)
    db().commit()
    flash(f"Closed for {flag.patient.name}: “{schemas.OUTCOMES[values['outcome']]}”.", "success")
    return _back(flag)


@blueprint.post("/flags/<uuid:flag_id>/snooze")
def snooze_flag(flag_id: uuid.UUID) -> Response | tuple[str, int]:
    """Put aside until a day."""
    flag = my_flag(flag_id)
    values, errors = schemas.Snooze().read(request.form)
    if not errors:
        try:
            flags.snooze(db(), flag, by=current_user.account, until=values["until"], now=clock.now())
        except Refused as refusal:
            errors[refusal.field or "_"] = refusal.message
    if errors:
        db().rollback()
        return _page(flag, errors), 422
    db().commit()
    flash(f"{flag.patient.name}'s flag comes back on {values['until']:%d %b}.", "success")
    return _back(flag)


@blueprint.post("/flags/<uuid:flag_id>/reopen")
def reopen_flag(flag_id: uuid.UUID) -> Response:
    """Take back a closing."""
    flag = my_flag(flag_id)
    flags.reopen(db(), flag, by=current_user.account, now=clock.now())
    db().commit()
    flash(f"Open again: {flag.patient.name}.", "success")
    return _back(flag)


def _back(flag: Flag) -> Response:
    target = request.form.get("next", "")
    return redirect(target if security.is_local_path(target) else url_for("therapist.inbox"), 303)


def _page(wrong: Flag | None = None, errors: dict[str, str] | None = None) -> str:
    now = clock.now()
    found = queries.build(db(), my_flags(), now=now)
    return render_template(
        "therapist/inbox.html", found=found, inbox_count=len(found.open), outcomes=schemas.OUTCOMES, zone=my_clinic().time_zone,
        wrong=wrong.id if wrong is not None else None, errors=errors or {}, form=request.form, title_of=queries.title,
        today=clock.local_date(now, my_clinic().time_zone), longest_snooze=flags.LONGEST_SNOOZE_DAYS,
    )  # fmt: skip

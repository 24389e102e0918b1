"""Which mails did the demo send? A page instead of a mail program, for the demo only."""

from __future__ import annotations

from flask import abort, render_template

from rehab.delivery import email
from rehab.edge.scopes import config
from rehab.web.account import blueprint


@blueprint.get("/mailbox")
@blueprint.get("/mailbox/<name>")
def mailbox(name: str | None = None) -> str:
    """The list, newest first, or one mail's text. On a real site there is no such page."""
    if not config().demo:
        abort(404)
    opened = email.saved_one(config(), name) if name is not None else None
    if name is not None and opened is None:
        abort(404)
    mails = email.saved(config()) if opened is None else []
    return render_template("account/mailbox.html", mails=mails, opened=opened)

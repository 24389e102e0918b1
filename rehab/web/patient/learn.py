"""Cards to read: what helps, what to avoid, who can help."""

from __future__ import annotations

from flask import abort, render_template

from programs import catalogue
from rehab.web.patient import blueprint


@blueprint.get("/learn")
def learn() -> str:
    """Every card, by kind."""
    return render_template("patient/learn.html", cards=catalogue.cards().values())


@blueprint.get("/learn/<slug>")
def card(slug: str) -> str:
    """One card."""
    return render_template("patient/card.html", card=catalogue.cards().get(slug) or abort(404), sources=catalogue.sources())

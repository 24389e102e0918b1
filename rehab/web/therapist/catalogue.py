"""What does the product know, from where, and who looked at it last?"""

from __future__ import annotations

from flask import render_template

from programs import catalogue as content
from rehab.web.therapist import blueprint


@blueprint.get("/catalogue")
def catalogue() -> str:
    """Issues, factors and exercises with their sources and review dates."""
    exercises = sorted(content.exercises().values(), key=lambda e: (e.level, e.name))
    return render_template("therapist/catalogue.html", issues=content.issues().values(), factors=content.factors().values(),
                           exercises=exercises, by_slug=content.exercises(), sources=content.sources(), tags=content.tags(), version=content.version())  # fmt: skip

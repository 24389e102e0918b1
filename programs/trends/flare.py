"""Is this a flare that usually settles by itself, or just one bad day?

Rule "flare" (``SELF_MANAGE``): two scored days running at least two points above the usual, or the flare button.
It ends after two scored days below usual + 1, or after a week without a word. Rule "spike" (``AMBER``): a single
such day; nobody is told, the phone says that single days mean little. Source: ``worsening.yaml`` spike, flare.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from programs.trends.course import Course
from programs.vocabulary import Finding, Severity

RULE, SPIKE_RULE = "flare", "spike"
SOURCE = "worsening.yaml:flare"
RISE, SETTLED_BELOW = 2.0, 1.0
FORGOTTEN_AFTER = timedelta(days=7)
REMEMBERED = timedelta(days=28)


class Flare(NamedTuple):
    """A flare from its first day; ``ended_on`` is None while it lasts."""

    started_on: date
    ended_on: date | None
    by_button: bool


def flares(course: Course) -> list[Flare]:
    """The flares of the last 28 days, oldest first, against the usual as it is known today."""
    usual = course.usual
    found: list[Flare] = []
    started: date | None = None
    by_button = False
    last_sign = date.min
    high_before: date | None = None
    calm = 0
    for day in course.days[-REMEMBERED.days :]:
        score = course.score(day)
        high = score is not None and usual is not None and score >= usual + RISE
        if started is not None and day.on - last_sign > FORGOTTEN_AFTER:
            found.append(Flare(started, last_sign, by_button))
            started, by_button = None, False
        if day.flare or (high and high_before is not None):
            started = started or high_before or day.on
            by_button = by_button or day.flare
        if day.flare or score is not None:
            last_sign = day.on
        if day.flare or (score is not None and (usual is None or score >= usual + SETTLED_BELOW)):
            calm = 0
        elif score is not None:
            calm += 1
        if started is not None and calm >= 2:
            found.append(Flare(started, day.on, by_button))
            started, by_button = None, False
        high_before = day.on if high else (high_before if score is None else None)
    if started is not None:
        found.append(Flare(started, None, by_button))
    return found


def look(course: Course) -> Finding | None:
    """A flare that lasts on ``as_of``."""
    known = flares(course)
    if not known or known[-1].ended_on is not None:
        return None
    now = known[-1]
    evidence: dict[str, object] = {
        "since": now.started_on.isoformat(),
        "days": (course.as_of - now.started_on).days + 1,
        "by_button": now.by_button,
        "your_usual": _shown(course.usual),
        "flares_last_28_days": len(known),
        "points": course.points(14),
    }
    return Finding(RULE, Severity.SELF_MANAGE, evidence, SOURCE)


def look_for_a_spike(course: Course) -> Finding | None:
    """A single high day today, without a flare."""
    score, usual = course.score(course.days[-1]), course.usual
    if score is None or usual is None or score < usual + RISE:
        return None
    known = flares(course)
    if known and known[-1].ended_on is None:
        return None
    return Finding(SPIKE_RULE, Severity.AMBER, {"pain": score, "your_usual": _shown(usual)}, "worsening.yaml:spike")


def _shown(usual: float | None) -> float | None:
    return None if usual is None else round(usual, 1)

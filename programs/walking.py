"""How does walking begin, and what is the next step? Numbers from the walk plans of the catalogue.

One thing changes at a time: minutes, or rounds. On a bad day half, never none. Source: brief §3.2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from programs import catalogue


@dataclass(frozen=True, slots=True)
class WalkDose:
    """Walking of one day: ``minutes`` a round, ``rounds``, on ``days_per_week`` days."""

    minutes: int
    rounds: int
    days_per_week: int


def start(slug: str, *, comfortable_minutes: int | None = None) -> WalkDose:
    """The first dose. ``comfortable_minutes``: how long one walks before pain passes 3, None if not known."""
    plan = catalogue.walk_plans()[slug]
    minutes = plan.start_minutes
    if comfortable_minutes is not None and plan.start_share > 0:
        minutes = round(comfortable_minutes * plan.start_share)
    minutes = max(min(minutes, plan.start_minutes_max), min(plan.start_minutes, 5))
    return WalkDose(minutes=minutes, rounds=plan.rounds, days_per_week=plan.days_per_week)


def step(slug: str, dose: WalkDose, *, week_pain: float | None, morning_kept: bool) -> WalkDose:
    """Next week's dose: a step up, or the same when the week hurt, settled badly, or was not logged."""
    plan = catalogue.walk_plans()[slug]
    hold_above = catalogue.thresholds().number("walking", "week_pain_max")
    if week_pain is None or week_pain > hold_above or not morning_kept:
        return dose
    longer = replace(dose, minutes=dose.minutes + plan.step_minutes)
    return longer if longer.minutes * longer.rounds <= plan.cap_minutes else dose


def ease(slug: str, dose: WalkDose) -> WalkDose:
    """An easier week."""
    return replace(dose, minutes=max(1, round(dose.minutes * catalogue.walk_plans()[slug].ease_share)))


def bad_day(dose: WalkDose) -> WalkDose:
    """Half, not none."""
    return replace(dose, minutes=max(1, round(dose.minutes * catalogue.thresholds().number("walking", "bad_day_share"))))

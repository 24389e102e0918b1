"""Has the pain not eased after the weeks in which it usually does?

Rule "no-improvement" (brief: plateau): at week 6 (most back issues) or 12 (hip issues, stenosis) the mean of the last
fortnight against the mean of the first: less than 2 points **and** less than 30 % better. Few sessions come first:
below 60 % adherence the finding is ``SELF_MANAGE`` (what gets in the way, a simpler plan) for three weeks.
Needs seven scores in the first fortnight and eight in the last, otherwise None.
Source: ``worsening.yaml`` plateau_back, plateau_hip, plateau_lowadh; the global rating and the patient-specific
scale are not part of a diary day and are asked in the check-in form that follows.
"""

from __future__ import annotations

from collections.abc import Sequence

from programs.trends.course import Course
from programs.vocabulary import DiaryDay, Finding, Severity

RULE = "no-improvement"
SOURCE = "worsening.yaml:plateau_back,plateau_hip,plateau_lowadh"
POINTS, SHARE = 2.0, 0.30
LOGS_NEEDED = 8
SAFE_PAIN = 2.0  # 0-2 is the safe zone of the pain rule: nothing to improve
LOW_ADHERENCE, ADHERENCE_DAYS, RETEST_DAYS = 60.0, 42, 21


def look(course: Course) -> Finding | None:
    """The plateau on ``as_of``, or None while it is too early, improving, comfortable, or not known."""
    first_on, baseline = course.state.first_on, course.state.baseline
    rising = course.reading is not None and course.reading.level >= Severity.BOOK
    if first_on is None or baseline is None or rising:  # a booked rise already says more than a plateau
        return None
    days = (course.as_of - first_on).days + 1
    recent = course.scores_since(14)
    if days < 7 * course.no_improvement_weeks or len(recent) < LOGS_NEEDED:
        return None
    now = sum(recent) / len(recent)
    eased = baseline - now
    if now <= SAFE_PAIN or eased >= POINTS or eased >= SHARE * baseline:
        return None
    given = course.adherence_percent
    adherence = given if given is not None else recent_adherence(course.days)
    waits = adherence is not None and adherence < LOW_ADHERENCE
    retest = days >= 7 * course.no_improvement_weeks + RETEST_DAYS
    evidence: dict[str, object] = {
        "weeks": days // 7,
        "average_first_14_days": round(baseline, 1),
        "average_last_14_days": round(now, 1),
        "eased_by": round(eased, 1),
        "logs_last_14_days": len(recent),
        "adherence_percent": None if adherence is None else round(adherence),
        "low_adherence": waits,
        "points": course.points(28),
    }
    return Finding(RULE, Severity.SELF_MANAGE if waits and not retest else Severity.BOOK, evidence, SOURCE)


def recent_adherence(days: Sequence[DiaryDay]) -> float | None:
    """Percent of the planned sessions done in the last six weeks, pauses left out; None when nothing was planned."""
    window = [day for day in days[-ADHERENCE_DAYS:] if not day.paused and day.sessions_planned > 0]
    planned = sum(day.sessions_planned for day in window)
    done = sum(min(day.sessions_planned, day.sessions_completed) for day in window)
    return 100 * done / planned if planned else None

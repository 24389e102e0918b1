"""Is the pain so high, or walking so suddenly lost, that somebody should look the same day?

Rule "high-pain" (``URGENT``), the part of the brief's w3 that a diary day can show:

* pain at rest of 8 or more in every answer of two calendar days running (48 hours). Who is known to
  live with a usual of 6 or more is sent a point and a half above it, not every fortnight (our reading of the brief);
* walking lost: under 5 minutes on two days running with more pain than usual, when at least 15 minutes were usual.

New leg or bladder symptoms and bad sleep are asked by the red-flag screen, not guessed from a diary.
Source: ``worsening.yaml`` w3_urgent.
"""

from __future__ import annotations

from statistics import median

from programs.trends.course import Course
from programs.vocabulary import DiaryDay, Finding, Severity

RULE = "high-pain"
SOURCE = "worsening.yaml:w3_urgent"
SEVERE = 8.0
KNOWN_SEVERE, ABOVE_SEVERE = 6.0, 1.5
LOST_MINUTES, USUAL_MINUTES, WALKS_NEEDED = 5.0, 15.0, 5
RISE = 2.0


def look(course: Course) -> Finding | None:
    """What stands today; yesterday's diary counts when today has no answer yet."""
    days = course.days[-3:]
    pair = days[-2:] if days[-1].logged else days[-3:-1]
    if len(pair) < 2:
        return None
    if all(_severe_at_rest(course, day) for day in pair):
        return _finding(course, "rest-pain", {"rest_pain": [_rest(day) for day in pair]})
    if not all(_walking_lost(course, day) for day in pair):
        return None
    minutes = usual_minutes(course)
    if minutes is None or minutes < USUAL_MINUTES:
        return None
    walked = [day.walking_minutes for day in pair]
    return _finding(course, "walking-lost", {"walking_minutes": walked, "usual_minutes": round(minutes)})


def usual_minutes(course: Course) -> float | None:
    """Median walking of the four weeks before the last three days; None with fewer than five walks."""
    walks = [day.walking_minutes for day in course.days[-31:-3] if day.walking_minutes is not None]
    return median(walks) if len(walks) >= WALKS_NEEDED else None


def _rest(day: DiaryDay) -> list[float]:
    return [s for s in (day.pain_next_morning, day.pain_before, day.pain_usual) if s is not None]


def _severe_at_rest(course: Course, day: DiaryDay) -> bool:
    scores = _rest(day)
    if not scores or min(scores) < SEVERE:
        return False
    usual = course.usual
    return usual is None or usual < KNOWN_SEVERE or min(scores) >= usual + ABOVE_SEVERE


def _walking_lost(course: Course, day: DiaryDay) -> bool:
    if day.walking_minutes is None or day.walking_minutes >= LOST_MINUTES:
        return False
    score, usual = course.score(day), course.usual
    return score is not None and usual is not None and score >= usual + RISE


def _finding(course: Course, kind: str, numbers: dict[str, object]) -> Finding:
    usual = course.usual
    shown = {"kind": kind, "your_usual": None if usual is None else round(usual, 1), "points": course.points(28)}
    return Finding(RULE, Severity.URGENT, {**shown, **numbers}, SOURCE)

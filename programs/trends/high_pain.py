"""Is the pain so high, or walking so suddenly lost, that somebody should look the same day?

Rule "high-pain" (``URGENT``), the part of the brief's w3 that a diary day can show:

* pain at rest of 8 or more in every answer of two calendar days running (48 hours);
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
LOST_MINUTES, USUAL_MINUTES, WALKS_NEEDED = 5.0, 15.0, 5
RISE = 2.0


def look(course: Course) -> Finding | None:
    """What stands today; yesterday's diary counts when today has no answer yet."""
    pairs = [course.days[-2:]]
    if not course.days[-1].logged:
        pairs.append(course.days[-3:-1])
    for pair in pairs:
        if len(pair) < 2:
            continue
        if all(_severe_at_rest(day) for day in pair):
            return _finding(course, "rest-pain", {"rest_pain": [_rest(day) for day in pair]})
        minutes = usual_minutes(course)
        if minutes is not None and minutes >= USUAL_MINUTES and all(_walking_lost(course, day) for day in pair):
            walked = [day.walking_minutes for day in pair]
            return _finding(course, "walking-lost", {"walking_minutes": walked, "usual_minutes": round(minutes)})
    return None


def usual_minutes(course: Course) -> float | None:
    """Median walking of the four weeks before the last three days; None with fewer than five walks."""
    walks = [day.walking_minutes for day in course.days[-31:-3] if day.walking_minutes is not None]
    return median(walks) if len(walks) >= WALKS_NEEDED else None


def _rest(day: DiaryDay) -> list[float]:
    return [s for s in (day.pain_next_morning, day.pain_before, day.pain_usual) if s is not None]


def _severe_at_rest(day: DiaryDay) -> bool:
    scores = _rest(day)
    return bool(scores) and min(scores) >= SEVERE


def _walking_lost(course: Course, day: DiaryDay) -> bool:
    score, usual = course.score(day), course.usual
    lost = day.walking_minutes is not None and day.walking_minutes < LOST_MINUTES
    return lost and score is not None and usual is not None and score >= usual + RISE


def _finding(course: Course, kind: str, numbers: dict[str, object]) -> Finding:
    usual = course.usual
    shown = {"kind": kind, "your_usual": None if usual is None else round(usual, 1), "points": course.points(28)}
    return Finding(RULE, Severity.URGENT, {**shown, **numbers}, SOURCE)

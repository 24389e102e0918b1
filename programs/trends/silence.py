"""Has a person gone quiet, measured by their own rhythm?

Rule "silence". The yardstick is the person's usual gap between logs: somebody who logs almost daily is asked after
six quiet days, somebody who logs every third day later. The brief's days are the limits for everybody: a nudge
between day 4 and day 7, a check-in by day 14. Who stopped after a rise of pain comes first. A paused day counts
like a log: the count starts again after it, and nobody is called silent during a pause.
Source: ``worsening.yaml`` missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil

from programs.trends.course import Course
from programs.vocabulary import DiaryDay, Finding, Severity

RULE = "silence"
SOURCE = "worsening.yaml:missed"
NUDGE, CHECK_IN = (4, 7), (6, 14)  # earliest and latest day, whatever the rhythm
NUDGE_GAPS, CHECK_IN_GAPS = 2.5, 4.0  # usual gaps between logs
RHYTHM_DAYS, RHYTHM_LOGS = 56, 5
RISE, SEVERE = 1.0, 7.0


def look(course: Course) -> Finding | None:
    """The silence up to ``as_of``; None while somebody logs, pauses, or is quiet no longer than usual."""
    days_silent = _quiet_days(course.days)
    if course.days[-1].paused or days_silent < NUDGE[0]:
        return None
    last_on = next((day.on for day in reversed(course.days) if day.logged), None)
    gap = usual_gap(course.days, last_on=last_on)
    last_pain = next((score for day in reversed(course.days) if (score := course.score(day)) is not None), None)
    rise = stopped_after_rise(course, last_on=last_on)
    level = _level(days_silent, gap, early=rise or (last_pain is not None and last_pain >= SEVERE))
    if level is None:
        return None
    evidence: dict[str, object] = {
        "days_silent": days_silent,
        "usual_gap_days": None if gap is None else round(gap, 1),
        "last_log_on": None if last_on is None else last_on.isoformat(),
        "last_pain": last_pain,
        "stopped_after_rise": rise,
        "points": course.points(28),
    }
    return Finding(RULE, level, evidence, SOURCE)


def _quiet_days(days: Sequence[DiaryDay]) -> int:
    """Days in a row, up to the last, without a log and without a pause."""
    count = 0
    for day in reversed(days):
        if day.logged or day.paused or day.flare:
            return count
        count += 1
    return count


def usual_gap(days: Sequence[DiaryDay], *, last_on: date | None) -> float | None:
    """Days from one log to the next over the eight weeks up to ``last_on``, pauses left out; None below five logs."""
    if last_on is None:
        return None
    window = _until(days, last_on)[-RHYTHM_DAYS:]
    first = next((n for n, day in enumerate(window) if day.logged), 0)
    window = window[first:]
    logs = sum(day.logged for day in window)
    counted = sum(day.logged or not day.paused for day in window)
    return (counted - 1) / (logs - 1) if logs >= RHYTHM_LOGS else None


def _until(days: Sequence[DiaryDay], last_on: date) -> Sequence[DiaryDay]:
    return days[: len(days) - (days[-1].on - last_on).days]


def stopped_after_rise(course: Course, *, last_on: date | None) -> bool:
    """Whether the last week of scores before the silence stood at least a point above the usual."""
    if last_on is None or course.usual is None:
        return False
    scores = [s for s in map(course.score, _until(course.days, last_on)[-7:]) if s is not None]
    return bool(scores) and sum(scores) / len(scores) >= course.usual + RISE


def _level(days_silent: int, gap: float | None, *, early: bool) -> Severity | None:
    nudge_on = _day(NUDGE_GAPS, gap, limits=NUDGE)
    check_in_on = nudge_on if early else _day(CHECK_IN_GAPS, gap, limits=CHECK_IN)
    if days_silent >= check_in_on:
        return Severity.CHECK_IN
    return Severity.SELF_MANAGE if days_silent >= nudge_on else None


def _day(gaps: float, gap: float | None, *, limits: tuple[int, int]) -> int:
    """After so many usual gaps, within the limits; with an unknown rhythm nudge early and check in late."""
    if gap is None:
        return limits[0] if limits is NUDGE else limits[1]
    return min(limits[1], max(limits[0], ceil(gaps * gap)))

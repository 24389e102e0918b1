"""What do the last weeks of a diary say, and who should know?

``detect`` is the whole answer for one person and day; each rule lives in a file of its own and is listed in
``RULES``. Everything is measured against the person's own usual, never against other people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from programs.trends import flare, high_pain, no_improvement, replay, silence, worsening
from programs.trends.course import Course, without_gaps
from programs.trends.state import State, UnknownState
from programs.vocabulary import DiaryDay, Finding

__all__ = ["RULES", "State", "UnknownState", "detect", "replay", "review"]

#: Rule name -> the function that looks at a course and answers with a finding or None.
RULES: dict[str, Callable[[Course], Finding | None]] = {
    worsening.RULE: worsening.look,
    high_pain.RULE: high_pain.look,
    silence.RULE: silence.look,
    no_improvement.RULE: no_improvement.look,
    flare.RULE: flare.look,
    flare.SPIKE_RULE: flare.look_for_a_spike,
}


def detect(
    history: Iterable[DiaryDay],
    *,
    as_of: date,
    no_improvement_weeks: int = 6,
    adherence_percent: float | None = None,
    state: State | None = None,
) -> tuple[Finding, ...]:
    """All findings on ``as_of``, most severe first. See ``review``, which also gives the state to store."""
    found, _ = review(
        history,
        as_of=as_of,
        no_improvement_weeks=no_improvement_weeks,
        adherence_percent=adherence_percent,
        state=state,
    )
    return found


def review(
    history: Iterable[DiaryDay],
    *,
    as_of: date,
    no_improvement_weeks: int = 6,
    adherence_percent: float | None = None,
    state: State | None = None,
) -> tuple[tuple[Finding, ...], State]:
    """All findings on ``as_of``, most severe first, and the state after that day.

    ``history`` may come in any order and with gaps; days after ``as_of`` are ignored. With a ``state`` only the
    days after ``state.as_of`` are weighed, and the last 84 days of history are enough; a state from ``as_of`` or
    later (a late record) is not used. An empty history has no findings.
    """
    days = without_gaps(history, as_of=as_of)
    start, fresh = _start(days, state, as_of=as_of)
    after, reading = worsening.follow(start, fresh)
    course = Course(days, as_of, after, reading, no_improvement_weeks, adherence_percent)
    if not days:
        return (), after
    found = [finding for look in RULES.values() if (finding := look(course)) is not None]
    found.sort(key=lambda finding: (-finding.severity, not finding.evidence.get("stopped_after_rise", False)))
    return tuple(found), after


def _start(days: list[DiaryDay], state: State | None, *, as_of: date) -> tuple[State, list[DiaryDay]]:
    """Where the filter begins, and the days it still has to weigh."""
    if state is None or state.as_of is None or state.as_of >= as_of:
        return State(), days
    known_on = state.as_of
    return state, [day for day in without_gaps(days, as_of=as_of, from_on=known_on) if day.on > known_on]

"""Is this person's pain rising for good, measured against their own usual?

Rule "worsening" (brief §6). Every day the diary is weighed against three explanations, see
``explanations``; fewer logs, missed sessions and less walking than usual add a little. Three lights:

* ``AMBER`` stays on the phone and asks for a log on a silent day;
* ``CHECK_IN`` asks for the one-minute form;
* ``BOOK`` recommends an appointment.

A day without a score never turns ``BOOK`` on. Too little data is not good news: silence covers it.
Source of the levels: false-alarm budget of ``clinical/worsening.yaml`` (w1, w2), measured by simulation.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from programs.trends import explanations, habits
from programs.trends.course import Course
from programs.trends.state import START_DAYS, State
from programs.vocabulary import DiaryDay, Finding, Severity

RULE = "worsening"
SOURCE = "worsening.yaml:w1_checkin,w2_book"
#: About 0.5 and 1 false alarms per person and year in the simulated worlds (development seeds 11 and 112).
BOOK_ABOVE, CHECK_IN_ABOVE, AMBER_ABOVE = -0.2, -0.68, -2.2
WALKING_WEIGHT, SESSIONS_WEIGHT, LOGGING_WEIGHT = 0.2, 0.1, 0.2
CLEARLY_LESS = 1.0  # standard units below the person's usual
BOOK, CHECK_IN, AMBER, NOTHING = int(Severity.BOOK), int(Severity.CHECK_IN), int(Severity.AMBER), -1


class Reading(NamedTuple):
    """What one day said. ``level`` is a ``Severity`` value or -1; ``score`` is what the levels cut."""

    level: int
    score: float
    pain: float | None
    usual: float | None
    spread: float
    less_walking: bool
    missed_sessions: bool
    fewer_logs: bool

    @property
    def wants_log(self) -> bool:
        """Whether a score on the next silent day would help to decide."""
        return self.level >= AMBER


def advance(state: State, day: DiaryDay) -> tuple[State, Reading]:
    """The state after ``day`` and what the day said; ``state`` itself is left alone. Days must come in order."""
    after = state.copy()
    return after, step(after, day)


def follow(state: State, days: Iterable[DiaryDay]) -> tuple[State, Reading | None]:
    """The state after all ``days`` (oldest first, one a calendar day) and the last reading. O(1) memory."""
    after, reading = state.copy(), None
    for day in days:
        reading = step(after, day)
    return after, reading


def step(state: State, day: DiaryDay) -> Reading:
    """Like ``advance``, but moves ``state`` itself on. Raises ``ValueError`` when a day is skipped or repeated."""
    _turn_the_page(state, day.on)
    pain = daily_pain(state, day)
    usual = state.usual.learn(pain)
    spread = state.spread.learn(pain, usual)
    if pain is None:
        odds = explanations.wait(state.beliefs)
    else:
        _count(state, pain)
        odds = explanations.weigh(state.beliefs, pain, spread)
    walking, sessions, logging = _habits(state, day)
    score = odds + WALKING_WEIGHT * walking + SESSIONS_WEIGHT * sessions + LOGGING_WEIGHT * logging
    state.level = level = _level(score, usual, pain, before=state.level)
    return Reading(
        level, score, pain, usual, spread, walking > CLEARLY_LESS, sessions > CLEARLY_LESS, logging > CLEARLY_LESS
    )


def _turn_the_page(state: State, on: date) -> None:
    if state.as_of is None:
        state.first_on = on
    elif on.toordinal() - state.as_of.toordinal() != 1:
        raise ValueError(f"the day after {state.as_of} is missing: got {on}")
    state.as_of = on


def daily_pain(state: State, day: DiaryDay) -> float | None:
    """One number for the day, and learn the person's offsets from it.

    The mean of the scores at rest; scores after exercise and while walking join after the person's own usual
    offset is taken off.
    """
    total, count = 0.0, 0
    for score in (day.pain_next_morning, day.pain_before, day.pain_usual):
        if score is not None:
            total += score
            count += 1
    after, walk = day.pain_after, day.pain_walk
    if after is None and walk is None:
        return total / count if count else None
    rest = total / count if count else None
    for score, offset, prior in ((after, state.after, habits.AFTER_OFFSET), (walk, state.walk, habits.WALK_OFFSET)):
        if score is None:
            continue
        total += score - (offset[0] + prior * habits.OFFSET_PRIOR) / (offset[1] + habits.OFFSET_PRIOR)
        count += 1
        if rest is not None:
            offset[0] += score - rest
            offset[1] += 1
    return total / count


def _count(state: State, pain: float) -> None:
    state.logs += 1
    if state.usual.days <= START_DAYS:
        state.start_total += pain
        state.start_logs += 1


def _habits(state: State, day: DiaryDay) -> tuple[float, float, float]:
    """Walking, sessions and logging below the person's usual, each clipped; nothing is learnt from a paused day."""
    if day.paused:
        walking, sessions, logging = (habit.learn(None) for habit in (state.walking, state.sessions, state.logging))
    else:
        logged = state.beliefs.gap == 0 or day.logged
        state.silent = silent = 0 if logged else state.silent + 1
        done = float(day.sessions_completed > 0) if day.sessions_planned > 0 and silent <= 3 else None
        walking = state.walking.learn(habits.log_minutes(day.walking_minutes))
        sessions = state.sessions.learn(done)
        logging = state.logging.learn(float(logged) if silent <= 7 else None)
    return _clipped(walking, -1.5), _clipped(sessions, -1.5), _clipped(logging, -1.0)


def _clipped(value: float, low: float) -> float:
    return low if value < low else 2.5 if value > 2.5 else value


def _level(score: float, usual: float | None, pain: float | None, *, before: int) -> int:
    if score <= AMBER_ABOVE:
        return NOTHING
    if score <= CHECK_IN_ABOVE or usual is None:
        return AMBER
    if score <= BOOK_ABOVE or (pain is None and before < BOOK):
        return CHECK_IN
    return BOOK


def look(course: Course) -> Finding | None:
    """The finding of the last day of ``course``, with numbers a therapist can check by eye."""
    reading = course.reading
    if reading is None or reading.level < AMBER:
        return None
    return Finding(RULE, Severity(reading.level), evidence(course, reading), SOURCE)


def evidence(course: Course, reading: Reading) -> dict[str, object]:
    """Everything is counted from the shown ``points`` and the shown ``usual_range``."""
    recent = course.scores_since(10)
    shown: dict[str, object] = {
        "average_last_10_days": round(sum(recent) / len(recent), 1) if recent else None,
        "logs_last_10_days": len(recent),
        "your_usual": None,
        "usual_range": None,
        "days_above_range": None,
        "fewer_logs": reading.fewer_logs,
        "less_walking": reading.less_walking,
        "missed_sessions": reading.missed_sessions,
        "points": course.points(28),
    }
    if reading.usual is not None:
        low, high = max(0.0, reading.usual - reading.spread), min(10.0, reading.usual + reading.spread)
        high = round(high, 1)
        shown["your_usual"] = round(reading.usual, 1)
        shown["usual_range"] = [round(low, 1), high]
        shown["days_above_range"] = f"{sum(score > high for score in recent)} of {len(recent)}"
    return shown

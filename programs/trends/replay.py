"""What would the rules have said, day by day, over stored diaries?

Reads one JSON record per patient and line, ``{"id": …, "diary": [{"date": …, "pain_before": …}, …]}``, and gives
one JSON line per flag (``flags``) or per patient-day (``states``). Nothing peeks: each day is judged with what was
known that evening. A flag is raised on a rising edge; the same level is not repeated within fourteen days unless
the level rises (brief: cooldown).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from programs.trends import flare, high_pain, no_improvement, silence, worsening
from programs.trends.course import Course
from programs.trends.state import State
from programs.vocabulary import DiaryDay, Finding, Severity

COOLDOWN_DAYS = 14
WINDOW_DAYS = 84  # what a rule may look back, as in ``trends.review``
LONGEST_DIARY = 20_000  # calendar days
_SCORES = ("pain_usual", "pain_before", "pain_after", "pain_next_morning", "pain_walk")
_ONE_DAY = timedelta(days=1)


class BadRecord(ValueError):
    """A line that is not a diary; ``line`` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


class NothingLogged(DiaryDay):
    """A day on which a phone may have counted steps, but the person did not say anything."""

    __slots__ = ()

    @property
    def logged(self) -> bool:
        """Always False."""
        return False


def replay_lines(lines: Iterable[str], *, states: bool, no_improvement_weeks: int = 6) -> Iterator[str]:
    """JSON lines for the diaries in ``lines``, in order; empty lines are skipped. Raises ``BadRecord``.

    With ``states`` every calendar day of a diary gives ``{"id", "date", "book", "check_in"}``: whether the worsening
    rule stands at that level or above that evening. Otherwise every flag gives ``{"id", "date", "rule", "level",
    "evidence"}``.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            name, days = read_record(line)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise BadRecord(number, _words(problem)) from problem
        quoted = json.dumps(name, ensure_ascii=False)
        yield from _states(quoted, days) if states else _flags(quoted, days, weeks=no_improvement_weeks)


def read_record(line: str) -> tuple[object, list[DiaryDay]]:
    """The id and the calendar days of one line, oldest first, gaps filled. Raises ``ValueError`` and its kin."""
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError("expected an object with id and diary")
    if not isinstance(record.get("id"), str | int):
        raise ValueError("id is missing")
    diary = record.get("diary")
    if not isinstance(diary, list):
        raise ValueError("diary is missing or not a list")
    days = [_day(entry) for entry in diary]
    if any(later.on - earlier.on != _ONE_DAY for earlier, later in zip(days, days[1:])):  # noqa: B905
        days = _calendar(days)
    return record["id"], days


def _calendar(days: list[DiaryDay]) -> list[DiaryDay]:
    known: dict[date, DiaryDay] = {}
    for day in days:
        if day.on in known:
            raise ValueError(f"{day.on} is there twice")
        known[day.on] = day
    first = min(known)
    count = (max(known) - first).days + 1
    if count > LONGEST_DIARY:
        raise ValueError(f"the diary spans {count} days")
    return [known.get(on) or DiaryDay(on) for on in (first + timedelta(days=n) for n in range(count))]


def _day(entry: Mapping[str, object]) -> DiaryDay:
    get = entry.get
    on = date.fromisoformat(get("date"))  # type: ignore[arg-type]
    usual, before, after, morning, walk = map(get, ("pain_usual", "pain_before", "pain_after", "pain_next_morning", "pain_walk"))
    for score in (usual, before, after, morning, walk):
        if score is not None and not (type(score) in _NUMBERS and 0 <= score <= 10):  # type: ignore[operator]
            raise ValueError(f"{on}: pain must be a number from 0 to 10, got {score!r}")
    minutes, planned, done = get("walking_minutes"), get("sessions_planned") or 0, get("sessions_completed") or 0
    if minutes is not None and not (type(minutes) in _NUMBERS and minutes >= 0):  # type: ignore[operator]
        raise ValueError(f"{on}: walking_minutes must be a number, got {minutes!r}")
    if type(planned) not in _WHOLE or type(done) not in _WHOLE:
        raise ValueError(f"{on}: sessions must be counted in whole numbers")
    kind = NothingLogged if get("logged") is False and usual is before is after is morning is walk is None and not done else DiaryDay
    return kind(
        on, usual, before, after, morning, walk, minutes, int(planned), int(done),  # type: ignore[arg-type,call-overload]
        bool(get("flare")), bool(get("paused")),
    )  # fmt: skip


_NUMBERS, _WHOLE = frozenset({int, float}), frozenset({int, bool})


def _states(name: str, days: list[DiaryDay]) -> Iterator[str]:
    state = State()
    step, book, check_in = worsening.step, int(Severity.BOOK), int(Severity.CHECK_IN)
    for day in days:
        level = step(state, day).level
        words = _BOTH if level >= book else _CHECK_IN if level >= check_in else _NEITHER
        yield f'{{"id": {name}, "date": "{day.on.isoformat()}", {words}}}'


_BOTH = '"book": true, "check_in": true'
_CHECK_IN = '"book": false, "check_in": true'
_NEITHER = '"book": false, "check_in": false'


def _flags(name: str, days: list[DiaryDay], *, weeks: int) -> Iterator[str]:
    state = State()
    edges: dict[str, Edge] = {}
    for n, day in enumerate(days):
        reading = worsening.step(state, day)
        course = Course(days[max(0, n + 1 - WINDOW_DAYS) : n + 1], day.on, state, reading, weeks)
        for rule, finding in _todays(course, reading, number=n):
            level = Severity.AMBER if finding is None else finding.severity
            if edges.setdefault(rule, Edge()).rises(level, on=day.on) and finding is not None:
                yield (
                    f'{{"id": {name}, "date": "{day.on.isoformat()}", "rule": "{rule}", '
                    f'"level": "{level.name.lower()}", "evidence": {json.dumps(finding.evidence)}}}'
                )


class Edge:
    """One rule's level over time, and when each level was last flagged."""

    __slots__ = ("flagged_on", "level", "raised")

    def __init__(self) -> None:
        self.level = Severity.AMBER
        self.raised = Severity.AMBER
        self.flagged_on = date.min

    def rises(self, level: Severity, *, on: date) -> bool:
        """Whether today's level is a new flag: it rose, and it is higher than what was flagged in the last 14 days."""
        before, self.level = self.level, level
        if level <= before or level < Severity.SELF_MANAGE:
            return False
        if (on - self.flagged_on).days < COOLDOWN_DAYS and level <= self.raised:
            return False
        self.raised, self.flagged_on = level, on
        return True


def _todays(course: Course, reading: worsening.Reading, *, number: int) -> Iterator[tuple[str, Finding | None]]:
    """The rules in question today; the cheap tests only leave out days on which a rule cannot rise."""
    day = course.days[-1]
    if reading.level >= Severity.CHECK_IN:
        yield worsening.RULE, worsening.look(course)
    else:
        yield worsening.RULE, None
    logged = day.logged
    yield silence.RULE, None if logged or day.paused else silence.look(course)
    may_flare = day.flare or (reading.pain is not None and reading.pain > (course.usual or 0.0) + flare.SETTLED_BELOW)
    if may_flare or not logged:
        yield flare.RULE, flare.look(course) if may_flare or day.flare else None
    yield high_pain.RULE, high_pain.look(course) if logged else None
    if number % 7 == 6 and number + 1 >= 7 * course.no_improvement_weeks:
        yield no_improvement.RULE, no_improvement.look(course)


def _words(problem: Exception) -> str:
    if isinstance(problem, json.JSONDecodeError):
        return f"not JSON ({problem.msg}, column {problem.colno})"
    if isinstance(problem, ValueError):
        return str(problem)
    return "the diary entries are not objects with a date"

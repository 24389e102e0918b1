"""What would the rules have said, day by day, over stored diaries?

Reads one JSON record per patient and line, ``{"id": …, "diary": [{"date": …, "pain_before": …}, …]}``, and gives
one JSON line per flag (``flags``) or per patient-day (``states``). Nothing peeks: each day is judged with what was
known that evening. A flag is raised on a rising edge; the same level is not repeated within fourteen days unless
the level rises (brief: cooldown). "No improvement" is looked at weekly and repeated only after as many weeks again.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    if any(later.on - earlier.on != _ONE_DAY for earlier, later in itertools.pairwise(days)):
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
    edges = {rule: Edge(COOLDOWN_DAYS) for rule in (worsening.RULE, high_pain.RULE, silence.RULE, flare.RULE)}
    edges[no_improvement.RULE] = Edge(7 * weeks)
    rising = edges[worsening.RULE]
    today = Today()
    for n, day in enumerate(days):
        reading = worsening.step(state, day)
        rules = today.rules(day, reading, edges, weeks=weeks)
        rises = rising.rises(Severity(max(reading.level, 0)), on=day.on)
        if not rules and not rises:
            continue
        course = Course(days[max(0, n + 1 - WINDOW_DAYS) : n + 1], day.on, state, reading, weeks)
        found = [worsening.look(course)] if rises else []
        for rule, look in rules:
            finding = look(course)
            if edges[rule].rises(Severity.AMBER if finding is None else finding.severity, on=day.on):
                found.append(finding)
        yield from (_line(name, day.on, finding) for finding in found if finding is not None)


def _line(name: str, on: date, finding: Finding) -> str:
    return (
        f'{{"id": {name}, "date": "{on.isoformat()}", "rule": "{finding.rule}", '
        f'"level": "{finding.severity.name.lower()}", "evidence": {json.dumps(finding.evidence)}}}'
    )


Look = Callable[[Course], Finding | None]


class Today:
    """Which rules may differ from yesterday? The others are not asked, which is what makes a replay fast."""

    __slots__ = ("days", "quiet", "was_high")

    def __init__(self) -> None:
        self.days = 0
        self.quiet = 0
        self.was_high = False

    def rules(
        self, day: DiaryDay, reading: worsening.Reading, edges: Mapping[str, Edge], *, weeks: int
    ) -> list[tuple[str, Look]]:
        """Names and functions of the rules to ask on ``day``; call once a day, in order."""
        self.days += 1
        pain = reading.pain
        rules: list[tuple[str, Look]] = []
        silent = not (day.paused or day.flare or pain is not None or day.logged)
        self.quiet = self.quiet + 1 if silent else 0
        if edges[high_pain.RULE].level or (pain is not None and (pain >= _HIGH or _walked_little(day))):
            rules.append((high_pain.RULE, high_pain.look))
        if silence.NUDGE[0] <= self.quiet <= silence.CHECK_IN[1] or (not self.quiet and edges[silence.RULE].level):
            rules.append((silence.RULE, silence.look))
        high = pain is not None and pain >= (reading.usual or 0.0) + _RAISED
        if edges[flare.RULE].level or day.flare or (high and self.was_high):
            rules.append((flare.RULE, flare.look))
        if pain is not None:
            self.was_high = high
        if self.days >= 7 * weeks and self.days % 7 == 0:
            rules.append((no_improvement.RULE, no_improvement.look))
        return rules


_HIGH = high_pain.SEVERE - 3.0  # the day's number lies below its highest score
_RAISED = flare.RISE - 0.5


def _walked_little(day: DiaryDay) -> bool:
    return day.walking_minutes is not None and day.walking_minutes < high_pain.LOST_MINUTES


class Edge:
    """One rule's level over time, and when each level was last flagged."""

    __slots__ = ("cooldown_days", "flagged_on", "level", "raised")

    def __init__(self, cooldown_days: int) -> None:
        self.cooldown_days = cooldown_days
        self.level = Severity.AMBER
        self.raised = Severity.AMBER
        self.flagged_on = date.min

    def rises(self, level: Severity, *, on: date) -> bool:
        """Whether today's level is a new flag: it rose, and it is higher than what was flagged lately."""
        before, self.level = self.level, level
        if level <= before or level < Severity.SELF_MANAGE:
            return False
        if (on - self.flagged_on).days < self.cooldown_days and level <= self.raised:
            return False
        self.raised, self.flagged_on = level, on
        return True


def _words(problem: Exception) -> str:
    if isinstance(problem, json.JSONDecodeError):
        return f"not JSON ({problem.msg}, column {problem.colno})"
    if isinstance(problem, ValueError):
        return str(problem)
    return "the diary entries are not objects with a date"

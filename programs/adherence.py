"""How much of what was planned was done? The one definition, used by every page.

A *planned* day is a weekday of the plan version in force that day. It is

- ``excused`` when a pause, illness, holiday or block covers it, or the session was skipped to rest on purpose;
- ``done`` or ``partly`` when a session was logged that day, or when a session on an unplanned day of
  the same Monday-to-Sunday week makes up for it (each makes up for one day, the nearest first);
- ``missed`` when it was skipped and said so;
- ``no_data`` when nothing was logged: silence is its own number, never zero and never fine.

A planned day in the future is not counted, and today counts only once something is logged. In percent,
partly counts half; nothing due is None, not zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from programs.vocabulary import Excuse, PlanPeriod, SessionRecord

RANK = {"skipped": 0, "partly": 1, "done": 2}


@dataclass(frozen=True, slots=True)
class AdherenceDay:
    """One day. ``state``: done, partly, missed, no_data, excused, open (today, nothing yet), free, extra."""

    on: date
    state: str


@dataclass(frozen=True, slots=True)
class Adherence:
    """The days of the window and how many of them are what. ``planned`` includes the excused ones."""

    days: tuple[AdherenceDay, ...]
    planned: int
    done: int
    partly: int
    excused: int
    missed: int
    no_data: int

    @property
    def percent(self) -> int | None:
        """Done and half of partly, out of planned and not excused, rounded; None when nothing was due."""
        due = self.planned - self.excused
        return round(100 * (self.done + self.partly / 2) / due) if due > 0 else None


def measure(
    periods: Sequence[PlanPeriod], sessions: Sequence[SessionRecord], *, excuses: Sequence[Excuse] = (),
    from_on: date, to_on: date, as_of: date,
) -> Adherence:  # fmt: skip
    """Count the days from ``from_on`` to ``to_on`` as known on ``as_of``. Linear in days and sessions.

    The week around each end of the window is read too, so that a make-up session counts the same
    whatever window is asked for; give the sessions of those weeks.
    """
    best = _best_by_day(sessions, as_of=as_of)
    states: dict[date, str] = {}
    monday = from_on - timedelta(days=from_on.weekday())
    while monday <= to_on:
        week = [monday + timedelta(days=offset) for offset in range(7)]
        states |= _week(week, periods, best, excuses, as_of=as_of)
        monday += timedelta(days=7)
    days = tuple(AdherenceDay(on, states[on]) for on in _days(from_on, to_on))
    counts: dict[str, int] = defaultdict(int)
    for day in days:
        counts[day.state] += 1
    named = {name: counts[name] for name in ("done", "partly", "excused", "missed", "no_data")}
    return Adherence(days=days, planned=sum(named.values()), **named)


def _best_by_day(sessions: Sequence[SessionRecord], *, as_of: date) -> dict[date, SessionRecord]:
    best: dict[date, SessionRecord] = {}
    for record in sessions:
        before = best.get(record.performed_on)
        if record.performed_on <= as_of and (before is None or RANK[record.status] > RANK[before.status]):
            best[record.performed_on] = record
    return best


def _week(
    week: Sequence[date], periods: Sequence[PlanPeriod], best: dict[date, SessionRecord], excuses: Sequence[Excuse], *, as_of: date
) -> dict[date, str]:
    planned = {on for on in week if _is_planned(on, periods)}
    states = {on: _own_state(on, on in planned, best.get(on), excuses, as_of=as_of) for on in week}
    # A session on an unplanned day makes up for the nearest unfilled day of its week, the earlier one first.
    spare = sorted(on for on in week if on not in planned and on in best and best[on].status != "skipped")
    for on in spare:
        unfilled = [day for day in week if states[day] in {"missed", "no_data"}]
        states[on] = "extra"
        if unfilled:
            nearest = min(unfilled, key=lambda day: (abs((day - on).days), day))
            states[nearest] = best[on].status
    return states


def _own_state(on: date, planned: bool, record: SessionRecord | None, excuses: Sequence[Excuse], *, as_of: date) -> str:
    if not planned or on > as_of:
        return "free"
    if record is not None and record.status != "skipped":
        return record.status
    if any(e.from_on <= on and (e.to_on is None or on <= e.to_on) for e in excuses):
        return "excused"
    if record is not None:
        return "excused" if record.skip_reason == "resting" else "missed"
    return "open" if on == as_of else "no_data"


def _is_planned(on: date, periods: Sequence[PlanPeriod]) -> bool:
    return any(p.start_on <= on and (p.end_on is None or on < p.end_on) and on.weekday() in p.weekdays for p in periods)


def _days(from_on: date, to_on: date) -> list[date]:
    return [from_on + timedelta(days=offset) for offset in range((to_on - from_on).days + 1)]

"""What does a rule get to look at? One calendar day after the other up to ``as_of``, and the filter's reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from programs.trends import habits
from programs.trends.state import State
from programs.vocabulary import DiaryDay

if TYPE_CHECKING:
    from programs.trends.worsening import Reading


@dataclass(frozen=True)
class Course:
    """A diary without calendar gaps, oldest day first, ending on ``as_of``."""

    days: Sequence[DiaryDay]
    as_of: date
    state: State
    reading: Reading | None
    no_improvement_weeks: int = 6
    adherence_percent: float | None = None

    @property
    def usual(self) -> float | None:
        """The person's usual pain; until that is known, the mean of the first fortnight, if seven days have a score."""
        level = self.state.usual.level
        return level if level is not None else self.state.baseline

    @cached_property
    def scores(self) -> list[tuple[date, float]]:
        """One pain number for each scored day, one decimal, with the offsets as known today."""
        found = []
        for day in self.days:
            score = self.score(day)
            if score is not None:
                found.append((day.on, score))
        return found

    def score(self, day: DiaryDay) -> float | None:
        """One pain number for a day, one decimal; None without a score. See ``worsening.daily_pain``."""
        scores = [s for s in (day.pain_next_morning, day.pain_before, day.pain_usual) if s is not None]
        if day.pain_after is not None:
            scores.append(day.pain_after - _offset(self.state.after, habits.AFTER_OFFSET))
        if day.pain_walk is not None:
            scores.append(day.pain_walk - _offset(self.state.walk, habits.WALK_OFFSET))
        return round(min(10.0, max(0.0, sum(scores) / len(scores))), 1) if scores else None

    def scores_since(self, days: int) -> list[float]:
        """The scores of the last ``days`` calendar days."""
        after_on = self.as_of - timedelta(days=days)
        return [score for on, score in self.scores if on > after_on]

    def points(self, limit: int) -> list[list[object]]:
        """The last scored days as ``[date, score]``, for a small chart; JSON-able."""
        return [[on.isoformat(), score] for on, score in self.scores[-limit:]]


def _offset(learnt: Sequence[float], prior: float) -> float:
    return (learnt[0] + prior * habits.OFFSET_PRIOR) / (learnt[1] + habits.OFFSET_PRIOR)


def without_gaps(history: Iterable[DiaryDay], *, as_of: date, from_on: date | None = None) -> list[DiaryDay]:
    """The days up to ``as_of`` in order, missing ones filled with empty days; a day given twice: the later one wins.

    ``from_on`` starts the calendar there, otherwise it starts on the first day given.
    """
    known = {day.on: day for day in history if day.on <= as_of}
    if not known and from_on is None:
        return []
    first = min(known) if from_on is None else from_on
    count = (as_of - first).days + 1
    calendar = (first + timedelta(days=n) for n in range(count))
    return [known.get(on) or DiaryDay(on) for on in calendar]

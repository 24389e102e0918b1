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

    def score(self, day: DiaryDay) -> float | None:
        """One pain number for a day, one decimal; None without a score. See ``worsening.daily_pain``.

        The offsets of pain after exercise and while walking are taken as they are known today.
        """
        total, count = 0.0, 0
        for score in (day.pain_next_morning, day.pain_before, day.pain_usual):
            if score is not None:
                total += score
                count += 1
        if day.pain_after is not None:
            total += day.pain_after - self._after_offset
            count += 1
        if day.pain_walk is not None:
            total += day.pain_walk - self._walk_offset
            count += 1
        if not count:
            return None
        mean = total / count
        return 0.0 if mean < 0.0 else 10.0 if mean > 10.0 else round(mean, 1)

    def scores_since(self, days: int) -> list[float]:
        """The scores of the last ``days`` calendar days, oldest first."""
        return [score for day in self.days[-days:] if (score := self.score(day)) is not None]

    def points(self, limit: int) -> list[list[object]]:
        """The last scored days as ``[date, score]``, oldest first, for a small chart; JSON-able."""
        found: list[list[object]] = []
        for day in reversed(self.days):
            score = self.score(day)
            if score is not None:
                found.append([day.on.isoformat(), score])
                if len(found) == limit:
                    break
        return found[::-1]

    @cached_property
    def _after_offset(self) -> float:
        return _offset(self.state.after, habits.AFTER_OFFSET)

    @cached_property
    def _walk_offset(self) -> float:
        return _offset(self.state.walk, habits.WALK_OFFSET)


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

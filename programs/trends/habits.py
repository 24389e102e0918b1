"""What is usual for this person: pain level, day-to-day spread, walking, sessions and logging?

Small running numbers, kept in flat lists so that they can be stored as JSON. All look back with a delay:
the last days must not move the yardstick they are measured with.
"""

from __future__ import annotations

from math import log, sqrt

from programs.trends import explanations

#: Pain after exercise and while walking differ from pain at rest by a personal offset; until it is known, this one.
AFTER_OFFSET, WALK_OFFSET, OFFSET_PRIOR = 0.4, 0.3, 4.0
USUAL_UP, USUAL_DOWN, USUAL_FIRST_LOGS, USUAL_PRIOR = 0.04, 0.05, 6, 2.0
USUAL_DELAY, USUAL_FIRST_DELAY = 14, 7
SPREAD_PRIOR, SPREAD_PRIOR_DAYS, SPREAD_DELAY, SPREAD_CLIP = 1.15, 8.0, 7, 2.5
HABIT_DELAY, HABIT_FIRST = 10, 8
WALKING, SESSIONS, LOGGING = (0.10, 0.025), (0.12, 0.03), (0.12, 0.02)  # fast and slow weight of each habit
_LOG_MINUTES = [log(max(minutes, 1)) for minutes in range(601)]


class Usual:
    """The slow running level of the pain of two weeks ago. ``level`` is None until six scored days are old enough."""

    __slots__ = ("count", "days", "level", "total", "waiting")

    def __init__(self) -> None:
        self.waiting: list[float | None] = []
        self.days = 0
        self.total = 0.0
        self.count = 0
        self.level: float | None = None

    def learn(self, score: float | None) -> float | None:
        """Take in a day and return the level."""
        waiting = self.waiting
        waiting.append(score)
        k = self.days
        self.days = k + 1
        first = USUAL_FIRST_DELAY
        delay = first if k < 2 * first else min(USUAL_DELAY, first + (k - 2 * first) // 2)
        while len(waiting) > delay:
            old = waiting.pop(0)
            if old is None:
                continue
            self.count += 1
            if self.level is not None:
                self.level += (USUAL_UP if old > self.level else USUAL_DOWN) * (old - self.level)
                continue
            self.total += old
            if self.count >= USUAL_FIRST_LOGS:
                prior = USUAL_PRIOR * explanations.POPULATION_MEAN
                self.level = (self.total + prior) / (self.count + USUAL_PRIOR)
        return self.level


class Spread:
    """The person's own day-to-day standard deviation, drawn towards the population's while days are few."""

    __slots__ = ("count", "total", "waiting")

    def __init__(self) -> None:
        self.waiting: list[float | None] = []
        self.total = SPREAD_PRIOR_DAYS * SPREAD_PRIOR**2
        self.count = SPREAD_PRIOR_DAYS

    def value(self) -> float:
        """Points, 0-10 scale."""
        return sqrt(self.total / self.count)

    def learn(self, score: float | None, usual: float | None) -> float:
        """Take in a day and return the spread before it."""
        spread = sqrt(self.total / self.count)
        waiting = self.waiting
        waiting.append(score)
        if len(waiting) > SPREAD_DELAY:
            old = waiting.pop(0)
            if old is not None and usual is not None:
                limit = SPREAD_CLIP * spread
                away = max(-limit, min(limit, old - usual))
                self.total += 1.08 * away * away  # 1.08 gives back what clipping takes
                self.count += 1
        return spread


class Habit:
    """A fast against a slow, delayed running mean of anything: how far from the person's usual."""

    __slots__ = ("count", "fast", "fast_weight", "scale", "slow", "slow_weight", "total", "waiting")

    def __init__(self, weights: tuple[float, float]) -> None:
        self.fast_weight, self.slow_weight = weights
        self.scale = -1 / 0.45 / sqrt(self.fast_weight / (2 - self.fast_weight))
        self.waiting: list[float | None] = []
        self.fast: float | None = None
        self.slow: float | None = None
        self.total = 0.0
        self.count = 0

    def learn(self, value: float | None) -> float:
        """Take in a day and return how far below usual the habit is, in standard units (positive is less)."""
        waiting = self.waiting
        waiting.append(value)
        if len(waiting) > HABIT_DELAY:
            old = waiting.pop(0)
            if old is not None:
                self._settle(old)
        slow = self.slow
        if value is not None:
            if self.fast is None:
                self.fast = value if slow is None else slow
            else:
                self.fast += self.fast_weight * (value - self.fast)
        return 0.0 if self.fast is None or slow is None else (self.fast - slow) * self.scale

    def _settle(self, old: float) -> None:
        if self.slow is not None:
            self.slow += self.slow_weight * (old - self.slow)
            return
        self.total += old
        self.count += 1
        if self.count >= HABIT_FIRST:
            self.slow = self.total / self.count


def log_minutes(minutes: float | None) -> float | None:
    """Walking is compared as a ratio, so its logarithm is learnt."""
    if minutes is None:
        return None
    return _LOG_MINUTES[int(minutes)] if 0 <= minutes <= 600 else log(max(minutes, 1.0))

"""What must be remembered of a diary so that a new day costs the same in year three as in week one?

About 200 numbers, no matter how long the diary is. ``to_json`` gives a plain list-and-dict value with its
version; ``from_json`` refuses what it does not know, and the caller then replays the diary from the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from programs.trends import explanations, habits

VERSION = 1
START_DAYS = 14  # days that make the baseline of the brief §6.2


class UnknownState(ValueError):
    """A stored state was written by another version or is damaged."""


class State:
    """Everything the worsening filter knows after ``as_of`` (None: no day yet)."""

    __slots__ = (
        "after", "as_of", "beliefs", "first_on", "level", "logging", "logs",
        "sessions", "silent", "spread", "start_logs", "start_total", "usual", "walk", "walking",
    )  # fmt: skip

    def __init__(self) -> None:
        self.as_of: date | None = None
        self.first_on: date | None = None
        self.logs = 0  # days with a pain score
        self.start_total, self.start_logs = 0.0, 0  # the first fourteen days
        self.after = [0.0, 0.0]  # personal offset of pain after exercise: total and count
        self.walk = [0.0, 0.0]
        self.silent = 0  # days since anything was logged, pauses left out
        self.level = -1  # severity of the last day, -1 for nothing
        self.usual = habits.Usual()
        self.spread = habits.Spread()
        self.walking = habits.Habit(habits.WALKING)
        self.sessions = habits.Habit(habits.SESSIONS)
        self.logging = habits.Habit(habits.LOGGING)
        self.beliefs = explanations.Beliefs()

    def copy(self) -> State:
        """An independent copy."""
        twin = State.__new__(State)
        for name in ("as_of", "first_on", "logs", "start_total", "start_logs", "silent", "level"):
            setattr(twin, name, getattr(self, name))
        twin.after, twin.walk = self.after[:], self.walk[:]
        for name in ("usual", "spread", "walking", "sessions", "logging"):
            setattr(twin, name, _copied(getattr(self, name)))
        twin.beliefs = self.beliefs.copy()
        return twin

    @property
    def baseline(self) -> float | None:
        """Mean pain of the first fourteen days; None with fewer than seven scores in them."""
        return self.start_total / self.start_logs if self.start_logs >= START_DAYS // 2 else None

    def to_json(self) -> dict[str, object]:
        """A value that ``json.dumps`` takes as it is. Floats keep every digit, so a round trip changes nothing."""
        beliefs = self.beliefs
        return {
            "version": VERSION,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "first_on": self.first_on.isoformat() if self.first_on else None,
            "counts": [self.logs, self.start_total, self.start_logs, self.silent, self.level],
            "offsets": [self.after[:], self.walk[:]],
            "habits": {name: _fields(getattr(self, name)) for name in _HABITS},
            "weights": beliefs.weights[:],
            "means": beliefs.means[:],
            "last": [beliefs.last, beliefs.gap, beliefs.odds, beliefs.doubt],
        }

    @classmethod
    def from_json(cls, stored: object) -> State:
        """The state ``to_json`` wrote. Raises ``UnknownState``."""
        if not isinstance(stored, Mapping) or stored.get("version") != VERSION:
            raise UnknownState("not a worsening state of this version")
        try:
            return cls()._filled(stored)
        except (KeyError, TypeError, ValueError) as problem:
            raise UnknownState(f"damaged worsening state: {problem}") from problem

    def _filled(self, stored: Mapping[str, object]) -> State:
        self.as_of, self.first_on = _day(stored["as_of"]), _day(stored["first_on"])
        self.logs, self.start_total, self.start_logs, self.silent, self.level = stored["counts"]  # type: ignore[misc]
        after, walk = stored["offsets"]  # type: ignore[misc]
        self.after, self.walk = list(after), list(walk)  # type: ignore[has-type]
        for name in _HABITS:
            _fill(getattr(self, name), stored["habits"][name])  # type: ignore[index]
        beliefs = self.beliefs
        beliefs.weights, beliefs.means = _numbers(stored["weights"]), _numbers(stored["means"])
        beliefs.last, beliefs.gap, beliefs.odds, beliefs.doubt = stored["last"]  # type: ignore[misc]
        return self


_HABITS = ("usual", "spread", "walking", "sessions", "logging")


def _names(habit: object) -> list[str]:
    fixed = {"fast_weight", "slow_weight", "scale"}
    return [name for name in type(habit).__slots__ if name not in fixed]  # type: ignore[attr-defined]


def _fields(habit: object) -> list[object]:
    values = [getattr(habit, name) for name in _names(habit)]
    return [value[:] if isinstance(value, list) else value for value in values]


def _fill(habit: object, values: list[object]) -> None:
    for name, value in zip(_names(habit), values, strict=True):
        setattr(habit, name, list(value) if isinstance(value, list) else value)


def _copied(habit: Any) -> Any:
    kind: Any = type(habit)
    twin = kind.__new__(kind)
    for name in kind.__slots__:
        value = getattr(habit, name)
        setattr(twin, name, value[:] if isinstance(value, list) else value)
    return twin


def _numbers(row: object) -> list[float]:
    if not isinstance(row, list) or len(row) != explanations.COUNT:
        raise ValueError("wrong number of hypotheses")
    return [float(value) for value in row]


def _day(text: object) -> date | None:
    return None if text is None else date.fromisoformat(str(text))

"""Which values does the catalogue hold that only the catalogue's readers need?

Shared values (exercise, issue, factor, program, tag rule) live in ``programs.vocabulary``. Dispositions
and blocks are their lower-case words here, because they travel to phones and templates as data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from programs.vocabulary import Confidence, TagRule


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the content, where a person can go and repair it."""

    file: str
    line: int
    message: str


class CatalogueError(ValueError):
    """The content cannot be used as it is; ``problems`` says what and where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.file}:{p.line}: {p.message}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """How walking grows beside the exercises. The texts are for people, the numbers for ``walking``."""

    slug: str
    brief_id: str
    name: str
    start: str
    step: str
    cap: str
    hold: str
    ease: str
    days_per_week: int
    start_minutes: int  # when nobody measured how far the person gets; of one round where there are rounds
    start_minutes_max: int
    start_share: float  # of the minutes walked before pain passes 3; 0.0 when the plan does not use them
    rounds: int  # 1: one walk
    rounds_max: int
    step_minutes: int  # added per week (per round where there are rounds)
    cap_minutes: int  # of all walking in a day
    ease_share: float  # what is left of a walk when it must become easier


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the questionnaire. ``condition`` is the place group that must be ticked first."""

    id: str
    order: int
    kind: str  # single | multi | number
    text: str
    answers: dict[str, str]  # answer id -> words
    optional: bool = False
    condition: str | None = None  # None | hip | hip_or_pelvis


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A guided test a person may do alone. ``answers`` are the answer ids that a reading may give."""

    id: str
    order: int
    text: str
    reading: str
    answers: dict[str, str]
    skip_if: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Alternative:
    """The third answer of a screening question: a clarified "yes" with its own disposition."""

    answer: str
    disposition: str


@dataclass(frozen=True, slots=True)
class ScreeningQuestion:
    """One red-flag question. ``disposition`` "cluster" acts only together with other answers."""

    id: str
    order: int
    group: str
    ask: tuple[str, ...]  # intake | session | worsening | timer | monthly
    text: str
    clarify: str
    disposition: str
    alternative: Alternative | None
    block: str | None  # overrides the block of the disposition
    gate: str  # what must be agreed before exercise goes on; empty for most
    message: str
    raised_by: tuple[str, ...]  # atoms of the questionnaire that count as a "yes" here
    named_in_brief: bool  # one of the article's own warning signs
    sources: tuple[str, ...]
    confidence: Confidence
    version: int
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class GateItem:
    """One tap of the gate before a session and the full questions it opens."""

    id: str
    text: str
    opens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A small boolean tree over answers: an atom, all of, any of, or at least ``least`` of ``parts``.

    Atoms: an answer id, a user-flag id, ``rf_x`` (answered yes or alternative), ``rf_x:yes``, ``rf_x:alt``,
    ``near-top:<issue slug>``.
    """

    atom: str = ""
    least: int = 0
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Weak signs that matter together. Not raised when a cluster in ``superseded_by`` was."""

    id: str
    when: Condition
    disposition: str
    emergency_when: Condition | None
    superseded_by: tuple[str, ...]
    note: str
    sources: tuple[str, ...]
    confidence: Confidence
    version: int
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class DispositionText:
    """What a person reads for a disposition; ``body`` takes {emergency_number} and {urgent_line}."""

    key: str
    label: str
    head: str
    body: str
    block: str  # none | partial | all


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """Movement that one answer rules out, whatever the ranking says."""

    answer: str
    avoid: tuple[TagRule, ...]


@dataclass(frozen=True, slots=True)
class UserFlag:
    """A fact about the person that restricts movement. In an intake the id means: the restricting answer."""

    id: str
    order: int
    question: str
    statement: str  # the restricting answer as a sentence to tick
    restricting_answer: str  # yes | no
    avoid: tuple[TagRule, ...]
    modify: tuple[TagRule, ...]
    gate: str


@dataclass(frozen=True, slots=True)
class Card:
    """A short text to read: self-care, prevention or an article."""

    slug: str
    brief_id: str
    kind: str  # self-care | prevention | article
    title: str
    text: str
    caution: str
    sources: tuple[str, ...]
    confidence: Confidence
    version: int
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Measure:
    """An outcome measure: how it is scored, what change matters, and whether its licence lets us use it."""

    slug: str
    brief_id: str
    name: str
    about: str
    scoring: str
    lowest: float | None
    highest: float | None
    better: str  # lower | higher | none
    important_change: float | None
    change_text: str
    licence: str
    licence_confidence: Confidence
    use: str  # daily | weekly | fortnightly | long-form | optional | off | excluded
    used_for: str  # all | back | hip
    codes: dict[str, str]
    table: dict[int, float]  # raw score -> interval score
    sources: tuple[str, ...]
    version: int
    reviewed_on: date

    @property
    def usable(self) -> bool:
        """Whether the product may ask it."""
        return self.use not in {"off", "excluded"}


@dataclass(frozen=True, slots=True)
class Locale:
    """The numbers to call in a country (ISO code; "EU" for the rest of it)."""

    code: str
    name: str
    emergency_number: str
    urgent_line: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of the rules by section: ``thresholds().number("pain", "safe_max")``. Unknown names raise KeyError."""

    sections: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, section: str) -> Mapping[str, Any]:
        return self.sections[section]

    def number(self, section: str, name: str) -> float:
        """One number."""
        return float(self.sections[section][name])

    def whole(self, section: str, name: str) -> int:
        """One whole number (days, points, repetitions)."""
        return int(self.sections[section][name])

    def word(self, section: str, name: str) -> str:
        """One slug."""
        return str(self.sections[section][name])

    def words(self, section: str, name: str) -> tuple[str, ...]:
        """A list of slugs."""
        return tuple(self.sections[section][name])

    def sources(self, section: str) -> tuple[str, ...]:
        """Where the numbers of a section come from."""
        return tuple(self.sections[section]["sources"])

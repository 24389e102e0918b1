"""Which values does the clinical brain speak in?

Frozen values and closed sets, named as the field names them. Nothing here decides anything:
rules live in the module of their verb, facts live in ``programs/catalogue``.
Units are in the names (``hold_seconds``); local calendar days end in ``_on``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class Confidence(StrEnum):
    """How well a fact is supported (brief: "How to read confidence")."""

    HIGH = "high"
    MED = "med"
    LOW = "low"


class Disposition(IntEnum):
    """What a screening answer asks the person to do; higher is more urgent."""

    NONE = 0
    ROUTINE = 1
    DAYS = 2
    SAMEDAY = 3
    EMERGENCY = 4


class Block(IntEnum):
    """How much exercise is allowed; higher allows less."""

    NONE = 0
    PARTIAL = 1  # phase 1, level-1 exercises and comfortable walking only
    ALL = 2  # no exercise and no walking plan


class Severity(IntEnum):
    """The ladder of the brief §6.4; ``AMBER`` stays on the phone and alarms nobody."""

    AMBER = 0
    SELF_MANAGE = 1
    CHECK_IN = 2
    BOOK = 3
    URGENT = 4
    EMERGENCY = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule saw: codes and numbers, never sentences (words live in templates)."""

    rule: str
    severity: Severity
    evidence: dict[str, object] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Dosage:
    """How much of an exercise. ``repetitions`` of one with a long hold means one hold."""

    sets: int
    repetitions: int
    hold_seconds: int
    rest_seconds: int
    tempo: str  # up-pause-down in seconds, "-" when it does not apply
    days_per_week: int


@dataclass(frozen=True, slots=True)
class Exercise:
    """One movement of the catalogue. ``level`` 1 (easiest) to 5; ``minutes`` holds both sides and rests."""

    slug: str
    brief_id: str
    name: str
    targets: tuple[str, ...]
    purposes: tuple[str, ...]  # strength, control, endurance, mobility, flexibility, relief, balance, gait, aerobic, habit, nerve
    position: str
    equipment: tuple[str, ...]
    level: int
    side: str  # "both" (together) or "each" (one after the other)
    dosage: Dosage
    progressions: tuple[str, ...]
    regressions: tuple[str, ...]
    minutes: float
    tags: tuple[str, ...]
    cues: tuple[str, ...]
    errors: tuple[str, ...]
    evidence: str
    confidence: Confidence
    sources: tuple[str, ...]
    version: int
    reviewed_on: date
    auto_schedule: bool = True  # False: only a therapist may choose it
    only_if: tuple[str, ...] = ()  # answer ids of which one must be given before it is scheduled


@dataclass(frozen=True, slots=True)
class TagRule:
    """``avoid`` or ``modify`` a movement tag. ``until_phase`` None means in every phase, else up to and including it."""

    tag: str
    until_phase: int | None = None
    text: str = ""  # the modification to show; empty for avoid

    def applies_in(self, phase: int) -> bool:
        """Whether the rule still holds in ``phase`` (1 to 3)."""
        return self.until_phase is None or phase <= self.until_phase


@dataclass(frozen=True, slots=True)
class PhaseTemplate:
    """One phase of a program: exercise slugs of the main session and of the optional five-minute daily routine."""

    number: int
    days_per_week: int
    max_minutes: int
    walk_plan: str
    exercises: tuple[str, ...]
    daily: tuple[str, ...]
    optional_if: dict[str, tuple[str, ...]] = field(default_factory=dict)  # answer id -> extra exercises


@dataclass(frozen=True, slots=True)
class Program:
    """A catalogue template of three phases for one issue or factor."""

    slug: str
    phases: tuple[PhaseTemplate, PhaseTemplate, PhaseTemplate]


@dataclass(frozen=True, slots=True)
class Issue:
    """A pattern that a person picks or that answers look like; never a diagnosis."""

    slug: str
    brief_id: str
    name: str
    clinical_name: str
    codes: dict[str, str]
    explanation: str
    where: str
    worse: str
    better: str
    prior: float
    likelihood_ratios: dict[str, tuple[float, str]]  # answer id -> (ratio, "L" literature | "E" expert)
    do: str
    daily_life: str
    prefer: tuple[str, ...]
    avoid: tuple[TagRule, ...]
    modify: tuple[TagRule, ...]
    course: str
    refer: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence
    referral_only: bool
    program: Program | None
    no_improvement_weeks: int  # 6 for most back issues, 12 for hip issues and stenosis
    version: int
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that may add to the pain; additive, never competing with issues."""

    slug: str
    brief_id: str
    name: str
    clinical_name: str
    codes: dict[str, str]
    explanation: str
    score: dict[str, int]  # answer id -> points
    focus: tuple[str, ...]
    avoid: tuple[TagRule, ...]
    course: str
    refer: tuple[str, ...]
    honest: str
    sources: tuple[str, ...]
    program: Program | None
    version: int
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Prescription:
    """An exercise with its dosage inside a plan. ``reason`` is a code; ``modifications`` are texts to show with it."""

    exercise: str
    exercise_version: int
    dosage: Dosage
    kind: str  # "main" or "daily"
    minutes: float
    reason: str = "template"  # template | refill | substitution | factor | fallback | optional | therapist
    replaces: str | None = None
    modifications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An exercise that was considered and left out, and why (code and the tag or word that spoke)."""

    exercise: str
    reason: str  # avoid-tag | not-auto | needs-answer | floor | kneeling | equipment | level | time
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a built plan. ``weeks`` is the usual length, extended when progress asks for it."""

    number: int
    weeks: int
    days_per_week: int
    max_minutes: int
    walk_plan: str
    prescriptions: tuple[Prescription, ...]
    refusals: tuple[Refusal, ...] = ()

    @property
    def main_minutes(self) -> float:
        """Minutes of the main session."""
        return sum(p.minutes for p in self.prescriptions if p.kind == "main")


@dataclass(frozen=True, slots=True)
class BuiltPlan:
    """What ``planning.build`` answers: three phases, or none when exercise is blocked (``blocked_by`` says why)."""

    issues: tuple[str, ...]
    program: str | None
    start_on: date
    phases: tuple[Phase, ...]
    restrictions: tuple[TagRule, ...] = ()
    blocked_by: str | None = None
    notes: tuple[str, ...] = ()  # codes, e.g. "mixed", "fallback-set", "factor-added:weak-glutes"


@dataclass(frozen=True, slots=True)
class PlanPeriod:
    """When a plan version was in force: days from ``start_on`` up to, not including, ``end_on`` (None: still)."""

    start_on: date
    end_on: date | None
    weekdays: frozenset[int]  # Monday 0 … Sunday 6


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One exercise session as logged. Pain 0-10 (NPRS), effort 0-10 (CR10); None is not asked or not answered."""

    performed_on: date
    status: str  # "done" | "partly" | "skipped"
    pain_before: int | None = None
    pain_worst: int | None = None
    pain_after: int | None = None
    effort: int | None = None
    skip_reason: str | None = None  # hurt | no-time | resting | away | unwell | other
    exercises_done: int | None = None
    exercises_planned: int | None = None


@dataclass(frozen=True, slots=True)
class Excuse:
    """Days that do not count as planned: pause, holiday, illness, block. Both ends included; None is open."""

    from_on: date
    to_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """One calendar day of a diary, as the trend rules read it. None is "not logged", never zero."""

    on: date
    pain_usual: float | None = None  # check-in: usual pain in the last 24 hours, 0-10
    pain_before: float | None = None
    pain_after: float | None = None
    pain_next_morning: float | None = None
    pain_walk: float | None = None
    walking_minutes: float | None = None
    sessions_planned: int = 0
    sessions_completed: int = 0
    flare: bool = False
    paused: bool = False

    @property
    def logged(self) -> bool:
        """Whether the person logged anything that day."""
        scores = (self.pain_usual, self.pain_before, self.pain_after, self.pain_next_morning, self.pain_walk)
        return any(s is not None for s in scores) or self.walking_minutes is not None or self.sessions_completed > 0


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything a person told us that the brain may use. Missing answers are simply absent.

    ``screening`` maps red-flag ids to "yes", "no", "alt" (the alternative or clarifying answer) or
    "skip". ``health_flags`` holds the user-flag ids whose restricting answer was given (``uf_floor``
    in the set means "cannot get down to the floor"). ``equipment`` None means not asked: the common
    household things are assumed. ``minutes`` is the time a session may take, None for the template's.
    """

    selected: frozenset[str] = frozenset()
    screening: dict[str, str] = field(default_factory=dict)
    told_issues: tuple[str, ...] = ()
    health_flags: frozenset[str] = frozenset()
    equipment: frozenset[str] | None = None
    minutes: int | None = None

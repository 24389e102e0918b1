"""Which fields does each kind of file have, and which values may they take?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from programs.catalogue import dicts, loader

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one kind."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()


def _shape(required: str, optional: str = "") -> Shape:
    return Shape(frozenset(required.split()), frozenset(optional.split()))


REVIEWED = "version reviewed_on sources confidence"
KINDS = {
    "exercises": _shape(
        f"brief_id name level position side minutes purposes targets equipment tags cues errors progressions regressions evidence dosage {REVIEWED}",
        "auto_schedule only_if figure retired_on",
    ),
    "issues": _shape(
        "brief_id name clinical_name codes explanation where worse better do daily_life course refer prior likelihood_ratios "
        f"no_improvement_weeks prefer avoid modify {REVIEWED}",
        "referral_only program retired_on",
    ),
    "factors": _shape(
        f"brief_id name clinical_name explanation score focus avoid course refer honest {REVIEWED}",
        "codes program program_same_as retired_on",
    ),
    "walk-plans": _shape(
        "brief_id order name start step cap hold ease days_per_week start_minutes start_minutes_max start_share rounds rounds_max "
        f"step_minutes cap_minutes ease_share {REVIEWED}"
    ),
    "screening": _shape(
        f"order group ask text disposition message {REVIEWED}", "clarify alternative block gate raised_by named_in_brief retired_on"
    ),
    "questions": _shape("order kind text", "answers answers_from optional condition"),
    "self-tests": _shape(f"order text reading skip_if {REVIEWED}", "answers"),
    "cards": _shape(f"brief_id order kind title text {REVIEWED}", "caution retired_on"),
    "measures": _shape(
        "brief_id order name version reviewed_on use used_for about scoring better change_text licence licence_confidence sources",
        "lowest highest important_change codes table",
    ),
}
FILES = ("answer-rules.toml", "clusters.toml", "dispositions.toml", "locales.toml", "screening-gate.toml", "sources.toml",
         "tags.toml", "thresholds.toml", "user-flags.toml")  # fmt: skip
BUILDERS: dict[str, Callable[[str, Table], object]] = {
    "exercises": loader.exercise, "issues": loader.issue, "walk-plans": loader.walk_plan, "screening": loader.screening,
    "questions": loader.question, "self-tests": loader.self_test, "cards": loader.card, "measures": loader.measure,
}  # fmt: skip

#: Field -> words it may take, by kind.
WORDS = {
    ("exercises", "position"): {"supine", "prone", "side-lying", "quadruped", "kneeling", "sitting", "standing"},
    ("exercises", "side"): {"both", "each"},
    ("exercises", "purposes"): {"strength", "control", "endurance", "mobility", "flexibility", "relief", "balance", "gait",
                                "aerobic", "habit", "nerve"},
    ("screening", "group"): {"cauda-equina", "fracture", "infection", "cancer", "vascular", "inflammatory", "states", "general"},
    ("screening", "ask"): {"intake", "session", "worsening", "timer", "monthly"},
    ("screening", "block"): {"none", "partial", "all"},
    ("questions", "kind"): {"single", "multi", "number"},
    ("questions", "condition"): {"hip", "hip_or_pelvis"},
    ("cards", "kind"): {"self-care", "prevention", "article"},
    ("measures", "use"): {"daily", "weekly", "fortnightly", "long-form", "optional", "off", "excluded"},
    ("measures", "used_for"): {"all", "back", "hip"},
    ("measures", "better"): {"lower", "higher", "none"},
}  # fmt: skip
#: Numbers and their smallest and largest sensible value.
RANGES = {
    ("exercises", "level"): (1, 5), ("exercises", "minutes"): (0, 15),
    ("issues", "prior"): (0.001, 1), ("issues", "no_improvement_weeks"): (1, 26),
    ("walk-plans", "days_per_week"): (1, 7), ("walk-plans", "start_minutes"): (1, 60),
    ("walk-plans", "cap_minutes"): (1, 120), ("walk-plans", "rounds"): (1, 10), ("walk-plans", "ease_share"): (0.1, 1),
    ("walk-plans", "start_share"): (0, 1),
}  # fmt: skip
DOSAGE = {"sets": (1, 6), "repetitions": (1, 30), "hold_seconds": (0, 300), "rest_seconds": (0, 180), "days_per_week": (1, 7)}
#: An answer that says something about an issue, and how strongly at most, before the ranking caps it.
RATIOS = (0.01, 100)
#: The optional mini-routine of a day never takes longer (brief §3.1).
DAILY_MINUTES = 5


def wrong_values(kind: str, table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every value out of its range, as a message and the words to find its line by."""
    for (of, field), known in WORDS.items():
        given = table.get(field) if of == kind else None
        for word in given if isinstance(given, list) else [] if given is None else [given]:
            if not dicts.among(word, known):
                yield f"{field}: unknown {word!r}", (field,)
    for (of, field), (low, high) in RANGES.items():
        if of == kind and field in table and not _between(table[field], low, high):
            yield f"{field} must be between {low} and {high}", (field,)
    if "version" in table and not (isinstance(table["version"], int) and table["version"] >= 1):
        yield "version must be a whole number from 1 on", ("version",)
    if kind == "exercises":
        yield from _wrong_dosage(dicts.of(table, "dosage"))
        if not table.get("cues") or not table.get("errors"):
            yield "cues and errors must not be empty", ("cues",)
    for answer, pair in dicts.of(table, "likelihood_ratios").items() if kind == "issues" else ():
        if not (isinstance(pair, list) and len(pair) == 2 and _between(pair[0], *RATIOS) and dicts.among(pair[1], {"L", "E"})):
            yield f'likelihood_ratios: {answer} must be [ratio, "L" or "E"]', ("[likelihood_ratios]", answer)
    for answer, points in dicts.of(table, "score").items() if kind == "factors" else ():
        if not (isinstance(points, int) and 1 <= points <= 3):
            yield f"score: {answer} must have 1 to 3 points", ("[score]", answer)


def wrong_phase(phase: Table) -> Iterator[str]:
    """Every value of a program's phase out of its range."""
    if not _between(phase.get("days_per_week"), 1, 7):
        yield "days_per_week must be between 1 and 7"
    if not _between(phase.get("max_minutes"), 5, 45):
        yield "max_minutes must be between 5 and 45"
    if not phase.get("exercises"):
        yield "exercises is empty"
    for field in phase.keys() - {"number", "days_per_week", "max_minutes", "walk_plan", "exercises", "daily", "optional_if"}:
        yield f"unknown field {field!r}"


def holds_in(rule: Table, phase: object) -> bool:
    """Whether an avoid rule still holds in a phase."""
    last = rule.get("until_phase")
    return not isinstance(last, int) or number(phase) <= last


def number(value: object) -> float:
    """A number, or zero for anything else."""
    return float(value) if isinstance(value, int | float) else 0.0


def _wrong_dosage(dosage: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    for field, (low, high) in DOSAGE.items():
        if not isinstance(dosage.get(field), int) or not _between(dosage[field], low, high):
            yield f"dosage: {field} must be a whole number from {low} to {high}", ("[dosage]", field)
    tempo = str(dosage.get("tempo", ""))
    parts = tempo.split("-")
    if tempo != "-" and not (len(parts) == 3 and all(part.isdigit() for part in parts)):
        yield 'dosage: tempo must be "up-pause-down" in seconds, or "-"', ("[dosage]", "tempo")
    for field in dosage.keys() - DOSAGE.keys() - {"tempo"}:
        yield f"dosage: unknown field {field!r}", ("[dosage]", field)


def _between(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high

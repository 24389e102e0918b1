"""Which fields does each kind of file have, and which values may they take?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from programs.catalogue import loader, raw

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one kind."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _shape(required: str, optional: str = "") -> Shape:
    return Shape(_words(required), _words(optional))


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
#: What the value of a field is, wherever it stands.
TEXTS = _words(
    "brief_id name clinical_name explanation where worse better do daily_life course honest evidence position side text clarify "
    "message gate answer title caution kind start step cap hold ease reading about scoring change_text licence use used_for note "
    "label head body block question statement restricting_answer emergency_number urgent_line group id tempo walk_plan"
)
MAY_BE_EMPTY = {"message", "caution", "gate", "note", "clarify"}
LISTS = _words(
    "targets purposes equipment tags cues errors progressions regressions only_if refer prefer focus ask raised_by skip_if opens "
    "superseded_by exercises daily"
)
WHOLE = _words("order version number")
YES_NO = _words("auto_schedule referral_only optional named_in_brief")
MAPS = _words("answers codes")
#: The fields of the rows in the files that hold several things.
ROWS = {
    ("user-flags.toml", "flags"): _shape("id question statement restricting_answer avoid modify", "gate"),
    ("screening-gate.toml", "items"): _shape("id text opens"),
    ("answer-rules.toml", "rules"): _shape("answer avoid"),
    ("clusters.toml", "clusters"): _shape(f"id disposition when {REVIEWED}", "emergency_when superseded_by note"),
}
SECTIONS = {
    "locales.toml": _shape("name emergency_number urgent_line"),
    "dispositions.toml": _shape("label head body block"),
}
#: Numbers and their smallest and largest sensible value.
RANGES = {
    ("exercises", "level"): (1, 5), ("exercises", "minutes"): (0, 15),
    ("issues", "prior"): (0.001, 1), ("issues", "no_improvement_weeks"): (1, 26),
    ("walk-plans", "days_per_week"): (1, 7), ("walk-plans", "start_minutes"): (1, 60),
    ("walk-plans", "cap_minutes"): (1, 120), ("walk-plans", "rounds"): (1, 10), ("walk-plans", "ease_share"): (0.1, 1),
    ("walk-plans", "start_share"): (0, 1), ("walk-plans", "start_minutes_max"): (1, 60),
    ("walk-plans", "rounds_max"): (1, 10), ("walk-plans", "step_minutes"): (1, 10),
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
            if not raw.among(word, known):
                yield f"{field}: unknown {word!r}", (field,)
    for (of, field), (low, high) in RANGES.items():
        if of == kind and field in table and not _between(table[field], low, high):
            yield f"{field} must be between {low} and {high}", (field,)
    if kind == "exercises":
        yield from _wrong_dosage(raw.of(table, "dosage"))
        if not table.get("cues") or not table.get("errors"):
            yield "cues and errors must not be empty", ("cues",)
    for answer, pair in raw.of(table, "likelihood_ratios").items() if kind == "issues" else ():
        if not (isinstance(pair, list) and len(pair) == 2 and _between(pair[0], *RATIOS) and raw.among(pair[1], {"L", "E"})):
            yield f'likelihood_ratios: {answer} must be [ratio, "L" or "E"]', ("[likelihood_ratios]", answer)
    for answer, points in raw.of(table, "score").items() if kind == "factors" else ():
        if not (isinstance(points, int) and 1 <= points <= 3):
            yield f"score: {answer} must have 1 to 3 points", ("[score]", answer)


def wrong_type(key: str, value: object) -> str | None:
    """What is wrong with the kind of value a field has, if anything."""
    if key in TEXTS and not (isinstance(value, str) and (value.strip() or key in MAY_BE_EMPTY)):
        return f"{key} must be a text"
    if key in LISTS and not (isinstance(value, list) and all(isinstance(word, str) for word in value)):
        return f"{key} must be a list of texts"
    if key in WHOLE and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        return f"{key} must be a whole number from 1 on"
    if key in YES_NO and not isinstance(value, bool):
        return f"{key} must be true or false"
    if key == "until_phase" and (isinstance(value, bool) or value not in (1, 2, 3)):
        return "until_phase must be 1, 2 or 3"
    if key == "restricting_answer" and value not in ("yes", "no"):
        return "restricting_answer must be yes or no"
    if key in MAPS and not (isinstance(value, dict) and all(isinstance(words, str) for words in value.values())):
        return f"every value of {key} must be a text"
    return None


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

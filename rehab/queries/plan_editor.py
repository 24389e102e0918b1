"""What does a therapist see while changing a plan: its lines, what speaks against one, what could be added?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from programs import catalogue, planning
from programs.vocabulary import Exercise, TagRule
from rehab.models import Plan

NUMBERS = ("sets", "repetitions", "hold_seconds", "rest_seconds")


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise of the form. ``values`` is what was typed; ``against`` says why it is not advised, or is empty."""

    key: str
    kind: str
    exercise: Exercise
    values: Mapping[str, str]
    against: str
    override: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose as the formatting filter reads it."""

    sets: int
    repetitions: int
    hold_seconds: int


def rows_of(plan: Plan, *, avoid: Sequence[TagRule]) -> list[Row]:
    """The plan in force as lines of the form, the session first."""
    return [
        _row(f"{row.kind}:{row.exercise}", {name: str(getattr(row, name)) for name in NUMBERS}, avoid=avoid, phase=plan.phase,
             override=row.override_reason)
        for row in sorted(plan.exercises, key=lambda r: (r.kind != "main", r.position)) if row.exercise in catalogue.exercises()
    ]  # fmt: skip


def rows_of_form(form: Any, *, avoid: Sequence[TagRule], phase: int) -> list[Row]:
    """The lines as they were typed, unknown exercises left out."""
    keys = [key for key in dict.fromkeys(form.getlist("line")) if key.partition(":")[2] in catalogue.exercises()]
    return [
        _row(key, {name: form.get(f"{name}-{key}", "") for name in NUMBERS}, avoid=avoid, phase=phase,
             override=form.get(f"override-{key}", ""), removed=bool(form.get(f"remove-{key}")))
        for key in keys if key.partition(":")[0] in {"main", "daily"}
    ]  # fmt: skip


def new_row(slug: str, *, kind: str, avoid: Sequence[TagRule], phase: int) -> Row | None:
    """A line for an exercise of the catalogue with its usual dose; None for an unknown one."""
    exercise = catalogue.exercises().get(slug)
    if exercise is None:
        return None
    return _row(f"{kind}:{slug}", {name: str(getattr(exercise.dosage, name)) for name in NUMBERS}, avoid=avoid, phase=phase)


def choices(*, avoid: Sequence[TagRule], phase: int, taken: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What could be added: (group, [(slug, words)]) by first purpose; what is not advised says so."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for exercise in sorted(catalogue.exercises().values(), key=lambda e: (e.level, e.name)):
        if exercise.slug in taken:
            continue
        against = why_not(exercise, avoid=avoid, phase=phase)
        words = f"{exercise.name} (level {exercise.level})" + (f" – not advised: {against}" if against else "")
        groups.setdefault(exercise.purposes[0] if exercise.purposes else "other", []).append((exercise.slug, words))
    return sorted(groups.items())


def why_not(exercise: Exercise, *, avoid: Sequence[TagRule], phase: int) -> str:
    """The movement that rules an exercise out for this patient, in words; empty when nothing does."""
    rule = planning.restricted(exercise, avoid, phase=phase)
    return catalogue.tags().get(rule.tag, rule.tag) if rule is not None else ""


def _row(key: str, values: Mapping[str, str], *, avoid: Sequence[TagRule], phase: int, override: str = "", removed: bool = False) -> Row:
    kind, _, slug = key.partition(":")
    exercise = catalogue.exercises()[slug]
    return Row(key, kind, exercise, values, why_not(exercise, avoid=avoid, phase=phase), override, removed)

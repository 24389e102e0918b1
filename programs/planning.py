"""Which exercises, how much, how often? Builds the three phases of a plan and says why.

A template is filtered by everything that speaks against a movement (issues near the top, answers,
health flags), refilled by purpose with the easiest exercise that passes, and kept within its minutes.
Every choice and every refusal carries a code. Sources: each issue's own; the procedure: brief §3.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from programs import catalogue, triage
from programs.vocabulary import (
    Block,
    BuiltPlan,
    Exercise,
    Intake,
    Phase,
    PhaseTemplate,
    Prescription,
    Program,
    Refusal,
    TagRule,
)

DEFAULT = "non-specific-back-pain"
#: Which words of the equipment lists everybody has at home.
HOUSEHOLD = {
    "mat", "bed", "chair", "firm chair", "chair behind", "wall", "worktop", "support", "none", "pillow", "pillows", "cushion",
    "towel", "comfortable shoes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rules:
    avoid: tuple[TagRule, ...]
    modify: tuple[TagRule, ...]
    intake: Intake
    level_max: int


def build(
    issue_slugs: Sequence[str], intake: Intake, *, start_on: date, block: Block = Block.NONE, factor: str | None = None,
    near_top: Sequence[str] = (),
) -> BuiltPlan:  # fmt: skip
    """The three phases for one or two issues (or a factor-led program); none, with ``blocked_by``, when
    exercise is blocked or the pattern needs a doctor first. ``Block.PARTIAL`` gives phase 1, level 1.
    Issues by slug or brief id, none for the default; raises ValueError for one that is not known."""
    names = catalogue.issue_slugs()
    for slug in issue_slugs:
        if slug not in names:
            raise ValueError(f"issue: unknown {slug!r}")
    issues = tuple(dict.fromkeys(names[slug] for slug in issue_slugs)) or (DEFAULT,)
    block = max(block, triage.screen(intake.screening, selected=intake.selected, health_flags=intake.health_flags).block)
    if block is Block.ALL:
        return BuiltPlan(issues, None, start_on, (), blocked_by="screening")
    if any(catalogue.issue(slug).referral_only for slug in issues) or "walk_calf_standstill" in intake.selected:
        return BuiltPlan(issues, None, start_on, (), blocked_by="referral")
    program = _program(issues, factor)
    if program is None:
        return BuiltPlan(issues, None, start_on, (), blocked_by="no-program")
    avoid, modify = triage.restrictions([*issues, *near_top], intake)
    rules = _Rules(avoid, modify, intake, level_max=1 if block is Block.PARTIAL else 5)
    templates = program.phases[:1] if block is Block.PARTIAL else program.phases
    second = catalogue.programs().get(issues[1]) if len(issues) > 1 else None
    notes = ["mixed"] if len(set(near_top)) > 1 else []
    phases = []
    for template in templates:
        phase, said = _phase(template, rules, second.phases[template.number - 1] if second else None)
        phases.append(phase)
        notes += said
    return BuiltPlan(issues, program.slug, start_on, tuple(phases), (*avoid, *modify), None, tuple(dict.fromkeys(notes)))


def restricted(exercise: Exercise, avoid: Sequence[TagRule], *, phase: int) -> TagRule | None:
    """The first rule that speaks against an exercise in a phase, or None."""
    return next((rule for rule in avoid if rule.tag in exercise.tags and rule.applies_in(phase)), None)


def substitute(
    exercise_slug: str, intake: Intake, *, phase: int, avoid: Sequence[TagRule], modify: Sequence[TagRule] = (),
    without: Iterable[str] = (), reason: str = "substitution",
) -> Prescription | None:  # fmt: skip
    """The nearest exercise with the same purpose that passes every rule: first along the progression
    links, then the easiest of the catalogue. None when nothing passes."""
    rules = _Rules(tuple(avoid), tuple(modify), intake, level_max=5)
    wanted = catalogue.exercise(exercise_slug)
    found = _replacement(wanted, rules, phase, taken={exercise_slug, *without}, minutes=wanted.minutes + 2)
    return None if found is None else _prescribe(found, rules, phase, kind="main", reason=reason, replaces=exercise_slug)


def to_json(plan: BuiltPlan) -> dict[str, Any]:
    """A plain dict for ``programs plan``."""
    return {
        "issues": list(plan.issues), "program": plan.program, "start_on": plan.start_on.isoformat(),
        "blocked_by": plan.blocked_by, "notes": list(plan.notes),
        "phases": [
            {
                "phase": phase.number, "weeks": phase.weeks, "days_per_week": phase.days_per_week,
                "minutes": round(phase.main_minutes, 1), "walk_plan": phase.walk_plan,
                "exercises": [
                    {
                        "exercise": p.exercise, "kind": p.kind, "sets": p.dosage.sets, "repetitions": p.dosage.repetitions,
                        "hold_seconds": p.dosage.hold_seconds, "rest_seconds": p.dosage.rest_seconds, "tempo": p.dosage.tempo,
                        "reason": p.reason, "replaces": p.replaces, "modifications": list(p.modifications),
                    }
                    for p in phase.prescriptions
                ],
                "refused": [{"exercise": r.exercise, "reason": r.reason, "detail": r.detail} for r in phase.refusals],
            }
            for phase in plan.phases
        ],
    }  # fmt: skip


def _program(issues: Sequence[str], factor: str | None) -> Program | None:
    programs = catalogue.programs()
    if factor is not None:
        return programs.get(factor)
    return programs.get(issues[0])


def _phase(template: PhaseTemplate, rules: _Rules, second: PhaseTemplate | None) -> tuple[Phase, list[str]]:
    limit = _minutes(template, rules)
    refusals: list[Refusal] = []
    notes: list[str] = []
    extra = [slug for answer, slugs in template.optional_if.items() if answer in rules.intake.selected for slug in slugs]
    main: list[Prescription] = []
    if second is not None:  # two issues: every other exercise comes from the second one's template
        pairs = zip(template.exercises, [*second.exercises, *template.exercises], strict=False)
        wanted = list(dict.fromkeys(slug for pair in pairs for slug in pair))
    else:
        wanted = [*template.exercises, *extra]
    for slug in wanted:
        _consider(slug, main, refusals, rules, template.number, limit, optional=slug in extra)
    walk_plan = template.walk_plan
    survivors = len(main) + sum(refusal.reason == "time" for refusal in refusals)
    if survivors < catalogue.thresholds().whole("planning", "survivors_min"):
        walk_plan = catalogue.thresholds().word("planning", "fallback_walk_plan")
    if len(main) < catalogue.thresholds().whole("planning", "survivors_min"):
        notes.append("fallback-set")
        for slug in catalogue.thresholds().words("planning", "fallback"):
            exercise = catalogue.exercise(slug)
            if slug not in {p.exercise for p in main} and _refusal(exercise, rules, template.number) is None:
                _add(main, _prescribe(exercise, rules, template.number, kind="main", reason="fallback"), limit)
    daily = _daily(template, rules, refusals)
    weeks = catalogue.thresholds().whole("planning", f"phase_{template.number}_weeks")
    return (
        Phase(template.number, weeks, template.days_per_week, template.max_minutes, walk_plan, (*main, *daily), tuple(refusals)),
        notes,
    )


def _minutes(template: PhaseTemplate, rules: _Rules) -> float:
    limit = float(template.max_minutes)
    if template.number == 1:
        limit = min(limit, catalogue.thresholds().number("planning", "phase_1_minutes_max"))
    return min(limit, rules.intake.minutes) if rules.intake.minutes is not None else limit


def _consider(
    slug: str, main: list[Prescription], refusals: list[Refusal], rules: _Rules, phase: int, limit: float, *, optional: bool
) -> None:
    exercise = catalogue.exercise(slug)
    refusal = _refusal(exercise, rules, phase)
    chosen = {p.exercise for p in main}
    if refusal is None and slug not in chosen:
        reason = "optional" if optional else "template"
        if not _add(main, _prescribe(exercise, rules, phase, kind="main", reason=reason), limit):
            refusals.append(Refusal(slug, "time"))
        return
    if refusal is None:
        return
    refusals.append(refusal)
    instead = _replacement(exercise, rules, phase, taken=chosen | {slug}, minutes=limit - sum(p.minutes for p in main))
    if instead is not None:
        main.append(_prescribe(instead, rules, phase, kind="main", reason="refill", replaces=slug))


def _add(main: list[Prescription], prescription: Prescription, limit: float) -> bool:
    if sum(p.minutes for p in main) + prescription.minutes > limit + 1e-9 and main:
        return False
    main.append(prescription)
    return True


def _daily(template: PhaseTemplate, rules: _Rules, refusals: list[Refusal]) -> list[Prescription]:
    chosen: list[Prescription] = []
    limit = catalogue.thresholds().number("planning", "daily_minutes_max")
    for slug in template.daily:
        exercise = catalogue.exercise(slug)
        refusal = _refusal(exercise, rules, template.number)
        if refusal is not None:
            refusals.append(refusal)
        else:
            _add(chosen, _prescribe(exercise, rules, template.number, kind="daily", reason="template"), limit)
    return chosen


def _refusal(exercise: Exercise, rules: _Rules, phase: int) -> Refusal | None:
    against = restricted(exercise, rules.avoid, phase=phase)
    if against is not None:
        reason = {"floor-transfer": "floor", "kneeling": "kneeling"}.get(against.tag, "avoid-tag")
        return Refusal(exercise.slug, reason, against.tag)
    if not exercise.auto_schedule:
        return Refusal(exercise.slug, "not-auto")
    if exercise.only_if and not set(exercise.only_if) & rules.intake.selected:
        return Refusal(exercise.slug, "needs-answer", exercise.only_if[0])
    if exercise.level > rules.level_max:
        return Refusal(exercise.slug, "level", str(exercise.level))
    owned = rules.intake.equipment
    if owned is not None:
        missing = [thing for thing in exercise.equipment if not _at_hand(thing, owned)]
        if missing:
            return Refusal(exercise.slug, "equipment", missing[0])
    return None


def _at_hand(thing: str, owned: frozenset[str]) -> bool:
    """Whether somebody with ``owned`` has it; "strap or towel" is one of the two, "stick optional" may be missing."""
    ways = (thing, *thing.split(" or "))
    return thing.endswith(" optional") or any(way in HOUSEHOLD or way in owned for way in ways)


def _replacement(wanted: Exercise, rules: _Rules, phase: int, *, taken: set[str], minutes: float) -> Exercise | None:
    linked = [*_chain(wanted, "regressions"), *_chain(wanted, "progressions")]
    same_purpose = sorted(
        (e for e in catalogue.exercises().values() if set(e.purposes) & set(wanted.purposes)),
        key=lambda e: (e.purposes[0] != wanted.purposes[0], e.level, e.slug),
    )
    for exercise in [*linked, *same_purpose]:
        keeps_purpose = bool(set(exercise.purposes) & set(wanted.purposes))
        level_fits = exercise.level <= max(wanted.level, 1)
        fits = exercise.minutes <= minutes and exercise.slug not in taken and level_fits and exercise.minutes > 0
        if keeps_purpose and fits and _refusal(exercise, rules, phase) is None:
            return exercise
    return None


def _chain(exercise: Exercise, direction: str) -> list[Exercise]:
    """The exercises reached by following one kind of link, nearest first."""
    found: list[Exercise] = []
    waiting = list(getattr(exercise, direction))
    while waiting:
        slug = waiting.pop(0)
        if slug != exercise.slug and all(e.slug != slug for e in found):
            found.append(catalogue.exercise(slug))
            waiting += getattr(found[-1], direction)
    return found


def _prescribe(
    exercise: Exercise, rules: _Rules, phase: int, *, kind: str, reason: str, replaces: str | None = None
) -> Prescription:
    texts = tuple(dict.fromkeys(r.text for r in rules.modify if r.tag in exercise.tags and r.applies_in(phase) and r.text))
    return Prescription(
        exercise=exercise.slug, exercise_version=exercise.version, dosage=exercise.dosage, kind=kind,
        minutes=exercise.minutes, reason=reason, replaces=replaces, modifications=texts,
    )  # fmt: skip

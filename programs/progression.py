"""Is it time to do more, the same, or less? One change at a time, always with the reason.

Raising any pain score never makes a plan harder. Sources: thresholds of the sections ``pain`` and
``progression``; brief §6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from programs import catalogue
from programs.vocabulary import Dosage, Finding, SessionRecord, Severity


@dataclass(frozen=True, slots=True)
class Tried:
    """One exercise of the plan as it went: done in how many of the last sessions, in order."""

    exercise: str
    dosage: Dosage
    completed: tuple[bool, ...]  # the last sessions, oldest first
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One proposed change of a dose, or a swap along the progression links."""

    exercise: str
    kind: str  # repetitions | sets | swap
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """``action`` is progress, hold, regress or ease; ``reasons`` say why in codes."""

    action: str
    changes: tuple[Change, ...]
    reasons: tuple[Finding, ...]


def stop_rules() -> dict[str, int]:
    """The numbers the phone compares offline: one pain rule for the whole product."""
    limits = catalogue.thresholds()
    return {"pain_safe_max": limits.whole("pain", "safe_max"), "pain_acceptable_max": limits.whole("pain", "acceptable_max")}


def decide(
    exercises: Sequence[Tried], sessions: Sequence[SessionRecord], *, as_of: date, morning_kept: Sequence[bool] = (),
    locked: bool = False,
) -> Decision:  # fmt: skip
    """What the newest sessions ask for. ``morning_kept``: whether pain had settled by each next morning of
    the last seven days. A therapist's lock, or too little to go by, holds."""
    limits = catalogue.thresholds()
    known = sorted((s for s in sessions if s.performed_on <= as_of), key=_by_day_then_pain)
    needed = limits.whole("progression", "progress_sessions")
    latest = [s for s in known if s.status != "skipped"][-needed:]
    if locked:
        return _hold("locked")
    if not latest:
        return _hold("too-little-data")
    worst = max((s.pain_worst for s in latest if s.pain_worst is not None), default=0)
    if latest[-1].pain_worst is not None and latest[-1].pain_worst > limits.number("progression", "regress_pain_over"):
        return _regress(exercises, worst)
    broken = sum(not kept for kept in morning_kept)
    if broken >= limits.whole("progression", "regress_morning_breaks"):
        return _regress(exercises, worst, rule="next-morning")
    if any(s.pain_worst is None for s in latest):
        return _hold("too-little-data")
    skipped = [s for s in known[-needed:] if s.status == "skipped"]
    if skipped:  # two sessions running means none left out between them or since
        return _hold("hurt" if any(s.skip_reason == "hurt" for s in skipped) else "skipped", worst)
    if broken:
        return _hold("next-morning", worst)
    allowed = limits.number("progression", "progress_pain_max_if_settled" if morning_kept else "progress_pain_max")
    if len(latest) < needed or worst > allowed:
        return _hold("pain" if worst > allowed else "one-good-session", worst)
    return _progress(exercises, as_of=as_of, needed=needed, worst=worst)


def _by_day_then_pain(session: SessionRecord) -> tuple[date, int]:
    """Of two sessions on one day the one that hurt more counts as the newer, whichever arrived first."""
    return session.performed_on, -1 if session.pain_worst is None else session.pain_worst


def _progress(exercises: Sequence[Tried], *, as_of: date, needed: int, worst: int) -> Decision:
    limits = catalogue.thresholds()
    changes: list[Change] = []
    for tried in exercises:
        rested = tried.changed_on is None or (as_of - tried.changed_on).days >= 7
        if rested and len(tried.completed) >= needed and all(tried.completed[-needed:]):
            changes += _harder(tried)
        if len(changes) == limits.whole("progression", "changes_per_session_max"):
            break
    if not changes:
        return _hold("no-exercise-ready", worst)
    return Decision("progress", tuple(changes), (_because("two-good-sessions", worst, Severity.SELF_MANAGE),))


def _harder(tried: Tried) -> list[Change]:
    """One step: repetitions, then sets, then the next exercise; none at the top."""
    limits, dosage = catalogue.thresholds(), tried.dosage
    exercise = catalogue.exercise(tried.exercise)
    usual = exercise.dosage.repetitions
    if dosage.repetitions < usual + 2 * limits.whole("progression", "repetitions_step") and dosage.repetitions > 1:
        more = dosage.repetitions + limits.whole("progression", "repetitions_step")
        return [Change(tried.exercise, "repetitions", str(dosage.repetitions), str(more), "two-good-sessions")]
    if dosage.sets < limits.whole("progression", "sets_max"):
        return [Change(tried.exercise, "sets", str(dosage.sets), str(dosage.sets + 1), "two-good-sessions")]
    return [Change(tried.exercise, "swap", tried.exercise, slug, "two-good-sessions") for slug in exercise.progressions[:1]]


def _regress(exercises: Sequence[Tried], worst: int, *, rule: str = "pain-too-high") -> Decision:
    changes = [change for tried in exercises for change in _easier(tried, rule)]
    return Decision("regress", tuple(changes), (_because(rule, worst, Severity.SELF_MANAGE),))


def _easier(tried: Tried, rule: str) -> list[Change]:
    """Fewer repetitions; of one long hold there are no fewer, so fewer sets, then the easier exercise."""
    dosage = tried.dosage
    fewer = max(1, int(dosage.repetitions * catalogue.thresholds().number("progression", "regress_repetitions_share")))
    if fewer < dosage.repetitions:
        return [Change(tried.exercise, "repetitions", str(dosage.repetitions), str(fewer), rule)]
    if dosage.sets > 1:
        return [Change(tried.exercise, "sets", str(dosage.sets), str(dosage.sets - 1), rule)]
    easier = catalogue.exercise(tried.exercise).regressions[:1]
    return [Change(tried.exercise, "swap", tried.exercise, slug, rule) for slug in easier]


def _hold(rule: str, worst: int | None = None) -> Decision:
    return Decision("hold", (), (_because(rule, worst, Severity.AMBER),))


def _because(rule: str, worst: int | None, severity: Severity) -> Finding:
    return Finding(rule, severity, {} if worst is None else {"pain_worst": worst}, "Silbernagel2007")

"""Do the safety answers ask for care before exercise?

Emergency questions act alone; weak signs act only in clusters (brief §4). The result is the union: the
most severe disposition and the strictest block of everything that was found. Missing and skipped
answers add nothing and take nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from programs import catalogue
from programs.catalogue import values
from programs.vocabulary import Block, Disposition, Finding, Severity

POSITIVE = {"yes", "alt"}
#: The ladder of the brief §6.4.
SEVERITIES = {
    Disposition.NONE: Severity.AMBER,
    Disposition.ROUTINE: Severity.BOOK,
    Disposition.DAYS: Severity.BOOK,
    Disposition.SAMEDAY: Severity.URGENT,
    Disposition.EMERGENCY: Severity.EMERGENCY,
}


@dataclass(frozen=True, slots=True)
class Screened:
    """What the safety answers ask for. ``findings`` are the reasons, the most urgent first."""

    disposition: Disposition
    block: Block
    findings: tuple[Finding, ...]
    unanswered: tuple[str, ...]  # intake questions that were skipped or never answered


@dataclass(frozen=True, slots=True)
class _Raised:
    disposition: Disposition
    block: Block
    finding: Finding


def screen(answers: Mapping[str, str], *, said: frozenset[str] = frozenset()) -> Screened:
    """Read the safety ``answers`` (id to yes, no, alt or skip) together with everything else the person ``said``:
    answer ids, user-flag ids and ``near-top:<issue>``."""
    facts = said | _facts(answers)
    raised = [found for question in catalogue.screening() if (found := _question(question, answers, said)) is not None]
    raised += _clusters(facts, already={one.finding.rule for one in raised})
    raised.sort(key=lambda one: -one.disposition)  # stable: the order of the catalogue within a disposition
    asked = [q.id for q in catalogue.screening() if "intake" in q.ask]
    return Screened(
        disposition=max((one.disposition for one in raised), default=Disposition.NONE),
        block=max((one.block for one in raised), default=Block.NONE),
        findings=tuple(one.finding for one in raised),
        unanswered=tuple(key for key in asked if answers.get(key) not in {"yes", "no", "alt"}),
    )


def holds(condition: values.Condition, facts: frozenset[str]) -> bool:
    """Whether a condition is true of the facts."""
    if condition.atom:
        return condition.atom in facts
    return sum(holds(part, facts) for part in condition.parts) >= condition.least


def atoms(condition: values.Condition) -> tuple[str, ...]:
    """Every atom of a condition, in its order, once."""
    if condition.atom:
        return (condition.atom,)
    return tuple(dict.fromkeys(atom for part in condition.parts for atom in atoms(part)))


def _facts(answers: Mapping[str, str]) -> frozenset[str]:
    """``rf_x`` for a yes or the alternative, and the exact answer as ``rf_x:yes`` or ``rf_x:alt``."""
    positive = {key: answer for key, answer in answers.items() if answer in POSITIVE}
    return frozenset(positive) | frozenset(f"{key}:{answer}" for key, answer in positive.items())


def _question(question: values.ScreeningQuestion, answers: Mapping[str, str], said: frozenset[str]) -> _Raised | None:
    by_answer = _outcome(question, answers.get(question.id, "skip"))
    by = next((atom for atom in question.raised_by if atom in said), None)
    by_questionnaire = _outcome(question, "yes") if by is not None else Disposition.NONE
    disposition = max(by_answer, by_questionnaire)
    if disposition is Disposition.NONE:
        return None
    evidence: dict[str, object] = {"disposition": disposition.name.lower()}
    evidence |= {"answer": answers[question.id]} if by_answer is not Disposition.NONE else {}
    evidence |= {"raised_by": by} if by is not None else {}
    return _raise(question.id, disposition, evidence, question.sources, override=question.block)


def _outcome(question: values.ScreeningQuestion, answer: str) -> Disposition:
    if answer not in POSITIVE:
        return Disposition.NONE
    # An "alt" to a question that has none counts as "yes": never milder by mistake.
    alternative = question.alternative if answer == "alt" else None
    word = alternative.disposition if alternative is not None else question.disposition
    return Disposition.NONE if word == "cluster" else Disposition[word.upper()]


def _clusters(facts: frozenset[str], *, already: set[str]) -> list[_Raised]:
    true = [cluster for cluster in catalogue.clusters() if holds(cluster.when, facts)]
    standing = already | {cluster.id for cluster in true}
    raised = []
    for cluster in true:
        if standing.intersection(cluster.superseded_by):
            continue
        emergency = cluster.emergency_when is not None and holds(cluster.emergency_when, facts)
        disposition = Disposition.EMERGENCY if emergency else Disposition[cluster.disposition.upper()]
        signs = atoms(cluster.when) + (atoms(cluster.emergency_when) if cluster.emergency_when is not None else ())
        evidence: dict[str, object] = {"disposition": disposition.name.lower(), "signs": [atom for atom in signs if atom in facts]}
        raised.append(_raise(cluster.id, disposition, evidence, cluster.sources))
    return raised


def _raise(
    rule: str, disposition: Disposition, evidence: dict[str, object], sources: tuple[str, ...], *, override: str | None = None
) -> _Raised:
    block = Block[catalogue.dispositions()[disposition.name.lower()].block.upper()]
    if override is not None:
        block = max(block, Block[override.upper()])
    return _Raised(disposition, block, Finding(rule, SEVERITIES[disposition], evidence, sources[0]))

"""Is it safe to start, what does it look like, and what must be avoided?

The red-flag screen always speaks first (``screen``); then answers become an order of issues and likely
factors (``assess``), never a verdict. ``restrictions`` is the union of what near-top issues, single
answers and health flags forbid. Rules and numbers: brief §1.4 and §4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from programs import catalogue, ranking
from programs import screening as red_flags
from programs.ranking import FactorScore, Ranked
from programs.screening import Screened
from programs.vocabulary import Block, Intake, TagRule

__all__ = ["Assessment", "FactorScore", "Ranked", "Screened", "assess", "from_json", "restrictions", "screen"]

ANSWERS = {"yes", "no", "alt", "skip"}
#: What a JSON line may hold; the last four are read by the commands themselves.
FIELDS = {"answers", "screening", "told", "flags", "equipment", "minutes", "id", "issue", "factor", "start_on"}


@dataclass(frozen=True, slots=True)
class Assessment:
    """The safety answer, and the issues in order. ``near_top`` starts with the issue a plan is made for."""

    screened: Screened
    outcome: str  # blocked | referral | default | clear | mixed
    ranked: tuple[Ranked, ...]
    near_top: tuple[str, ...]
    told: tuple[str, ...]
    factors: tuple[FactorScore, ...]
    safety_notes: tuple[str, ...]  # codes: gate:<id> (agreement needed first), safety-net, ask-again:rf_night
    stands_out: bool  # the ranking alone has a clear first, whatever safety says

    def to_json(self) -> dict[str, Any]:
        """The answer of ``programs assess`` (docs/clinical/json-lines.md)."""
        issues, factors = catalogue.issues(), catalogue.factors()
        return {
            "disposition": self.screened.disposition.name.lower(),
            "block": self.screened.block.name.lower(),
            "outcome": self.outcome,
            "clear": self.stands_out,
            "ranked": [
                {"issue": r.issue, "brief_id": issues[r.issue].brief_id, "score": round(r.score, 4),
                 "for": list(r.spoke_for), "against": list(r.spoke_against)}
                for r in self.ranked
            ],
            "near_top": list(self.near_top),
            "told": list(self.told),
            "factors": [
                {"factor": f.factor, "brief_id": factors[f.factor].brief_id, "points": f.points, "likely": f.likely}
                for f in self.factors
            ],
            "findings": [
                {"rule": f.rule, "severity": f.severity.name.lower(), "evidence": dict(f.evidence), "source": f.source}
                for f in self.screened.findings
            ],
            "unanswered": list(self.screened.unanswered),
            "safety_notes": list(self.safety_notes),
            "content_version": catalogue.version(),
        }  # fmt: skip


def screen(
    screening: Mapping[str, str], *, selected: frozenset[str] = frozenset(), health_flags: frozenset[str] = frozenset()
) -> Screened:
    """What the safety answers ask for. ``selected`` and ``health_flags`` count in clusters (age, osteoporosis) only:
    an old tick in the questionnaire must not stop somebody again before every session."""
    return red_flags.screen(screening, said=(selected | health_flags) - _raising())


def assess(intake: Intake) -> Assessment:
    """Everything the intake says about safety, issues and factors."""
    ranked = ranking.rank(intake.selected)
    near = ranking.near_top(ranked)
    told = tuple(slug for slug in dict.fromkeys(intake.told_issues) if slug in catalogue.issues())
    said = intake.selected | intake.health_flags | {f"near-top:{slug}" for slug in (*told, *near)}
    screened = red_flags.screen(intake.screening, said=said)
    nothing = ranking.nothing_speaks(ranked)
    first = told or ((ranking.DEFAULT,) if nothing else ())
    shown = tuple(dict.fromkeys(first if nothing else (*told, *near)))
    rest = [one for one in ranked if one.issue not in first]
    by_slug = {one.issue: one for one in ranked}
    return Assessment(
        screened=screened,
        outcome=_outcome(screened, ranked, told=told, shown=shown),
        ranked=(*(by_slug[slug] for slug in first), *rest),
        near_top=shown,
        told=told,
        factors=ranking.factor_scores(intake.selected),
        safety_notes=_notes(screened, intake),
        stands_out=ranking.stands_out(ranked),
    )


def restrictions(issue_slugs: Iterable[str], intake: Intake) -> tuple[tuple[TagRule, ...], tuple[TagRule, ...]]:
    """The union of avoid and of modify rules over the issues (told ones always included), answers and health flags.

    One avoid rule per tag, the one that holds longest; every different modification text is kept.
    """
    slugs = sorted({*issue_slugs, *intake.told_issues} & catalogue.issues().keys())
    issues = [catalogue.issue(slug) for slug in slugs]
    flags = [flag for flag in catalogue.user_flags() if flag.id in intake.health_flags]
    answers = [rule for rule in catalogue.answer_rules() if rule.answer in intake.selected]
    avoid = [rule for group in (issues, answers, flags) for owner in group for rule in owner.avoid]
    modify = [rule for group in (issues, flags) for owner in group for rule in owner.modify]
    longest: dict[str, TagRule] = {}
    for rule in avoid:
        if rule.tag not in longest or _lasts(rule) > _lasts(longest[rule.tag]):
            longest[rule.tag] = rule
    texts = {(rule.tag, rule.text, rule.until_phase): rule for rule in modify}
    return tuple(longest[tag] for tag in sorted(longest)), tuple(sorted(texts.values(), key=lambda r: (r.tag, r.text)))


def from_json(record: Mapping[str, Any]) -> Intake:
    """An intake from one JSON line (docs/clinical/json-lines.md). Raises ValueError for anything it does not know."""
    for field in record:
        if field not in FIELDS:
            raise ValueError(f"unknown field {field!r}")
    answers = _known(record, "answers", set(catalogue.answer_words()))
    told = _known(record, "told", set(catalogue.issue_slugs()))
    flags = _known(record, "flags", {flag.id for flag in catalogue.user_flags()})
    equipment = record.get("equipment")
    minutes = record.get("minutes")
    if minutes is not None and (isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= 240):
        raise ValueError("minutes must be a whole number from 1 to 240, or null")
    return Intake(
        selected=frozenset(answers),
        screening=_screening(record.get("screening")),
        told_issues=tuple(dict.fromkeys(catalogue.issue_slugs()[name] for name in told)),
        health_flags=frozenset(flags),
        equipment=None if equipment is None else frozenset(_words(equipment, "equipment")),
        minutes=minutes,
    )


def _outcome(screened: Screened, ranked: tuple[Ranked, ...], *, told: tuple[str, ...], shown: tuple[str, ...]) -> str:
    if screened.block is Block.ALL:
        return "blocked"
    if _needs_referral(screened, {*told, *ranking.near_top(ranked)}):
        return "referral"
    if told:
        return "clear" if len(shown) == 1 else "mixed"
    if ranking.nothing_speaks(ranked):
        return "default"
    return "clear" if ranking.stands_out(ranked) else "mixed"


def _needs_referral(screened: Screened, close: set[str]) -> bool:
    """Whether an issue that is only ever referred is close, or the safety question that stands for it was raised."""
    only_referred = {issue.slug for issue in catalogue.issues().values() if issue.referral_only}
    theirs = {q.id for q in catalogue.screening() if any(f"near-top:{slug}" in q.raised_by for slug in only_referred)}
    return bool(close & only_referred) or any(finding.rule in theirs for finding in screened.findings)


def _raising() -> frozenset[str]:
    """Answers of the questionnaire that count as a "yes" to a safety question."""
    return frozenset(atom for question in catalogue.screening() for atom in question.raised_by)


def _notes(screened: Screened, intake: Intake) -> tuple[str, ...]:
    raised = {finding.rule for finding in screened.findings}
    notes = [f"gate:{question.id}" for question in catalogue.screening() if question.gate and question.id in raised]
    notes += [f"gate:{flag.id}" for flag in catalogue.user_flags() if flag.gate and flag.id in intake.health_flags]
    notes += ["safety-net"] if "cl_ces_watch" in raised else []
    notes += ["ask-again:rf_night"] if "cl_night_only" in raised else []
    return tuple(notes)


def _lasts(rule: TagRule) -> int:
    return rule.until_phase if rule.until_phase is not None else 99


def _screening(given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ValueError("screening must be an object of question id to yes, no, alt or skip")
    asked = {question.id for question in catalogue.screening()}
    answers = {key: {True: "yes", False: "no"}[value] if isinstance(value, bool) else value for key, value in given.items()}
    for key, value in answers.items():
        if key not in asked:
            raise ValueError(f"screening: unknown question {key!r}")
        if not isinstance(value, str) or value not in ANSWERS:
            raise ValueError(f"screening: {key} must be yes, no, alt or skip")
    return answers


def _known(record: Mapping[str, Any], field: str, known: set[str]) -> list[str]:
    given = record.get(field)
    words = [] if given is None else _words(given, field)
    for word in words:
        if word not in known:
            raise ValueError(f"{field}: unknown {word!r}")
    return words


def _words(given: Any, field: str) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        raise ValueError(f"{field} must be a list of words")
    return given

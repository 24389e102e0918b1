"""Which issues do the answers look like, and which factors may add to the pain?

A heuristic that orders patterns, not a test: the likelihood ratios were measured one at a time in
referred patients, so their sum is shrunk and clipped (brief §1.4, confidence low for the combination).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from programs import catalogue
from programs.vocabulary import Factor, Issue

DEFAULT = "non-specific-back-pain"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One issue with its score and the answers that spoke for and against it, the strongest first."""

    issue: str
    score: float
    spoke_for: tuple[str, ...]
    spoke_against: tuple[str, ...]
    evidence: float = 0.0  # sum of the log ratios before shrinking and clipping


@dataclass(frozen=True, slots=True)
class FactorScore:
    """Points of one factor; ``likely`` from three on, "possible" below."""

    factor: str
    points: int
    likely: bool


def rank(selected: frozenset[str]) -> tuple[Ranked, ...]:
    """Every issue, the best first. The order of the answers does not matter."""
    scored = [_score(issue, selected) for issue in catalogue.issues().values()]
    return tuple(sorted(scored, key=lambda ranked: (-ranked.score, ranked.issue)))


def near_top(ranked: tuple[Ranked, ...]) -> tuple[str, ...]:
    """The issues whose score is close to the best one's."""
    floor = ranked[0].score - catalogue.thresholds().number("ranking", "near_top_margin")
    return tuple(one.issue for one in ranked if one.score >= floor)


def stands_out(ranked: tuple[Ranked, ...]) -> bool:
    """Whether the best issue is clearly ahead and has evidence of its own."""
    numbers = catalogue.thresholds()
    ahead = ranked[0].score >= ranked[1].score + numbers.number("ranking", "clear_margin")
    return ahead and ranked[0].evidence >= numbers.number("ranking", "clear_evidence_min")


def nothing_speaks(ranked: tuple[Ranked, ...]) -> bool:
    """Whether no issue has more for it than against it."""
    return all(one.evidence <= 0 for one in ranked)


def factor_scores(selected: frozenset[str]) -> tuple[FactorScore, ...]:
    """The factors with at least one point, most points first."""
    scored = [_factor_score(factor, selected) for factor in catalogue.factors().values()]
    return tuple(sorted((one for one in scored if one.points > 0), key=lambda one: (-one.points, one.factor)))


def _score(issue: Issue, selected: frozenset[str]) -> Ranked:
    numbers = catalogue.thresholds()
    low, high = numbers.number("ranking", "ratio_min"), numbers.number("ranking", "ratio_max")
    clip = numbers.number("ranking", "evidence_clip")
    weights = {
        answer: math.log(min(max(ratio, low), high))
        for answer, (ratio, _) in issue.likelihood_ratios.items()
        if answer in selected
    }
    evidence = math.fsum(weights.values())
    score = math.log(issue.prior) + numbers.number("ranking", "shrink") * min(max(evidence, -clip), clip)
    strongest = sorted(weights, key=lambda answer: (-abs(weights[answer]), answer))
    return Ranked(
        issue=issue.slug,
        score=score,
        spoke_for=tuple(answer for answer in strongest if weights[answer] > 0),
        spoke_against=tuple(answer for answer in strongest if weights[answer] < 0),
        evidence=evidence,
    )


def _factor_score(factor: Factor, selected: frozenset[str]) -> FactorScore:
    points = sum(points for answer, points in factor.score.items() if answer in selected)
    return FactorScore(factor.slug, points, points >= catalogue.thresholds().number("ranking", "factor_likely_points"))

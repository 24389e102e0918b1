"""Does safety speak before everything else, and does the ranking put the right issue near the top?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs import catalogue, ranking, triage
from programs.vocabulary import Block, Disposition, Intake, Severity

CASES = Path(__file__).parent / "cases" / "triage"


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((CASES / name).read_text("utf-8"))


VIGNETTES, SCREENING, RED_FLAGS = _table("vignettes.toml")["cases"], _table("screening.toml")["cases"], _table("red-flags.toml")
QUESTIONS = [q.id for q in catalogue.screening()]
answers = st.frozensets(st.sampled_from(sorted(catalogue.answer_words())), max_size=25)
screenings = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(sorted(triage.ANSWERS)), max_size=8)
flags = st.frozensets(st.sampled_from([flag.id for flag in catalogue.user_flags()]))
told = st.lists(st.sampled_from(sorted(catalogue.issues())), max_size=3, unique=True).map(tuple)


# Cases a physiotherapist can read.


def test_there_are_cases_for_every_question_and_every_cluster() -> None:
    assert len(VIGNETTES) == 18
    assert sorted(RED_FLAGS["yes"]) == sorted(QUESTIONS)
    expected = {rule for case in SCREENING for rule in case["expect"]["rules"]}
    assert {cluster.id for cluster in catalogue.clusters()} <= expected


@pytest.mark.parametrize("case", VIGNETTES, ids=lambda case: case["id"])
def test_an_example_of_the_brief_is_near_the_top_and_stands_out_or_stays_mixed(case: dict[str, Any]) -> None:
    assessment = triage.assess(triage.from_json({"answers": case["answers"].split()}))

    assert case["expect"] in assessment.near_top
    assert assessment.stands_out is case["clear"]
    if case["clear"]:
        assert assessment.near_top == (case["expect"],)


@pytest.mark.parametrize("answer", ["yes", "alt"])
def test_one_safety_answer_alone_asks_for_what_the_brief_says(answer: str) -> None:
    for question, expected in RED_FLAGS[answer].items():
        screened = triage.screen({question: answer})

        blocks_all = expected in {"emergency", "sameday"} or question in RED_FLAGS["blocks_all"]["questions"]
        assert screened.disposition.name.lower() == expected, question
        assert (screened.block is Block.ALL) == blocks_all, question


def test_the_third_answer_counts_as_a_plain_yes_where_a_question_has_none() -> None:
    without = [q.id for q in catalogue.screening() if q.alternative is None]

    assert without
    for question in without:
        assert triage.screen({question: "alt"}).disposition == triage.screen({question: "yes"}).disposition


@pytest.mark.parametrize("case", SCREENING, ids=lambda case: case["says"])
def test_a_person_is_sent_where_the_case_says(case: dict[str, Any]) -> None:
    screening = dict.fromkeys(QUESTIONS, case["screening_all"]) if "screening_all" in case else case.get("screening", {})

    assessment = triage.assess(triage.from_json(
        {"answers": case.get("answers", "").split(), "screening": screening, "flags": case.get("flags", [])}
    ))  # fmt: skip

    raised = {finding.rule for finding in assessment.screened.findings}
    assert assessment.screened.disposition.name.lower() == case["expect"]["disposition"]
    assert assessment.screened.block.name.lower() == case["expect"]["block"]
    assert set(case["expect"]["rules"]) <= raised
    assert bool(raised) == bool(case["expect"]["rules"])
    assert not raised & set(case.get("silent", []))
    assert set(case.get("notes", [])) <= set(assessment.safety_notes)


# Properties.


@given(answers, screenings, flags, told, st.sampled_from(QUESTIONS), st.sampled_from(["yes", "alt"]))
@settings(max_examples=150, deadline=None)
def test_one_more_warning_sign_never_calms_the_answer_or_lifts_a_block(
    selected: frozenset[str], screening: dict[str, str], health: frozenset[str], issues: tuple[str, ...], question: str, answer: str
) -> None:
    before = {key: value for key, value in screening.items() if key != question}
    calm = triage.assess(Intake(selected, before, issues, health)).screened

    alarmed = triage.assess(Intake(selected, before | {question: answer}, issues, health)).screened

    assert alarmed.disposition >= calm.disposition
    assert alarmed.block >= calm.block


@given(answers, screenings, flags, told)
@settings(max_examples=150, deadline=None)
def test_nothing_is_said_to_look_like_anything_while_exercise_is_blocked(
    selected: frozenset[str], screening: dict[str, str], health: frozenset[str], issues: tuple[str, ...]
) -> None:
    assessment = triage.assess(Intake(selected, screening, issues, health))

    assert (assessment.outcome == "blocked") == (assessment.screened.block is Block.ALL)
    if assessment.screened.disposition >= Disposition.SAMEDAY:
        assert assessment.outcome == "blocked"


@given(answers, told, st.sampled_from([q for q, disposition in RED_FLAGS["yes"].items() if disposition == "emergency"]))
@settings(max_examples=60, deadline=None)
def test_an_emergency_beats_every_ranking_and_every_told_issue(selected: frozenset[str], issues: tuple[str, ...], question: str) -> None:
    assessment = triage.assess(Intake(selected, {question: "yes"}, issues))

    assert assessment.outcome == "blocked"
    assert assessment.screened.disposition is Disposition.EMERGENCY
    assert assessment.screened.findings[0].severity is Severity.EMERGENCY


@given(st.permutations(sorted(catalogue.answer_words())[::6]), st.permutations(QUESTIONS[::3]))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_answers_does_not_matter(picked: list[str], asked: list[str]) -> None:
    screening = {question: ("yes", "no", "alt", "skip")[QUESTIONS.index(question) % 4] for question in asked}
    record = {"answers": picked, "screening": screening, "flags": ["uf_floor", "uf_knee"]}
    ordered = {"answers": sorted(picked), "screening": dict(sorted(screening.items())), "flags": ["uf_knee", "uf_floor"]}

    assert triage.assess(triage.from_json(record)).to_json() == triage.assess(triage.from_json(ordered)).to_json()


@given(answers, flags, told)
@settings(max_examples=100, deadline=None)
def test_restrictions_hold_everything_that_each_part_avoids_for_as_long_as_the_longest(
    selected: frozenset[str], health: frozenset[str], issues: tuple[str, ...]
) -> None:
    intake = Intake(selected, {}, issues, health)

    avoid, modify = triage.restrictions(issues, intake)

    owners = [catalogue.issue(slug) for slug in issues]
    owners += [flag for flag in catalogue.user_flags() if flag.id in health]
    owners += [rule for rule in catalogue.answer_rules() if rule.answer in selected]
    for owner in owners:
        for rule in owner.avoid:
            for phase in (1, 2, 3):
                assert not rule.applies_in(phase) or any(r.tag == rule.tag and r.applies_in(phase) for r in avoid)
        assert {(r.tag, r.text) for r in getattr(owner, "modify", ())} <= {(r.tag, r.text) for r in modify}
    assert len({rule.tag for rule in avoid}) == len(avoid)


def test_a_telling_answer_raises_its_issue_and_says_so() -> None:
    before = {one.issue: one for one in ranking.rank(frozenset())}

    after = {one.issue: one for one in ranking.rank(frozenset({"sit_gone", "walk_helps"}))}

    assert after["spinal-stenosis"].score > before["spinal-stenosis"].score
    assert (after["spinal-stenosis"].spoke_for, after["spinal-stenosis"].spoke_against) == (("sit_gone",), ("walk_helps",))


def test_a_told_issue_is_shown_first_with_those_near_the_top_beside_it() -> None:
    lss = next(case for case in VIGNETTES if case["id"] == "lss")["answers"].split()

    assessment = triage.assess(triage.from_json({"answers": lss, "told": ["gtps"]}))

    assert assessment.near_top == ("outer-hip-pain", "spinal-stenosis")
    assert assessment.ranked[0].issue == "outer-hip-pain"
    assert len(assessment.ranked) == len(catalogue.issues())


def test_factors_add_up_and_are_likely_from_three_points() -> None:
    possible = triage.assess(Intake(frozenset({"t_chair30_low"}))).factors
    likely = triage.assess(Intake(frozenset({"t_chair30_low", "sls_outer"}))).factors

    glutes = {f.factor: (f.points, f.likely) for f in possible}["weak-glutes"], {f.factor: (f.points, f.likely) for f in likely}["weak-glutes"]
    assert glutes == ((2, False), (3, True))


# Unknown ids.


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"answers": ["sit_gonne"]}, "answers: unknown 'sit_gonne'"),
        ({"answers": "sit_gone"}, "answers must be a list of words"),
        ({"answers": ""}, "answers must be a list of words"),
        ({"answers": [3]}, "answers must be a list of words"),
        ({"screening": {"rf_unknown": "yes"}}, "unknown question 'rf_unknown'"),
        ({"screening": {"rf_fever": "maybe"}}, "rf_fever must be yes, no, alt or skip"),
        ({"screening": {"rf_fever": ["yes"]}}, "rf_fever must be yes, no, alt or skip"),
        ({"screening": {"rf_fever": None}}, "rf_fever must be yes, no, alt or skip"),
        ({"screening": ["rf_fever"]}, "screening must be an object"),
        ({"told": ["lss", "nothing"]}, "told: unknown 'nothing'"),
        ({"flags": ["uf_wings"]}, "flags: unknown 'uf_wings'"),
        ({"flags": False}, "flags must be a list of words"),
        ({"equipment": "band"}, "equipment must be a list of words"),
        ({"minutes": 0}, "minutes must be a whole number"),
        ({"minutes": True}, "minutes must be a whole number"),
        ({"screenings": {"rf_fever": "yes"}}, "unknown field 'screenings'"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(record: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        triage.from_json(record)


def test_missing_fields_are_fine_and_true_means_yes() -> None:
    assert triage.from_json({"answers": None, "screening": None}) == Intake()
    assert triage.from_json({"screening": {"rf_fever": True, "rf_chest": False}}).screening == {"rf_fever": "yes", "rf_chest": "no"}


def test_ids_of_an_older_questionnaire_change_nothing_and_do_not_crash() -> None:
    old = Intake(frozenset({"sit_gone", "retired_answer"}), {"rf_retired": "yes"}, ("retired-issue",), frozenset({"uf_retired"}))

    assert triage.assess(old).to_json() == triage.assess(Intake(frozenset({"sit_gone"}))).to_json()


def test_questions_that_were_not_answered_are_listed() -> None:
    asked = [q.id for q in catalogue.screening() if "intake" in q.ask]

    unanswered = triage.screen(dict.fromkeys(asked, "no") | {"rf_fever": "skip"}).unanswered

    assert unanswered == ("rf_fever",)
    assert triage.screen({}).unanswered == tuple(asked)

"""Does every plan keep what was forbidden out, stay within its minutes, and say why?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs import catalogue, planning, triage, walking
from programs.catalogue import shapes
from programs.catalogue.values import Thresholds
from programs.vocabulary import Block, BuiltPlan, Intake, Phase, TagRule

START = date(2026, 11, 18)
ISSUES = sorted(slug for slug, issue in catalogue.issues().items() if issue.program is not None)
FACTORS = sorted(slug for slug, factor in catalogue.factors().items() if factor.program is not None)
#: Answers that end before a plan, alone or (age and sex) together with osteoporosis: see cases/triage.
STOPPING = {"nv_weak", "walk_calf_standstill", "age_ge70", "sex_f"}
REASONS = {"template", "refill", "fallback", "optional"}
REFUSALS = {"avoid-tag", "not-auto", "needs-answer", "floor", "kneeling", "equipment", "level", "time"}

answers = st.frozensets(st.sampled_from(sorted(catalogue.answer_words().keys() - STOPPING)), max_size=25)
flags = st.frozensets(st.sampled_from([flag.id for flag in catalogue.user_flags()]))
issues = st.lists(st.sampled_from(ISSUES), min_size=1, max_size=3, unique=True)
equipment = st.none() | st.frozensets(st.sampled_from(sorted({t for e in catalogue.exercises().values() for t in e.equipment})), max_size=6)
intakes = st.builds(Intake, selected=answers, health_flags=flags, equipment=equipment, minutes=st.none() | st.integers(5, 60))


def _slugs(phase: Phase, kind: str | None = None) -> list[str]:
    return [p.exercise for p in phase.prescriptions if kind in {None, p.kind}]


def _forbidden(slugs: list[str], intake: Intake, phase: int) -> set[str]:
    """The tags nothing in a phase may carry, told from the catalogue and not from ``triage.restrictions``."""
    rules: list[TagRule] = [rule for slug in slugs for rule in catalogue.issue(slug).avoid]
    rules += [rule for flag in catalogue.user_flags() if flag.id in intake.health_flags for rule in flag.avoid]
    rules += [rule for one in catalogue.answer_rules() if one.answer in intake.selected for rule in one.avoid]
    return {rule.tag for rule in rules if rule.until_phase is None or phase <= rule.until_phase}


def _build(slugs: list[str], intake: Intake | None = None, block: Block = Block.NONE) -> BuiltPlan:
    return planning.build(slugs[:1], intake or Intake(), start_on=START, near_top=slugs, block=block)


# Every program of the catalogue.


@pytest.mark.parametrize("slug", ISSUES)
def test_an_issue_gets_its_template_in_three_phases(slug: str) -> None:
    plan = planning.build([slug], Intake(), start_on=START)

    assert (plan.program, plan.blocked_by, plan.start_on) == (slug, None, START)
    assert [phase.number for phase in plan.phases] == [1, 2, 3]
    for phase, template in zip(plan.phases, catalogue.programs()[slug].phases, strict=True):
        assert _slugs(phase, "main") == list(template.exercises)
        assert _slugs(phase, "daily") == list(template.daily)
        assert phase.walk_plan == template.walk_plan
        assert phase.refusals == ()


@pytest.mark.parametrize("slug", FACTORS)
def test_a_factor_gets_its_own_program(slug: str) -> None:
    plan = planning.build([], Intake(), start_on=START, factor=slug)

    assert (plan.program, plan.issues) == (catalogue.factors()[slug].program.slug, ("non-specific-back-pain",))
    assert all(len(_slugs(phase, "main")) >= 4 for phase in plan.phases)


def test_the_brief_id_of_an_issue_names_it_too_and_an_unknown_one_is_refused() -> None:
    assert planning.build(["lss"], Intake(), start_on=START) == planning.build(["spinal-stenosis"], Intake(), start_on=START)

    with pytest.raises(ValueError, match="issue: unknown 'nope'"):
        planning.build(["nope"], Intake(), start_on=START)


def test_two_issues_share_the_session() -> None:
    plan = planning.build(["spinal-stenosis", "outer-hip-pain"], Intake(), start_on=START)

    for number, phase in enumerate(plan.phases):
        chosen = set(_slugs(phase, "main"))
        for slug in ("spinal-stenosis", "outer-hip-pain"):
            assert chosen & set(catalogue.programs()[slug].phases[number].exercises), (number, slug)
        assert not {t for s in chosen for t in catalogue.exercise(s).tags} & _forbidden(list(plan.issues), Intake(), number + 1)


# Properties.


@given(issues, intakes, st.sampled_from([Block.NONE, Block.PARTIAL]))
@settings(max_examples=200, deadline=None)
def test_nothing_that_is_to_be_avoided_is_ever_scheduled(slugs: list[str], intake: Intake, block: Block) -> None:
    plan = _build(slugs, intake, block)

    assert plan.phases
    for phase in plan.phases:
        forbidden = _forbidden(slugs, intake, phase.number)
        for slug in _slugs(phase):
            assert not forbidden & set(catalogue.exercise(slug).tags), (phase.number, slug)


@given(issues, intakes)
@settings(max_examples=150, deadline=None)
def test_a_plan_fits_its_minutes_and_names_each_exercise_once(slugs: list[str], intake: Intake) -> None:
    for phase in _build(slugs, intake).phases:
        main = _slugs(phase, "main")
        limit = min(phase.max_minutes, intake.minutes or phase.max_minutes, 18 if phase.number == 1 else 45)
        assert phase.main_minutes <= limit or len(main) == 1
        assert sum(p.minutes for p in phase.prescriptions if p.kind == "daily") <= shapes.DAILY_MINUTES
        assert len(main) == len(set(main)) <= 9
        assert main


@given(issues, intakes)
@settings(max_examples=100, deadline=None)
def test_every_choice_and_every_refusal_has_a_reason(slugs: list[str], intake: Intake) -> None:
    plan = _build(slugs, intake)

    for phase, template in zip(plan.phases, catalogue.programs()[slugs[0]].phases, strict=True):
        refused = {refusal.exercise for refusal in phase.refusals}
        assert set(template.exercises) <= set(_slugs(phase)) | refused
        assert {refusal.reason for refusal in phase.refusals} <= REFUSALS
        for prescription in phase.prescriptions:
            assert prescription.reason in REASONS
            if prescription.reason == "refill":
                wanted, instead = catalogue.exercise(str(prescription.replaces)), catalogue.exercise(prescription.exercise)
                assert set(wanted.purposes) & set(instead.purposes)
                assert instead.level <= wanted.level
                assert prescription.replaces in refused


@given(issues, intakes)
@settings(max_examples=100, deadline=None)
def test_a_dose_is_the_catalogues_and_within_its_limits(slugs: list[str], intake: Intake) -> None:
    for phase in _build(slugs, intake).phases:
        for prescription in phase.prescriptions:
            exercise = catalogue.exercise(prescription.exercise)
            assert prescription.dosage == exercise.dosage
            assert prescription.exercise_version == exercise.version
            for field, (low, high) in shapes.DOSAGE.items():
                assert low <= getattr(prescription.dosage, field) <= high


@given(issues, intakes)
@settings(max_examples=60, deadline=None)
def test_the_same_input_builds_the_same_plan_whatever_its_order(slugs: list[str], intake: Intake) -> None:
    first = planning.build(slugs[:1], intake, start_on=START, near_top=slugs)

    assert planning.build(slugs[:1], intake, start_on=START, near_top=slugs[::-1]) == first


@given(issues, intakes, st.sampled_from([q.id for q in catalogue.screening()]), st.sampled_from(["yes", "alt"]))
@settings(max_examples=150, deadline=None)
def test_what_blocks_all_exercise_never_leads_to_an_exercise(slugs: list[str], intake: Intake, question: str, answer: str) -> None:
    screened = Intake(intake.selected, {question: answer}, (), intake.health_flags, intake.equipment, intake.minutes)
    block = triage.assess(screened).screened.block

    plan = _build(slugs, screened, block)

    assert (plan.phases == ()) == (block is Block.ALL)
    assert (plan.blocked_by == "screening") == (block is Block.ALL)
    if block is Block.PARTIAL:
        assert [phase.number for phase in plan.phases] == [1]
        assert {catalogue.exercise(slug).level for slug in _slugs(plan.phases[0])} == {1}


@given(intakes, st.integers(1, 3), st.sampled_from(sorted(catalogue.exercises())))
@settings(max_examples=150, deadline=None)
def test_a_substitute_keeps_the_purpose_and_every_rule(intake: Intake, phase: int, slug: str) -> None:
    avoid, modify = triage.restrictions(["hip-osteoarthritis", "spinal-stenosis"], intake)

    found = planning.substitute(slug, intake, phase=phase, avoid=avoid, modify=modify, without=["bridge"])

    if found is not None:
        wanted, instead = catalogue.exercise(slug), catalogue.exercise(found.exercise)
        assert set(wanted.purposes) & set(instead.purposes)
        assert found.exercise not in {slug, "bridge"} and found.replaces == slug
        assert planning.restricted(instead, avoid, phase=phase) is None
        assert instead.auto_schedule and instead.level <= wanted.level


# Single facts.


@pytest.mark.parametrize("block", [Block.NONE, Block.PARTIAL])
def test_arteries_are_referred_and_never_planned_for(block: Block) -> None:
    near = planning.build(["leg-arteries"], Intake(), start_on=START, block=block)
    ticked = planning.build(["spinal-stenosis"], Intake(frozenset({"walk_calf_standstill"})), start_on=START, block=block)

    assert (near.phases, near.blocked_by) == ((), "referral")
    assert (ticked.phases, ticked.blocked_by) == ((), "referral")


def test_shoes_and_leg_length_have_no_program() -> None:
    plan = planning.build([], Intake(), start_on=START, factor="footwear")

    assert (plan.phases, plan.blocked_by) == ((), "no-program")


@pytest.mark.parametrize(("flag", "reason", "tag"), [("uf_floor", "floor", "floor-transfer"), ("uf_knee", "kneeling", "kneeling")])
def test_who_cannot_get_to_the_floor_or_kneel_gets_something_else(flag: str, reason: str, tag: str) -> None:
    plan = planning.build(["disc-and-sciatica"], Intake(health_flags=frozenset({flag})), start_on=START)

    assert reason in {refusal.reason for phase in plan.phases for refusal in phase.refusals}
    for phase in plan.phases:
        assert len(_slugs(phase, "main")) >= 4
        assert not [slug for slug in _slugs(phase) if tag in catalogue.exercise(slug).tags]


def test_arching_exercises_come_only_to_those_whom_arching_helps() -> None:
    without = planning.build(["disc-and-sciatica"], Intake(), start_on=START)
    helped = planning.build(["disc-and-sciatica"], Intake(frozenset({"back_better"})), start_on=START)

    assert not {"press-up", "prone-elbows"} & {slug for phase in without.phases for slug in _slugs(phase)}
    assert "prone-elbows" in _slugs(helped.phases[0])
    assert next(p for p in helped.phases[0].prescriptions if p.exercise == "prone-elbows").reason == "optional"


def test_exercises_only_a_therapist_may_choose_are_never_scheduled() -> None:
    rare = {slug for slug, exercise in catalogue.exercises().items() if not exercise.auto_schedule}

    assert rare == {"itb-tfl", "piri-cross"}
    for slug in ISSUES:
        for phase in planning.build([slug], Intake(equipment=frozenset()), start_on=START).phases:
            assert not rare & set(_slugs(phase))


def test_who_has_no_band_gets_no_band_and_household_things_are_not_asked_for() -> None:
    plan = planning.build(["outer-hip-pain"], Intake(equipment=frozenset()), start_on=START)

    for phase in plan.phases:
        missing = {refusal.detail for refusal in phase.refusals if refusal.reason == "equipment"}
        assert missing.isdisjoint({"chair", "firm chair", "chair behind", "worktop", "strap or towel", "stick optional"})
        assert not {thing for slug in _slugs(phase) for thing in catalogue.exercise(slug).equipment} & {"band", "loop band"}


def test_when_too_few_exercises_survive_the_safe_set_and_short_walks_come_in() -> None:
    fallback = catalogue.thresholds().words("planning", "fallback")

    plan = planning.build(["outer-hip-pain"], Intake(equipment=frozenset()), start_on=START)

    first, second = plan.phases[:2]
    rescued = {p.exercise for p in first.prescriptions if p.reason == "fallback"}
    assert "fallback-set" in plan.notes and rescued and rescued <= set(fallback)
    assert (first.walk_plan, second.walk_plan) == ("little-and-often", "flat-short-stride")


def test_the_first_phase_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = catalogue.thresholds()
    short = Thresholds({**limits.sections, "planning": {**limits["planning"], "phase_1_minutes_max": 9}})
    monkeypatch.setattr(catalogue, "thresholds", lambda: short)

    first, second, _ = planning.build(["spinal-stenosis"], Intake(), start_on=START).phases

    assert first.main_minutes <= 9 < second.main_minutes


def test_the_safe_set_carries_no_tag_that_any_issue_avoids() -> None:
    avoided = {rule.tag for issue in catalogue.issues().values() for rule in issue.avoid}

    tags = {tag for slug in catalogue.thresholds().words("planning", "fallback") for tag in catalogue.exercise(slug).tags}

    assert not avoided & tags


# Walking.


@given(st.sampled_from(sorted(catalogue.walk_plans())), st.none() | st.integers(0, 240), st.lists(st.none() | st.floats(0, 10), max_size=20))
@settings(max_examples=150, deadline=None)
def test_walking_starts_gently_grows_by_one_step_at_most_and_keeps_its_cap(slug: str, comfortable: int | None, pains: list[float | None]) -> None:
    plan = catalogue.walk_plans()[slug]

    dose = walking.start(slug, comfortable_minutes=comfortable)

    assert 1 <= dose.minutes <= plan.start_minutes_max
    for pain in pains:
        before, dose = dose, walking.step(slug, dose, week_pain=pain, morning_kept=True)
        assert 0 <= dose.minutes - before.minutes <= plan.step_minutes
        assert dose.rounds == before.rounds
        assert dose.minutes * dose.rounds <= plan.cap_minutes
        assert pain is not None or dose == before


@pytest.mark.parametrize("slug", sorted(catalogue.walk_plans()))
def test_a_week_that_hurt_or_did_not_settle_holds_and_a_bad_day_is_half_not_none(slug: str) -> None:
    dose = walking.start(slug)

    assert walking.step(slug, dose, week_pain=5.1, morning_kept=True) == dose
    assert walking.step(slug, dose, week_pain=1, morning_kept=False) == dose
    assert walking.step(slug, dose, week_pain=1, morning_kept=True).minutes > dose.minutes
    assert 1 <= walking.ease(slug, dose).minutes < dose.minutes
    assert 1 <= walking.bad_day(dose).minutes < dose.minutes

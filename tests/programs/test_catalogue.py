"""Is the whole brief in the catalogue, does everything point somewhere, and is a broken file found?"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from programs import catalogue
from programs.catalogue import loader
from programs.vocabulary import Confidence, TagRule

BRIEF_ISSUES = {"nslbp", "lss", "facet", "disc", "spondy", "hip_oa", "gtps", "fai", "labral", "sij", "dgs", "mp", "vascular"}
BRIEF_FACTORS = {
    "weak_glutes", "tight_hip_flexors", "tight_hamstrings", "weak_core", "gait", "posture", "footwear", "lld", "sitting",
    "weight", "lifting",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("exercises", 92), ("issues", 13), ("factors", 11), ("programs", 21), ("walk_plans", 5), ("questions", 29),
        ("self_tests", 6), ("screening", 39), ("gate", 6), ("clusters", 6), ("dispositions", 4), ("answer_rules", 12),
        ("user_flags", 8), ("cards", 16), ("measures", 16), ("sources", 119), ("tags", 35),
    ],
)  # fmt: skip
def test_the_catalogue_holds_as_many_things_as_the_brief(kind: str, count: int) -> None:
    assert len(getattr(catalogue, kind)()) == count


def test_the_issues_and_factors_are_those_of_the_brief() -> None:
    assert {issue.brief_id for issue in catalogue.issues().values()} == BRIEF_ISSUES
    assert {factor.brief_id for factor in catalogue.factors().values()} == BRIEF_FACTORS
    assert {plan.brief_id for plan in catalogue.walk_plans().values()} == {"WA", "WB", "WC", "WD", "WE"}


def test_the_catalogue_has_nothing_wrong_in_it() -> None:
    assert catalogue.check() == []


def test_the_version_is_the_same_twice_and_short() -> None:
    first = catalogue.version()
    catalogue.version.cache_clear()

    assert catalogue.version() == first
    assert len(first) == 12 and int(first, 16) >= 0


# Each reference resolves: read through the public values, not through the checker.


def test_every_source_that_is_named_exists_and_nothing_clinical_is_without_one() -> None:
    known = catalogue.sources().keys()
    owners = [
        *catalogue.exercises().values(), *catalogue.issues().values(), *catalogue.factors().values(),
        *catalogue.screening(), *catalogue.clusters(), *catalogue.cards().values(), *catalogue.measures().values(),
        *catalogue.self_tests(),
    ]  # fmt: skip

    assert [owner for owner in owners if not owner.sources] == []
    named = {source for owner in owners for source in owner.sources}
    named |= {source for section in catalogue.thresholds().sections for source in catalogue.thresholds().sources(section)}
    assert named - known == set()


def test_every_link_between_exercises_leads_to_an_exercise() -> None:
    exercises = catalogue.exercises()
    linked = {slug for e in exercises.values() for slug in (*e.progressions, *e.regressions)}

    assert linked - exercises.keys() == set()
    assert [e.slug for e in exercises.values() if e.slug in (*e.progressions, *e.regressions)] == []


def test_an_easier_version_is_never_of_a_higher_level() -> None:
    exercises = catalogue.exercises()

    harder = [(e.slug, slug) for e in exercises.values() for slug in e.regressions if exercises[slug].level > e.level]

    assert harder == []


def test_whoever_was_moved_on_to_an_exercise_can_step_back_from_it() -> None:
    exercises = catalogue.exercises()
    reached = {slug for e in exercises.values() for slug in e.progressions}

    stuck = {slug for slug in reached if not exercises[slug].regressions}

    assert stuck <= {"heel-raise"}  # the brief names no easier version of the heel raise


def test_every_tag_in_a_rule_or_on_an_exercise_is_in_the_vocabulary() -> None:
    owners = [*catalogue.issues().values(), *catalogue.answer_rules(), *catalogue.user_flags(), *catalogue.factors().values()]
    rules: list[TagRule] = [rule for owner in owners for rule in (*owner.avoid, *getattr(owner, "modify", ()))]
    tags = {rule.tag for rule in rules} | {tag for e in catalogue.exercises().values() for tag in e.tags}
    tags |= {tag for issue in catalogue.issues().values() for tag in issue.prefer}

    assert tags - catalogue.tags().keys() == set()


def test_every_modification_has_words_and_every_rule_ends_in_a_real_phase() -> None:
    owners = [*catalogue.issues().values(), *catalogue.user_flags()]

    assert [r for owner in owners for r in owner.modify if not r.text.strip()] == []
    assert {r.until_phase for owner in owners for r in (*owner.avoid, *owner.modify)} <= {None, 1, 2, 3}


def test_every_answer_that_counts_for_something_can_be_given() -> None:
    counted = {answer for issue in catalogue.issues().values() for answer in issue.likelihood_ratios}
    counted |= {answer for factor in catalogue.factors().values() for answer in factor.score}
    counted |= {rule.answer for rule in catalogue.answer_rules()}
    counted |= {answer for e in catalogue.exercises().values() for answer in e.only_if}

    assert counted - catalogue.answer_words().keys() == set()


def test_no_answer_id_belongs_to_two_questions() -> None:
    ids = [answer for question in (*catalogue.questions(), *catalogue.self_tests()) for answer in question.answers]

    assert [answer for answer, times in Counter(ids).items() if times > 1] == []


def test_a_program_holds_known_exercises_and_a_known_walk_in_three_phases() -> None:
    for program in catalogue.programs().values():
        assert [phase.number for phase in program.phases] == [1, 2, 3]
        for phase in program.phases:
            extra = [slug for slugs in phase.optional_if.values() for slug in slugs]
            assert {*phase.exercises, *phase.daily, *extra} <= catalogue.exercises().keys()
            assert phase.walk_plan in catalogue.walk_plans()


def test_an_issue_has_a_program_or_is_only_ever_referred() -> None:
    without = {issue.slug for issue in catalogue.issues().values() if issue.program is None}

    assert without == {issue.slug for issue in catalogue.issues().values() if issue.referral_only} == {"leg-arteries"}
    assert {f.slug for f in catalogue.factors().values() if f.program is None} == {"footwear", "lld"}


def test_a_template_never_schedules_what_its_own_issue_avoids() -> None:
    for issue in catalogue.issues().values():
        for phase in issue.program.phases if issue.program else ():
            avoided = {rule.tag for rule in issue.avoid if rule.applies_in(phase.number)}
            for slug in (*phase.exercises, *phase.daily):
                assert not avoided & set(catalogue.exercise(slug).tags), (issue.slug, phase.number, slug)


def test_the_gate_opens_every_question_that_is_asked_before_a_session_and_ends_with_none() -> None:
    opened = {rf for item in catalogue.gate() for rf in item.opens}

    assert {q.id for q in catalogue.screening() if "session" in q.ask} <= opened <= {q.id for q in catalogue.screening()}
    assert catalogue.gate()[-1].opens == ()


def test_emergency_and_same_day_block_everything_and_their_words_take_the_local_numbers() -> None:
    texts = catalogue.dispositions()

    assert (texts["emergency"].block, texts["sameday"].block, texts["days"].block) == ("all", "all", "partial")
    for locale in catalogue.locales().values():
        body = texts["emergency"].body.format(emergency_number=locale.emergency_number, urgent_line=locale.urgent_line)
        assert locale.emergency_number in body


def test_unknown_names_are_refused() -> None:
    with pytest.raises(KeyError):
        catalogue.exercise("no-such-exercise")
    with pytest.raises(KeyError):
        catalogue.thresholds().number("pain", "no-such-number")


def test_confidence_is_one_of_three_words_everywhere() -> None:
    owners = [*catalogue.exercises().values(), *catalogue.issues().values(), *catalogue.cards().values(), *catalogue.screening()]

    assert {owner.confidence for owner in owners} <= set(Confidence)


# One thing broken at a time.


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(loader.FOLDER, tmp_path / "programs" / "catalogue", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("exercises/dead-bug.toml", '"toe-tap"', '"toe-tapp"', "unknown exercise 'toe-tapp'"),
        ("exercises/dead-bug.toml", 'progressions = ["plank"]', 'progressions = ["dead-bug"]', "go round in a circle"),
        ("exercises/dead-bug.toml", "level = 3", 'level = "three"', "level must be between 1 and 5"),
        ("exercises/dead-bug.toml", "sets = 2", "sets = 0", "sets must be a whole number from 1 to 6"),
        ("exercises/dead-bug.toml", 'sources = ["expert"]', "sources = []", "sources is empty"),
        ("exercises/dead-bug.toml", 'sources = ["expert"]', "", "sources is missing"),
        ("exercises/dead-bug.toml", 'confidence = "low"', 'confidence = "sure"', "confidence must be high, med or low"),
        ("exercises/dead-bug.toml", '"long-lever-leg"', '"long-lever-arm"', "unknown tag 'long-lever-arm'"),
        ("exercises/dead-bug.toml", 'brief_id = "ex_dead_bug"', 'brief_id = "ex_plank"', "brief_id 'ex_plank' is also in"),
        ("exercises/dead-bug.toml", "minutes = 4.0", "minuets = 4.0", "unknown field 'minuets'"),
        ("exercises/dead-bug.toml", "reviewed_on = 2026-11-01", 'reviewed_on = "lately"', "reviewed_on must be a date"),
        ("issues/spinal-stenosis.toml", '"Suri2010"', '"Suri1066"', "unknown source 'Suri1066'"),
        ("issues/spinal-stenosis.toml", "sit_gone = [7.4", "sit_gonne = [7.4", "unknown answer 'sit_gonne'"),
        ("issues/spinal-stenosis.toml", "sit_gone = [7.4", "sit_gone = [-7.4", "sit_gone must be [ratio"),
        ("issues/spinal-stenosis.toml", '"flexed-intervals"', '"flexed"', "unknown walk plan 'flexed'"),
        ("issues/spinal-stenosis.toml", '"tilt-supine"', '"stand-ext"', "phase 1 schedules stand-ext"),
        ("issues/spinal-stenosis.toml", "max_minutes = 15", "max_minutes = 6", "minutes, more than 6"),
        ("issues/spinal-stenosis.toml", "number = 2", "number = 4", "a program has the phases 1, 2 and 3"),
        ("factors/weak-glutes.toml", "o_hip_drop = 3", "o_hip_drop = 9", "o_hip_drop must have 1 to 3 points"),
        ("screening/rf_weak_progress.toml", '"sameday"', '"tomorrow"', "unknown disposition 'tomorrow'"),
        ("screening/rf_weak_progress.toml", '["nv_weak"]', '["nv_week"]', "unknown answer 'nv_week'"),
        ("screening-gate.toml", '"rf_cauda_bladder", ', "", "no tap opens rf_cauda_bladder"),
        ("clusters.toml", '"rf_cancer_hx",', '"rf_cancer",', "unknown answer 'rf_cancer'"),
        ("dispositions.toml", 'block = "all"', 'block = "none"', "emergency must block all exercise"),
        ("dispositions.toml", "Call {emergency_number}", "Call {number}", "body may only hold"),
        ("locales.toml", "[EU]", "[FR]", "EU is missing"),
        ("thresholds.toml", "safe_max = 2", "safe_max = true", "pain.safe_max must be a number"),
        ("sources.toml", 'expert = "', '# expert = "', "unknown source 'expert'"),
        ("cards/ice-heat.toml", 'kind = "self-care"', 'kind = "advert"', "kind: unknown 'advert'"),
        ("user-flags.toml", '"uf_knee"', '"uf_floor"', "'uf_floor' is there twice"),
        ("user-flags.toml", 'restricting_answer = "no"', 'restricting_answer = "maybe"', "restricting_answer must be yes or no"),
        ("screening-gate.toml", '"gate_legs"', '"gate_fall"', "'gate_fall' is there twice"),
        ("questions/q_fwd.toml", "fwd_same", "sit_same", "answer 'sit_same' is also in q_fwd"),
        ("issues/spinal-stenosis.toml", "until_phase = 3", "until_phase = 7", "until_phase must be 1, 2 or 3"),
        ("tags.toml", "[tags]", "[tags", "cannot be read"),
    ],
)
def test_one_broken_line_is_reported_with_its_file(copied: Path, name: str, old: str, new: str, message: str) -> None:
    file = copied / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")

    problems = catalogue.check(copied)

    assert any(message in p.message for p in problems), problems[:5]
    assert all(p.line >= 1 and p.file.startswith("programs/catalogue/") for p in problems)


def test_the_reported_line_is_the_line_of_the_mistake(copied: Path) -> None:
    file = copied / "exercises" / "dead-bug.toml"
    lines = file.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines, start=1) if line.startswith("regressions"))
    file.write_text(file.read_text("utf-8").replace('"toe-tap"', '"toe-tapp"'), "utf-8")

    (problem,) = catalogue.check(copied)

    assert (problem.file, problem.line) == ("programs/catalogue/exercises/dead-bug.toml", at)


def test_several_mistakes_are_reported_in_one_run(copied: Path) -> None:
    (copied / "exercises" / "dead-bug.toml").write_bytes(b"\xff\xfe")
    (copied / "tags.toml").unlink()
    shutil.rmtree(copied / "cards")

    files = {problem.file for problem in catalogue.check(copied)}

    assert {"programs/catalogue/exercises/dead-bug.toml", "programs/catalogue/tags.toml", "programs/catalogue/cards/"} <= files


def test_an_untouched_copy_is_sound(copied: Path) -> None:
    assert catalogue.check(copied) == []


def test_reading_a_folder_with_a_broken_file_names_it(copied: Path) -> None:
    (copied / "cards" / "sleep.toml").write_text("title = ", "utf-8")

    with pytest.raises(catalogue.CatalogueError, match=r"cards/sleep\.toml"):
        loader.read_folder("cards", copied)

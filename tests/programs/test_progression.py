"""Does a plan get harder only when it went well, one step at a time, and easier when it hurt?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs import catalogue, progression
from programs.catalogue.values import Thresholds
from programs.progression import Decision, Tried
from programs.vocabulary import Dosage, SessionRecord

TODAY = date(2026, 11, 18)
HARDER = {"hold": 0, "regress": -1, "progress": 1}


def _session(days_ago: int, worst: int | None = 1, *, status: str = "done", skip_reason: str | None = None) -> SessionRecord:
    return SessionRecord(TODAY - timedelta(days=days_ago), status, pain_worst=worst, skip_reason=skip_reason)


def _tried(exercise: str = "bridge", *, completed: tuple[bool, ...] = (True, True), changed_on: date | None = None, **dose: int) -> Tried:
    return Tried(exercise, replace(catalogue.exercise(exercise).dosage, **dose), completed, changed_on)


GOOD = [_session(3), _session(1)]
KEPT = [True, True]


def _decide(sessions: list[SessionRecord], tried: list[Tried] | None = None, *, morning: list[bool] | None = None) -> Decision:
    return progression.decide(tried or [_tried()], sessions, as_of=TODAY, morning_kept=KEPT if morning is None else morning)


def _reason(decision: Decision) -> str:
    return decision.reasons[0].rule


# Single facts.


def test_two_good_sessions_add_two_repetitions() -> None:
    decision = _decide(GOOD)

    (change,) = decision.changes
    assert (decision.action, change.kind, change.before, change.after) == ("progress", "repetitions", "10", "12")
    assert decision.reasons[0].evidence == {"pain_worst": 1}


@pytest.mark.parametrize(
    ("sessions", "morning", "reason"),
    [
        ([], KEPT, "too-little-data"),
        ([_session(1)], KEPT, "one-good-session"),
        ([_session(3), _session(1, None)], KEPT, "too-little-data"),
        ([_session(3, 4), _session(1, 2)], [], "pain"),
        ([_session(3, 7), _session(1, 2)], KEPT, "pain"),
        (GOOD, [True, False], "next-morning"),
        ([*GOOD, _session(0, None, status="skipped", skip_reason="hurt")], KEPT, "hurt"),
        ([_session(3), _session(2, None, status="skipped", skip_reason="hurt"), _session(1)], KEPT, "hurt"),
        ([*GOOD, _session(0, None, status="skipped", skip_reason="no-time")], KEPT, "skipped"),
        ([_session(-1), _session(-2)], KEPT, "too-little-data"),
    ],
)
def test_the_plan_stays_as_it_is_and_says_why(sessions: list[SessionRecord], morning: list[bool], reason: str) -> None:
    decision = _decide(sessions, morning=morning)

    assert (decision.action, decision.changes, _reason(decision)) == ("hold", (), reason)


def test_pain_of_four_or_five_is_fine_only_when_the_mornings_are_known_to_have_settled() -> None:
    sessions = [_session(3, 5), _session(1, 4)]

    assert _decide(sessions, morning=KEPT).action == "progress"
    assert _decide(sessions, morning=[]).action == "hold"


def test_pain_above_five_takes_repetitions_off_at_once_also_when_the_session_before_has_no_answer() -> None:
    for sessions in ([_session(3), _session(1, 6)], [_session(3, None), _session(1, 6)], [_session(1, 6)]):
        decision = _decide(sessions)

        (change,) = decision.changes
        assert (decision.action, _reason(decision)) == ("regress", "pain-too-high")
        assert (change.before, change.after) == ("10", "7")


def test_two_bad_mornings_in_the_week_take_repetitions_off() -> None:
    decision = _decide(GOOD, morning=[False, True, False])

    assert (decision.action, _reason(decision)) == ("regress", "next-morning")


def test_a_long_hold_has_no_fewer_repetitions_so_a_set_goes_and_then_the_easier_exercise_comes() -> None:
    with_sets, single = _tried("suitcase", sets=2), _tried("suitcase", sets=1)

    decision = _decide([_session(1, 8)], [with_sets, single])

    assert [(c.kind, c.after) for c in decision.changes] == [("sets", "1"), ("swap", catalogue.exercise("suitcase").regressions[0])]


def test_repetitions_come_before_sets_and_sets_before_the_next_exercise() -> None:
    usual = catalogue.exercise("bridge").dosage.repetitions

    kinds = [
        _decide(GOOD, [_tried(repetitions=repetitions, sets=sets)]).changes[0].kind
        for repetitions, sets in [(usual, 2), (usual + 2, 2), (usual + 4, 2), (usual + 4, 3)]
    ]

    assert kinds == ["repetitions", "repetitions", "sets", "swap"]


def test_the_last_exercise_of_a_chain_at_its_top_dose_is_not_called_progress() -> None:
    top = next(slug for slug, e in catalogue.exercises().items() if not e.progressions and e.dosage.repetitions > 1)
    usual = catalogue.exercise(top).dosage.repetitions

    decision = _decide(GOOD, [_tried(top, repetitions=usual + 4, sets=3)])

    assert (decision.action, decision.changes, _reason(decision)) == ("hold", (), "no-exercise-ready")


def test_an_exercise_changed_this_week_or_not_finished_waits() -> None:
    fresh = _tried("bridge", changed_on=TODAY - timedelta(days=6))
    unfinished = _tried("clam", completed=(True, False))
    ready = _tried("dead-bug", changed_on=TODAY - timedelta(days=7))

    decision = _decide(GOOD, [fresh, unfinished, ready])

    assert [change.exercise for change in decision.changes] == ["dead-bug"]


def test_a_therapists_lock_holds_whatever_happens() -> None:
    for sessions in (GOOD, [_session(1, 9)]):
        decision = progression.decide([_tried()], sessions, as_of=TODAY, morning_kept=KEPT, locked=True)

        assert (decision.action, _reason(decision)) == ("hold", "locked")


def test_the_numbers_are_those_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = catalogue.thresholds()
    changed = {"progress_sessions": 3, "repetitions_step": 1, "regress_pain_over": 7, "regress_repetitions_share": 0.5}
    other = Thresholds({**limits.sections, "progression": {**limits["progression"], **changed}, "pain": {**limits["pain"], "acceptable_max": 4}})
    three = [_session(5), *GOOD]
    monkeypatch.setattr(catalogue, "thresholds", lambda: other)

    assert _decide(GOOD).action == "hold"
    assert _decide(three, [_tried(completed=(True, True, True))]).changes[0].after == "11"
    assert _decide([_session(1, 7)]).action == "hold"
    assert _decide([_session(1, 8)]).changes[0].after == "5"
    assert progression.stop_rules() == {"pain_safe_max": 2, "pain_acceptable_max": 4}


def test_the_phone_gets_the_one_pain_rule_and_a_reason_names_its_source() -> None:
    assert progression.stop_rules() == {"pain_safe_max": 2, "pain_acceptable_max": 5}
    for decision in (_decide(GOOD), _decide([]), _decide([_session(1, 9)])):
        assert decision.reasons[0].source in catalogue.thresholds().sources("progression")


# Properties.

pains = st.none() | st.integers(0, 10)
sessions_of = st.lists(
    st.builds(
        _session, st.integers(0, 30), pains, status=st.sampled_from(["done", "partly", "skipped"]),
        skip_reason=st.sampled_from([None, "hurt", "no-time", "resting"]),
    ),
    max_size=8, unique_by=lambda session: session.performed_on,
)  # fmt: skip
dosages = st.builds(Dosage, st.integers(1, 3), st.integers(1, 20), st.just(0), st.just(30), st.just("-"), st.just(3))
exercises_of = st.lists(
    st.builds(Tried, st.sampled_from(sorted(catalogue.exercises())), dosages, st.lists(st.booleans(), max_size=4).map(tuple)), min_size=1, max_size=6
)
mornings = st.lists(st.booleans(), max_size=5)


@given(exercises_of, sessions_of, mornings)
@settings(max_examples=250, deadline=None)
def test_nothing_gets_harder_after_pain_an_unsettled_morning_or_a_skipped_session(
    tried: list[Tried], sessions: list[SessionRecord], morning: list[bool]
) -> None:
    decision = _decide(sessions, tried, morning=morning)

    if decision.action == "progress":
        newest = sorted(sessions, key=lambda s: s.performed_on)[-2:]
        assert all(s.status != "skipped" for s in newest)
        worst = max(s.pain_worst for s in newest if s.pain_worst is not None)
        assert all(s.pain_worst is not None for s in newest)
        assert worst <= progression.stop_rules()["pain_acceptable_max"]
        assert worst <= 3 or morning
        assert all(morning)


@given(exercises_of, sessions_of, mornings, st.integers(0, 7), st.integers(1, 10))
@settings(max_examples=250, deadline=None)
def test_more_pain_never_makes_a_plan_harder(
    tried: list[Tried], sessions: list[SessionRecord], morning: list[bool], which: int, more: int
) -> None:
    raised = list(sessions)
    if which < len(raised) and raised[which].pain_worst is not None:
        raised[which] = replace(raised[which], pain_worst=min(10, raised[which].pain_worst + more))

    before, after = _decide(sessions, tried, morning=morning), _decide(raised, tried, morning=morning)

    assert HARDER[after.action] <= HARDER[before.action]


@given(exercises_of, sessions_of, mornings, st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_one_more_bad_morning_never_makes_a_plan_harder(
    tried: list[Tried], sessions: list[SessionRecord], morning: list[bool], where: int
) -> None:
    worse = [*morning[:where], False, *morning[where:]]

    assert HARDER[_decide(sessions, tried, morning=worse).action] <= HARDER[_decide(sessions, tried, morning=morning).action]


@given(exercises_of, sessions_of, mornings)
@settings(max_examples=250, deadline=None)
def test_changes_are_few_single_steps_in_the_right_direction(tried: list[Tried], sessions: list[SessionRecord], morning: list[bool]) -> None:
    decision = _decide(sessions, tried, morning=morning)

    assert decision.reasons
    assert decision.action != "hold" or not decision.changes
    if decision.action == "progress":
        assert 1 <= len(decision.changes) <= 2
    for change in decision.changes:
        exercise = catalogue.exercise(change.exercise)
        links = exercise.progressions if decision.action == "progress" else exercise.regressions
        if change.kind == "swap":
            assert change.before == change.exercise and change.after in links
        else:
            step = int(change.after) - int(change.before)
            assert step in {1, 2} if decision.action == "progress" else step < 0
            assert int(change.after) >= 1
            assert change.kind != "sets" or int(change.after) <= 3


@given(exercises_of, sessions_of.flatmap(lambda s: st.tuples(st.just(s), st.permutations(s))), mornings)
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_sessions_arrive_does_not_matter(
    tried: list[Tried], sessions: tuple[list[SessionRecord], list[SessionRecord]], morning: list[bool]
) -> None:
    assert _decide(sessions[0], tried, morning=morning) == _decide(sessions[1], tried, morning=morning)


def test_of_two_sessions_on_one_day_the_one_that_hurt_counts_whichever_arrived_first() -> None:
    calm, sore = _session(1, 1), _session(1, 8)

    assert _decide([calm, sore]).action == _decide([sore, calm]).action == "regress"

"""Does each rule speak on a clear case, keep quiet on a clear non-case, and say the same however the days arrive?"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs import trends
from programs.trends import replay, state, worsening
from programs.vocabulary import DiaryDay, Severity

CASES = tomllib.loads((Path(__file__).parent / "cases" / "trends" / "courses.toml").read_text("utf-8"))["cases"]
START = date(2026, 8, 3)
USUAL = "60 x 3 4 3 3 4 3 2"


def _diary(*lines: str, start: date = START) -> list[DiaryDay]:
    """The days of a case, see the head of courses.toml."""
    days: list[DiaryDay] = []
    for line in lines:
        count, _, rest = line.partition(" x ")
        words = rest.split()
        pains = [word for word in words if word[0].isdigit() or word == "."]
        walked = [float(word.removeprefix("walk=")) for word in words if word.startswith("walk=")]
        for n in range(int(count)):
            pain = pains[n % len(pains)]
            days.append(DiaryDay(
                start + timedelta(days=len(days)), pain_usual=None if pain == "." else float(pain), flare="flare" in words,
                paused="paused" in words, sessions_planned=int("planned" in words), sessions_completed=int("done" in words),
                walking_minutes=walked[0] if walked else None,
            ))  # fmt: skip
    return days


def _levels(days: list[DiaryDay], weeks: int = 6) -> dict[str, Severity]:
    return {f.rule: f.severity for f in trends.detect(days, as_of=days[-1].on, no_improvement_weeks=weeks)}


def _evenings(days: list[DiaryDay], weeks: int) -> Iterator[dict[str, Severity]]:
    known: trends.State | None = None
    for n, day in enumerate(days):
        found, known = trends.review(days[: n + 1], as_of=day.on, no_improvement_weeks=weeks, state=known)
        yield {f.rule: f.severity for f in found}


# Cases a clinician can read.


def test_every_rule_has_a_case_where_it_speaks_and_one_where_it_does_not() -> None:
    speaks = {rule for case in CASES for rule in case.get("expect", {})}
    quiet = {rule for case in CASES for rule in (*case.get("silent", []), *case.get("never", {}))}

    assert speaks == quiet == trends.RULES.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_a_diary_reads_as_the_case_says(case: dict[str, Any]) -> None:
    days, weeks = _diary(*case["diary"]), case.get("weeks", 6)

    found = _levels(days, weeks)

    assert {rule: found[rule].name.lower() if rule in found else None for rule in case.get("expect", {})} == case.get("expect", {})
    assert not found.keys() & set(case.get("silent", []))
    if "never" in case:
        limits = {rule: Severity[level.upper()] for rule, level in case["never"].items()}
        for on, evening in enumerate(_evenings(days, weeks)):
            reached = {rule: level for rule, level in evening.items() if rule in limits and level >= limits[rule]}
            assert not reached, f"day {on + 1}"


@pytest.mark.parametrize("day", [33, 40, 54, 82, 180])
def test_ten_of_ten_on_three_days_running_is_urgent_on_every_day_of_a_plan(day: int) -> None:
    days = _diary(f"{day} x 2 1 2", "3 x 10")

    assert [_levels(days[: day + n]).get("high-pain") for n in (1, 2, 3)] == [None, Severity.URGENT, Severity.URGENT]


def test_the_evidence_can_be_checked_by_eye() -> None:
    days = _diary(USUAL, "20 x 6 7 6 6 7 6 5")

    finding = next(f for f in trends.detect(days, as_of=days[-1].on) if f.rule == "worsening")

    points = [score for _, score in finding.evidence["points"]][-10:]
    low, high = finding.evidence["usual_range"]
    assert finding.evidence["average_last_10_days"] == round(sum(points) / 10, 1)
    assert finding.evidence["days_above_range"] == f"{sum(score > high for score in points)} of 10"
    assert low < finding.evidence["your_usual"] < high
    assert finding.source and json.loads(json.dumps(finding.evidence)) == finding.evidence


def test_the_most_severe_finding_comes_first_and_an_empty_diary_has_none() -> None:
    days = _diary(USUAL, "2 x 10")

    severities = [f.severity for f in trends.detect(days, as_of=days[-1].on)]

    assert severities == sorted(severities, reverse=True) and severities[0] is Severity.URGENT
    assert trends.detect([], as_of=START) == ()


# One bad day, one bad week, silence.

usual_days = st.integers(1, 7).flatmap(lambda base: st.lists(st.sampled_from([base - 1, base, base, base + 1]), min_size=35, max_size=70))


def _logged(scores: list[float | None]) -> list[DiaryDay]:
    return [DiaryDay(START + timedelta(days=n), pain_usual=score) for n, score in enumerate(scores)]


def _highest(days: list[DiaryDay]) -> int:
    known, highest = trends.State(), -1
    for day in days:
        known, reading = worsening.advance(known, day)
        highest = max(highest, reading.level)
    return highest


@given(usual_days, st.integers(0, 30), st.integers(0, 10))
@settings(max_examples=80, deadline=None)
def test_one_day_of_any_pain_among_usual_days_is_never_booked(scores: list[int], where: int, pain: int) -> None:
    at = len(scores) - 1 - where

    assert _highest(_logged([*scores[:at], pain, *scores[at + 1 :]])) < Severity.BOOK


@given(usual_days, st.lists(st.none() | st.integers(0, 10), max_size=60))
@settings(max_examples=80, deadline=None)
def test_a_diary_that_never_rises_above_its_own_first_two_weeks_is_never_flagged(first: list[int], later: list[int | None]) -> None:
    start = first[:14]
    scores = [*start, *(None if score is None else min(score, min(start)) for score in later)]

    assert _highest(_logged(scores)) < Severity.CHECK_IN


@given(usual_days, st.integers(1, 90))
@settings(max_examples=40, deadline=None)
def test_silence_alone_is_never_called_worsening(scores: list[int], quiet: int) -> None:
    assert _highest(_logged([*scores, *[None] * quiet])) < Severity.CHECK_IN


# The same answer however the days arrive.

scores_of = st.none() | st.integers(0, 10).map(float)
days_of = st.lists(
    st.builds(
        DiaryDay, st.just(START), pain_usual=scores_of, pain_before=scores_of, pain_after=scores_of, pain_next_morning=scores_of,
        pain_walk=scores_of, walking_minutes=st.none() | st.integers(0, 90).map(float), sessions_planned=st.integers(0, 1),
        sessions_completed=st.integers(0, 1), flare=st.booleans(), paused=st.booleans(),
    ),
    min_size=1, max_size=70,
).map(lambda days: [replace(day, on=START + timedelta(days=n)) for n, day in enumerate(days)])  # fmt: skip


@given(days_of, st.data())
@settings(max_examples=60, deadline=None)
def test_going_on_from_a_stored_state_says_what_a_replay_from_the_start_says(days: list[DiaryDay], data: st.DataObject) -> None:
    until = data.draw(st.integers(1, len(days)))
    _, known = trends.review(days[:until], as_of=days[until - 1].on)
    stored = trends.State.from_json(json.loads(json.dumps(known.to_json())))

    went_on, after = trends.review(days, as_of=days[-1].on, state=stored)
    from_scratch, whole = trends.review(days, as_of=days[-1].on)

    assert went_on == from_scratch
    assert after.to_json() == whole.to_json()


def test_after_a_year_the_last_twelve_weeks_and_the_state_are_enough() -> None:
    days = _diary("180 x 3 4 3 . 4 3 2", "90 x 4 3 4 3", "20 x 6 7 6 . 7 6 5", "3 x .", "1 x 6")
    _, known = trends.review(days[:-1], as_of=days[-2].on)

    stored = trends.State.from_json(json.loads(json.dumps(known.to_json())))
    short, after = trends.review(days[-84:], as_of=days[-1].on, state=stored)

    assert (short, after.to_json()) == (trends.detect(days, as_of=days[-1].on), trends.review(days, as_of=days[-1].on)[1].to_json())
    assert "worsening" in {finding.rule for finding in short}


@given(days_of, st.randoms(use_true_random=False), st.sets(st.integers(0, 69), max_size=20))
@settings(max_examples=40, deadline=None)
def test_the_order_of_arrival_does_not_matter_and_a_missing_day_is_an_empty_day(days: list[DiaryDay], random: Any, gaps: set[int]) -> None:
    kept = [day for n, day in enumerate(days) if n not in gaps or n == 0]
    filled = [day if n not in gaps or n == 0 else DiaryDay(day.on) for n, day in enumerate(days)]
    shuffled = random.sample(kept, len(kept))

    assert trends.detect(shuffled, as_of=days[-1].on) == trends.detect(filled, as_of=days[-1].on)


@given(days_of, st.integers(1, 10))
@settings(max_examples=60, deadline=None)
def test_more_pain_today_never_looks_calmer(days: list[DiaryDay], more: int) -> None:
    before, _ = worsening.follow(trends.State(), days[:-1])
    today = replace(days[-1], pain_usual=float(min(3, days[-1].pain_usual or 0)))
    worse = replace(today, pain_usual=today.pain_usual + min(more, 7))

    _, calm = worsening.advance(before, today)
    _, sore = worsening.advance(before, worse)

    assert sore.level >= calm.level


def test_days_after_the_evening_in_question_are_not_looked_at() -> None:
    days = _diary(USUAL, "20 x 9")

    assert trends.detect(days, as_of=days[59].on) == trends.detect(days[:60], as_of=days[59].on)


def test_a_late_record_is_read_by_starting_again() -> None:
    days = _diary(USUAL, "20 x .")
    _, stale = trends.review(days, as_of=days[-1].on)
    synced = days[:60] + _diary("20 x 7 6 7", start=days[60].on)

    found, fresh = trends.review(synced, as_of=days[-1].on, state=stale)

    assert {f.rule: f.severity for f in found}["worsening"] is Severity.BOOK
    assert fresh.to_json() == trends.review(synced, as_of=days[-1].on)[1].to_json()


def test_a_state_is_no_larger_in_its_second_year_and_one_that_is_not_understood_is_refused() -> None:
    _, young = trends.review(days := _diary("60 x 3 4"), as_of=days[-1].on)
    _, old = trends.review(days := _diary("700 x 3 4"), as_of=days[-1].on)

    sizes = [len([x for habit in s.to_json()["habits"].values() for x in habit]) for s in (young, old)]
    assert sizes[0] == sizes[1]
    for broken in (None, {}, {"version": state.VERSION + 1}, young.to_json() | {"weights": [1.0]}, young.to_json() | {"counts": None}):
        with pytest.raises(trends.UnknownState):
            trends.State.from_json(broken)


def test_a_day_left_out_or_given_twice_stops_the_filter() -> None:
    known, _ = worsening.follow(trends.State(), _diary("5 x 3"))

    for on in (START + timedelta(days=4), START + timedelta(days=6)):
        with pytest.raises(ValueError, match="is missing"):
            worsening.advance(known, DiaryDay(on, pain_usual=3.0))
    assert known.as_of == START + timedelta(days=4)


# Replay and live agree.


def _record(days: list[DiaryDay], name: str = "p1") -> str:
    fields = ("pain_usual", "pain_before", "pain_after", "pain_next_morning", "pain_walk", "walking_minutes", "sessions_planned",
              "sessions_completed", "flare", "paused")  # fmt: skip
    return json.dumps({"id": name, "diary": [{"date": d.on.isoformat(), **{f: getattr(d, f) for f in fields}} for d in days]})


@given(days_of)
@settings(max_examples=30, deadline=None)
def test_a_replay_says_every_evening_what_the_live_rules_say(days: list[DiaryDay]) -> None:
    states = [json.loads(line) for line in replay.replay_lines([_record(days)], states=True)]
    flags = [json.loads(line) for line in replay.replay_lines([_record(days)], states=False)]

    evenings = list(_evenings(days, 6))
    for told, evening in zip(states, evenings, strict=True):
        level = evening.get("worsening", Severity.AMBER)
        assert (told["book"], told["check_in"]) == (level >= Severity.BOOK, level >= Severity.CHECK_IN)
    for flag in flags:
        evening = evenings[(date.fromisoformat(flag["date"]) - START).days]
        assert evening[flag["rule"]].name.lower() == flag["level"]


def test_a_flag_is_raised_once_and_not_again_within_two_weeks_unless_it_grows() -> None:
    days = _diary("60 x 3", "2 x 6", "3 x 3", "2 x 6", "3 x 3", "7 x 7", "10 x 7")

    flags = [json.loads(line) for line in replay.replay_lines([_record(days)], states=False)]

    assert [flag["rule"] for flag in flags].count("flare") == 1
    booked = [flag for flag in flags if (flag["rule"], flag["level"]) == ("worsening", "book")]
    assert len(booked) == 1 and booked[0]["id"] == "p1"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: expected an object"),
        ('{"diary": []}', "line 2: id is missing"),
        ('{"id": 1}', "line 2: diary is missing or not a list"),
        ('{"id": 1, "diary": [3]}', "line 2: the diary entries are not objects"),
        ('{"id": 1, "diary": [{"date": "2026-02-30"}]}', "line 2: day is out of range"),
        ('{"id": 1, "diary": [{"date": "2026-02-03", "pain_usual": 11}]}', "line 2: 2026-02-03: pain must be a number from 0 to 10"),
        ('{"id": 1, "diary": [{"date": "2026-02-03"}, {"date": "2026-02-03"}]}', "line 2: 2026-02-03 is there twice"),
    ],
)
def test_a_line_that_is_no_diary_is_refused_with_its_number(line: str, problem: str) -> None:
    with pytest.raises(replay.BadRecord, match=problem):
        list(replay.replay_lines([_record(_diary("3 x 3")), line], states=True))

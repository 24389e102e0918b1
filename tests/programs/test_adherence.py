"""What was planned, done, excused, missed, and never heard of? One definition, counted by hand here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs import adherence
from programs.adherence import Adherence
from programs.vocabulary import Excuse, PlanPeriod, SessionRecord

MONDAY = date(2026, 11, 16)
SUNDAY = MONDAY + timedelta(days=6)
AFTER = MONDAY + timedelta(days=14)
#: Monday, Wednesday, Friday from the first Monday on.
PLAN = [PlanPeriod(MONDAY, None, frozenset({0, 2, 4}))]


def _day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def _done(offset: int, status: str = "done", *, skip_reason: str | None = None) -> SessionRecord:
    return SessionRecord(_day(offset), status, skip_reason=skip_reason)


def _week(
    *sessions: SessionRecord, periods: list[PlanPeriod] | None = None, excuses: list[Excuse] | None = None, as_of: date = AFTER,
    from_on: date = MONDAY, to_on: date = SUNDAY,
) -> Adherence:  # fmt: skip
    return adherence.measure(PLAN if periods is None else periods, sessions, excuses=excuses or [], from_on=from_on, to_on=to_on, as_of=as_of)


def _counts(measured: Adherence) -> dict[str, int]:
    names = ("planned", "done", "partly", "excused", "missed", "no_data")
    return {name: getattr(measured, name) for name in names if getattr(measured, name)}


def _states(measured: Adherence) -> str:
    return " ".join(day.state for day in measured.days)


# Planned days.


def test_only_planned_weekdays_are_counted() -> None:
    measured = _week(_done(0), _done(2), _done(4))

    assert _counts(measured) == {"planned": 3, "done": 3}
    assert _states(measured) == "done free done free done free free"
    assert measured.percent == 100


def test_a_day_before_the_plan_began_or_after_it_ended_is_not_planned() -> None:
    measured = _week(periods=[PlanPeriod(_day(2), _day(4), frozenset({0, 2, 4}))])

    assert _states(measured) == "free free no_data free free free free"


def test_silence_is_its_own_number_and_not_a_miss() -> None:
    measured = _week(_done(0, "skipped", skip_reason="no-time"))

    assert _counts(measured) == {"planned": 3, "missed": 1, "no_data": 2}
    assert measured.percent == 0


def test_partly_counts_half() -> None:
    assert _week(_done(0), _done(2, "partly"), _done(4, "skipped")).percent == 50


def test_the_better_of_two_sessions_on_a_day_counts_once() -> None:
    measured = _week(_done(0, "skipped"), _done(0), _done(0, "partly"), _done(0))

    assert _counts(measured) == {"planned": 3, "done": 1, "no_data": 2}


def test_no_plan_has_no_percentage() -> None:
    measured = _week(_done(0), periods=[])

    assert (measured.planned, measured.percent) == (0, None)
    assert _states(measured).startswith("extra free")


# Excused days.


@pytest.mark.parametrize("reason", ["pause", "holiday", "illness", "block"])
def test_excused_days_leave_the_denominator(reason: str) -> None:
    measured = _week(_done(0), excuses=[Excuse(_day(1), _day(4), reason)])

    assert _counts(measured) == {"planned": 3, "done": 1, "excused": 2}
    assert measured.percent == 100


def test_an_open_excuse_lasts_until_it_is_closed_and_both_its_ends_count() -> None:
    open_ended = _week(excuses=[Excuse(_day(2), None, "block")])
    one_day = _week(excuses=[Excuse(_day(2), _day(2), "illness")])

    assert _states(open_ended) == "no_data free excused free excused free free"
    assert _states(one_day) == "no_data free excused free no_data free free"


def test_who_trains_in_a_pause_is_credited_for_it() -> None:
    measured = _week(_done(2), excuses=[Excuse(_day(0), _day(6), "pause")])

    assert _counts(measured) == {"planned": 3, "done": 1, "excused": 2}
    assert measured.percent == 100


def test_resting_on_purpose_is_excused_and_hurting_is_a_miss() -> None:
    measured = _week(_done(0, "skipped", skip_reason="resting"), _done(2, "skipped", skip_reason="hurt"), _done(4))

    assert _states(measured) == "excused free missed free done free free"
    assert measured.percent == 50


def test_a_week_wholly_excused_has_no_percentage() -> None:
    assert _week(excuses=[Excuse(MONDAY, SUNDAY, "holiday")]).percent is None


# Today and the future.


def test_the_future_is_not_counted_and_today_only_once_something_is_logged() -> None:
    morning = _week(_done(0), as_of=_day(2))
    evening = _week(_done(0), _done(2), as_of=_day(2))
    tomorrow = _week(_done(0), as_of=_day(3))

    assert (_states(morning), morning.percent) == ("done free open free free free free", 100)
    assert _counts(evening) == {"planned": 2, "done": 2}
    assert (_states(tomorrow), tomorrow.percent) == ("done free no_data free free free free", 50)


def test_a_session_dated_after_today_is_not_believed() -> None:
    assert _counts(_week(_done(4), as_of=_day(2))) == {"planned": 1, "no_data": 1}


# Making up, and plans that change.


def test_a_session_on_a_free_day_makes_up_for_the_nearest_gap_of_its_week_once() -> None:
    one = _week(_done(0), _done(3))
    two = _week(_done(0), _done(3), _done(5))
    too_many = _week(_done(0), _done(2), _done(4), _done(5))

    assert _states(one) == "done free done extra no_data free free"
    assert _counts(two) == {"planned": 3, "done": 3}
    assert (_counts(too_many), too_many.percent) == ({"planned": 3, "done": 3}, 100)


def test_a_session_of_another_week_makes_up_for_nothing() -> None:
    assert _counts(_week(_done(0), _done(2), _done(8))) == {"planned": 3, "done": 2, "no_data": 1}


def test_a_skipped_session_on_a_free_day_changes_nothing() -> None:
    assert _states(_week(_done(1, "skipped"))) == _states(_week())


def test_a_plan_changed_in_mid_week_counts_the_old_days_until_then_and_the_new_ones_from_then() -> None:
    changed = [PlanPeriod(MONDAY, _day(2), frozenset({0, 2, 4})), PlanPeriod(_day(2), None, frozenset({1, 3}))]

    measured = _week(_done(0), _done(3), periods=changed)

    assert _states(measured) == "done free free done free free free"
    assert measured.percent == 100


def test_two_versions_that_overlap_plan_a_day_once() -> None:
    assert _week(_done(0), periods=[*PLAN, PlanPeriod(MONDAY, None, frozenset({0}))]).planned == 3


@pytest.mark.parametrize("start", [date(2028, 2, 21), date(2026, 10, 19), date(2027, 3, 22), date(2026, 12, 14)])
def test_a_perfect_patient_reads_a_hundred_on_every_day_of_ten_weeks(start: date) -> None:
    """Over a leap day, both changes of the clock and the turn of a year."""
    periods = [PlanPeriod(start, start + timedelta(days=31), frozenset({0, 3, 5})), PlanPeriod(start + timedelta(days=31), None, frozenset({1, 6}))]
    days = [start + timedelta(days=n) for n in range(70)]
    sessions = [SessionRecord(on, "done") for n, on in enumerate(days) if on.weekday() in periods[n >= 31].weekdays]

    for today in days:
        known = [s for s in sessions if s.performed_on <= today]
        measured = adherence.measure(periods, known, from_on=start, to_on=today, as_of=today)
        assert (measured.percent, measured.done) == (100 if known else None, len(known))


# Properties.

weekdays = st.frozensets(st.integers(0, 6), min_size=1)
sessions_of = st.lists(
    st.builds(_done, st.integers(-10, 40), st.sampled_from(["done", "partly", "skipped"]),
              skip_reason=st.sampled_from([None, "hurt", "resting"])), max_size=25,
)  # fmt: skip
excuses_of = st.lists(
    st.builds(lambda a, n: Excuse(_day(a), None if n is None else _day(a + n), "pause"), st.integers(-5, 35), st.none() | st.integers(0, 9)),
    max_size=3,
)
periods_of = st.tuples(weekdays, st.integers(0, 30), weekdays).map(
    lambda p: [PlanPeriod(MONDAY, _day(p[1]), p[0]), PlanPeriod(_day(p[1]), None, p[2])]
)


@given(periods_of, sessions_of, excuses_of, st.integers(-3, 45))
@settings(max_examples=200, deadline=None)
def test_the_parts_add_up_to_what_was_planned_and_nothing_is_counted_twice(
    periods: list[PlanPeriod], sessions: list[SessionRecord], excuses: list[Excuse], today: int
) -> None:
    measured = adherence.measure(periods, sessions, excuses=excuses, from_on=MONDAY, to_on=_day(35), as_of=_day(today))

    due = [n for n in range(36) if n <= today and any(p.start_on <= _day(n) < (p.end_on or date.max) and _day(n).weekday() in p.weekdays for p in periods)]
    is_open = sum(day.state == "open" for day in measured.days)
    assert measured.planned == measured.done + measured.partly + measured.excused + measured.missed + measured.no_data
    assert measured.planned + is_open == len(due)
    assert is_open <= 1
    active = {s.performed_on for s in sessions if s.status != "skipped" and s.performed_on <= _day(today)}
    assert 0 <= measured.done + measured.partly <= min(measured.planned, len(active))
    assert measured.percent is None or 0 <= measured.percent <= 100


@given(periods_of, sessions_of, excuses_of, st.integers(0, 35))
@settings(max_examples=100, deadline=None)
def test_a_day_reads_the_same_in_every_window_and_in_any_order_of_records(
    periods: list[PlanPeriod], sessions: list[SessionRecord], excuses: list[Excuse], on: int
) -> None:
    whole = adherence.measure(periods, sessions, excuses=excuses, from_on=MONDAY, to_on=_day(35), as_of=_day(40))

    alone = adherence.measure(periods, sessions[::-1], excuses=excuses, from_on=_day(on), to_on=_day(on), as_of=_day(40))

    assert alone.days[0].state == whole.days[on].state


@given(periods_of, sessions_of, excuses_of, st.integers(0, 35))
@settings(max_examples=100, deadline=None)
def test_one_more_session_done_never_lowers_the_percentage(
    periods: list[PlanPeriod], sessions: list[SessionRecord], excuses: list[Excuse], on: int
) -> None:
    before = adherence.measure(periods, sessions, excuses=excuses, from_on=MONDAY, to_on=_day(35), as_of=_day(40))

    after = adherence.measure(periods, [*sessions, _done(on)], excuses=excuses, from_on=MONDAY, to_on=_day(35), as_of=_day(40))

    assert (after.percent or 0) >= (before.percent or 0)

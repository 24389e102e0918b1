"""Are the clinic's numbers exact, do they state out of how many, and does the download say the same, harmlessly?

The small clinic, counted by hand on Wednesday 18 November 2026 (this week began on the 16th):

- Ada (Thea, hip arthritis, Monday Wednesday Friday since 2 November): done 2 and 4, partly 6, in a pause from 9 to 13,
  silent on 16, today still open.  → week of 2 Nov: 2.5 of 3; of 9 Nov: none due, 3 excused; of 16 Nov: 0 of 1.
- Ben (Tomás, narrowed spinal canal, Tuesday Thursday since 9 November): done 10, skipped 12, done 17.
  → week of 9 Nov: 1 of 2; of 16 Nov: 1 of 1.
- Cy (Thea) has no plan. Far and Alone are of another clinic and of none, and did everything.
"""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from programs.vocabulary import Finding, Severity
from rehab import clock
from rehab.exports import csv_export
from rehab.models import Flag, Patient, PatientDay, Pause
from rehab.queries import adherence
from rehab.services import accounts, flags, invitations, patient_days
from tests import makers

TODAY = date(2026, 11, 18)
LONG_AGO = makers.LONG_AGO


def _day(number: int) -> date:
    return date(2026, 11, number)


def _logged(db: Session, patient: Patient, *, issue: str, weekdays: tuple[int, ...], since: int, **days: tuple[int, ...]) -> None:
    plan = makers.plan(db, patient, issue=issue, weekdays=weekdays, now=datetime(2026, 11, since, 8, 0, tzinfo=UTC))
    for status, numbers in days.items():
        for number in numbers:
            session = makers.exercise_session(db, plan, _day(number), status=status)
            session.skip_reason = "hurt" if status == "skipped" else None
    db.flush()
    patient_days.rebuild(db, patient, as_of=TODAY)


def _fill(db: Session) -> makers.Cast:
    cast = makers.cast(db)
    cast.patient.name, cast.colleagues_patient.name = "Ada", "Ben"
    db.add(Pause(patient_id=cast.patient.id, from_on=_day(9), to_on=_day(13), reason="holiday", made_at=LONG_AGO))
    _logged(db, cast.patient, issue="hip-osteoarthritis", weekdays=(0, 2, 4), since=2, done=(2, 4), partly=(6,))
    _logged(db, cast.colleagues_patient, issue="spinal-stenosis", weekdays=(1, 3), since=9, done=(10, 17), skipped=(12,))
    makers.patient(db, therapist=cast.therapist, name="Cy")
    for other in (cast.outsiders_patient, cast.alone):
        _logged(db, other, issue="hip-osteoarthritis", weekdays=(0, 2, 4), since=2, done=(2, 4, 6, 9, 11, 13, 16))
    return cast


@pytest.fixture
def small(session: Session) -> makers.Cast:
    """The small clinic on each database."""
    return _fill(session)


def _build(db: Session, cast: makers.Cast, now: datetime) -> adherence.Dashboard:
    return adherence.build(db, cast.clinic, now=now)


def _numbers(shares: tuple[adherence.Share, ...]) -> dict[str, tuple[float, int, int, int]]:
    return {share.name: (share.credit, share.due, share.excused, share.people) for share in shares if share.due or share.excused}


def test_weeks_count_what_was_due_without_paused_days_and_without_today(session: Session, small: makers.Cast, now: datetime) -> None:
    weeks = _build(session, small, now).weeks

    assert [week.name for week in weeks][0::7] == ["28 Sep", "16 Nov"] and len(weeks) == 8
    # (done, due, excused, people): partly counts half.
    assert _numbers(weeks) == {"2 Nov": (2.5, 3, 0, 1), "9 Nov": (1.0, 2, 3, 2), "16 Nov": (1.0, 2, 0, 2)}
    assert [week.percent for week in weeks[-3:]] == [pytest.approx(250 / 3), 50.0, 50.0]
    assert weeks[0].percent is None


def test_issues_and_therapists_share_the_same_sessions(session: Session, small: makers.Cast, now: datetime) -> None:
    seen = _build(session, small, now)

    assert _numbers(seen.issues) == {"Hip arthritis": (2.5, 4, 3, 1), "Narrowed spinal canal": (2.0, 3, 0, 1)}
    assert _numbers(seen.therapists) == {"Thea": (2.5, 4, 3, 1), "Tomás": (2.0, 3, 0, 1)}
    for shares in (seen.issues, seen.therapists, seen.weeks):
        assert (sum(s.credit for s in shares), sum(s.due for s in shares)) == (4.5, 7)


def test_two_therapists_of_one_name_stay_two(session: Session, small: makers.Cast, now: datetime) -> None:
    small.colleague.name = "Thea"
    session.flush()

    assert [(share.name, share.due) for share in _build(session, small, now).therapists] in ([("Thea", 4), ("Thea", 3)], [("Thea", 3), ("Thea", 4)])


def test_the_funnel_states_out_of_how_many(session: Session, small: makers.Cast, now: datetime) -> None:
    sent = [invitations.make(session, small.therapist, name=f"Guest {n}", now=now) for n in range(4)]
    invitations.revoke(session, sent[0].invitation, now=now)
    invitations.make(session, small.outsider, name="Elsewhere", now=now)
    accounts.join(session, makers.patient(session, name="Dee"), sent[1].invitation, now=now)

    steps = [(step.name, step.count, step.out_of) for step in _build(session, small, now).funnel]

    # Ada, Ben, Cy and Dee are patients; Ada and Ben have plans; Ada logged on the 6th, twelve days ago.
    assert steps == [("Invited", 3, None), ("Joined", 1, 3), ("Started", 2, 4), ("Active", 2, 2)]
    later = _build(session, small, now + timedelta(days=3)).funnel[-1]
    assert (later.count, later.out_of) == (1, 2)


def test_flags_state_how_many_were_contacted_closed_and_judged_false(session: Session, small: makers.Cast, now: datetime) -> None:
    def raised(patient: Patient, rule: str, days_ago: int, level: Severity = Severity.BOOK) -> Flag:
        return flags.raise_flag(session, patient, Finding(rule, level, {}, "made"), on=TODAY, now=now - timedelta(days=days_ago))

    alarm, helped = raised(small.patient, "worsening", 10), raised(small.colleagues_patient, "worsening", 8)
    by_itself = raised(small.colleagues_patient, "silence", 6, Severity.CHECK_IN)
    raised(small.patient, "no-improvement", 2)
    raised(small.patient, "flare", 2, Severity.SELF_MANAGE)  # the patient's own affair
    raised(small.outsiders_patient, "worsening", 2)  # another clinic's
    raised(small.patient, "high-pain", 200)  # too long ago to be in the ninety days, but still open
    flags.acknowledge(session, helped, by=small.colleague, now=now - timedelta(days=8) + timedelta(hours=4))
    flags.resolve(session, helped, by=small.colleague, outcome="contacted", note="", now=now - timedelta(days=7))
    flags.resolve(session, alarm, by=small.therapist, outcome="false-alarm", note="", now=now - timedelta(days=10) + timedelta(hours=8))
    flags.resolve(session, by_itself, by=None, outcome="back-to-usual", note="", now=now - timedelta(days=5))

    seen = _build(session, small, now).flags

    assert (seen.open, seen.raised, seen.closed) == (2, 4, 3)
    assert (seen.contacted, seen.hours_to_contact) == (2, 6.0)
    assert (seen.false_alarms, seen.judged) == (1, 2)
    assert seen.verdicts == (("contacted", 1), ("false-alarm", 1))


def test_a_flag_that_closed_by_itself_is_nobodys_contact_and_no_verdict(session: Session, small: makers.Cast, now: datetime) -> None:
    flag = flags.raise_flag(session, small.patient, Finding("silence", Severity.CHECK_IN, {}, "made"), on=TODAY, now=now)
    flags.resolve(session, flag, by=None, outcome="back-to-usual", note="", now=now)

    seen = _build(session, small, now).flags

    assert (seen.contacted, seen.hours_to_contact, seen.judged, seen.verdicts) == (0, None, 0, ())


def _with_pain(db: Session, cast: makers.Cast, *, first: float, now: float | None) -> None:
    patient = makers.patient(db, therapist=cast.therapist)
    days = {TODAY - timedelta(days=60 - n): first for n in range(7)} | ({TODAY - timedelta(days=n): now for n in range(3)} if now is not None else {})
    db.execute(sa.insert(PatientDay), [
        {"patient_id": patient.id, "on_day": on, "state": "free", "pain_mean": pain, "logged": True} for on, pain in days.items()
    ])  # fmt: skip


def test_a_share_of_fewer_than_five_people_is_not_shown(session: Session, small: makers.Cast, now: datetime) -> None:
    for _ in range(4):
        _with_pain(session, small, first=6, now=2)
    assert _build(session, small, now).outcome == adherence.Outcome(4, None)

    _with_pain(session, small, first=6, now=2)

    assert _build(session, small, now).outcome == adherence.Outcome(5, 5)


def test_less_pain_means_two_points_and_a_third_less_in_people_who_have_both(session: Session, small: makers.Cast, now: datetime) -> None:
    cases = [(6, 4), (9, 7), (4, 2.5), (5, 3.0), (3, 5)]  # only 6→4 and 5→3 are two points and thirty percent
    for first, then in cases:
        _with_pain(session, small, first=first, now=then)
    _with_pain(session, small, first=8, now=None)  # stopped logging: not counted, not guessed

    assert _build(session, small, now).outcome == adherence.Outcome(5, 2)


def test_an_empty_clinic_has_no_numbers_rather_than_zero_percent(session: Session, now: datetime) -> None:
    seen = adherence.build(session, makers.clinic(session, "Empty"), now=now)

    assert [step.count for step in seen.funnel] == [0, 0, 0, 0]
    assert {week.percent for week in seen.weeks} == {None} and seen.issues == seen.therapists == ()
    assert seen.outcome == adherence.Outcome(0, None)


def test_the_number_of_queries_does_not_grow_with_patients_or_history(engine: sa.Engine, session: Session, small: makers.Cast, now: datetime) -> None:
    seen: list[str] = []
    listen = lambda *given: seen.append(given[2])  # noqa: E731
    counts = []
    for _ in range(2):
        sa.event.listen(engine, "before_cursor_execute", listen)
        _build(session, small, now)
        sa.event.remove(engine, "before_cursor_execute", listen)
        counts.append(len(seen))
        seen.clear()
        for _ in range(6):
            _with_pain(session, small, first=6, now=2)

    assert counts[0] <= 12
    assert counts[1] - counts[0] <= 1  # the share itself, which a small group does not show


def test_the_download_sums_up_to_the_numbers_of_the_page(session: Session, small: makers.Cast, now: datetime) -> None:
    weeks = {week.name: week for week in _build(session, small, now).weeks if week.due or week.excused}
    rows = adherence.patient_weeks(session, small.clinic, today=TODAY)

    for name, week in weeks.items():
        own = [row for row in rows if f"{row.monday.day} {row.monday:%b}" == name]
        assert sum(row.credit for row in own) == week.credit
        assert sum(row.planned - row.excused for row in own) == week.due
        assert sum(row.excused for row in own) == week.excused
        assert len([row for row in own if row.planned]) == week.people
    assert all(row.planned == row.done + row.partly + row.missed + row.excused + row.no_data for row in rows)


def test_the_code_of_a_person_is_stable_within_a_clinic_and_says_nothing_elsewhere(session: Session, small: makers.Cast) -> None:
    other = session.get_one(type(small.clinic), small.outsider.clinic_id)

    assert adherence.pseudonym(small.clinic, small.patient.id) == adherence.pseudonym(small.clinic, small.patient.id)
    assert adherence.pseudonym(small.clinic, small.patient.id) != adherence.pseudonym(other, small.patient.id)
    assert adherence.pseudonym(small.clinic, small.patient.id) not in str(small.patient.id)


@pytest.mark.parametrize("name", ["=1+1", "+44 161", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "=HYPERLINK(\"http://x\")", "＝1+1"])
def test_a_name_that_a_spreadsheet_would_run_is_made_plain_text(name: str) -> None:
    row = list(csv.reader(io.StringIO(csv_export.write(("person",), [(name,)]), newline="")))[1]

    assert row == ["'" + name]


@pytest.mark.parametrize("name", ["O'Hara, Ann", 'Ann "Nan" Lee', "two\nlines", "Żółć 山田", "", " =space first"])
def test_names_with_commas_quotes_line_ends_and_accents_come_back_whole(name: str) -> None:
    text = csv_export.write(("person", "n"), [(name, 1)])

    assert next(iter(list(csv.reader(io.StringIO(text, newline="")))[1:])) == [name, "1"]
    assert text.endswith("\r\n")


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell() -> None:
    assert csv_export.write(("a", "b", "c"), [(-3, 0.5, None)]) == "a,b,c\r\n-3,0.5,\r\n"


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """The pages live at the tests' instant too."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def test_the_page_says_each_number_with_its_denominator(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = _fill(app_session)
    app_session.commit()

    page = makers.browser(app, cast.lead).get("/clinic/dashboard").text

    for words in ("2 of 3", "2 of 2", "83 % · 3 due, 1 person", "50 % · 2 due, 2 people", "no data yet", "Fewer than 5 people", "none judged yet"):
        assert words in page, words
    assert "Otto" not in page and "Hillview" not in page


def test_the_file_is_utf8_csv_with_codes_instead_of_names_and_the_pages_numbers(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = _fill(app_session)
    app_session.commit()

    answer = makers.browser(app, cast.lead).get("/clinic/adherence.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="adherence-2026-11-18.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
    assert not [name for name in ("Ada", "Ben", "Cy", "Far", "Alone") if name in answer.text]
    shown = {(row["person"], row["week_starting"]): row["adherence_percent"] for row in rows if row["adherence_percent"]}
    ada, ben = (adherence.pseudonym(cast.clinic, p.id) for p in (cast.patient, cast.colleagues_patient))
    assert shown == {(ada, "2026-11-02"): "83", (ada, "2026-11-16"): "0", (ben, "2026-11-09"): "50", (ben, "2026-11-16"): "100"}
    assert {row["excused"] for row in rows if row["person"] == ada and row["week_starting"] == "2026-11-09"} == {"3"}


@pytest.mark.parametrize("path", ["/clinic/dashboard", "/clinic/adherence.csv"])
def test_only_the_lead_sees_the_clinics_numbers(app: Flask, app_session: Session, at_noon: datetime, path: str) -> None:
    cast = _fill(app_session)
    app_session.commit()

    assert makers.browser(app, cast.therapist).get(path).status_code == 404
    assert makers.browser(app, cast.patient.account).get(path).status_code == 404
    assert "/account/sign-in" in makers.browser(app).get(path).location

"""Does the caseload find, sort and filter people, and count their days as the one definition does?"""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from programs.vocabulary import Finding, Severity
from rehab import clock
from rehab.models import Patient, Pause
from rehab.queries import caseload
from rehab.services import flags, patient_days
from tests import makers

TODAY = date(2026, 11, 18)  # a Wednesday
MONDAY_TWO_WEEKS_AGO = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def _build(db: Session, **wanted: object) -> caseload.Caseload:
    return caseload.build(db, sa.select(Patient), today=TODAY, **wanted)  # type: ignore[arg-type]


def _names(db: Session, **wanted: object) -> list[str]:
    return [line.patient.name for line in _build(db, **wanted).lines]


def _with_plan(db: Session, name: str, *, done: tuple[int, ...] = (), partly: tuple[int, ...] = (), skipped: tuple[int, ...] = (),
               therapist: object = None) -> Patient:  # fmt: skip
    """Monday, Wednesday and Friday since 2 November; the numbers are days of November."""
    patient = makers.patient(db, therapist=therapist, name=name)  # type: ignore[arg-type]
    plan = makers.plan(db, patient, now=MONDAY_TWO_WEEKS_AGO)
    for days, status in ((done, "done"), (partly, "partly"), (skipped, "skipped")):
        for number in days:
            makers.exercise_session(db, plan, date(2026, 11, number), status=status)
    patient_days.rebuild(db, patient, as_of=TODAY)
    return patient


def _flag(db: Session, patient: Patient, level: Severity, now: datetime, rule: str = "worsening") -> None:
    flags.raise_flag(db, patient, Finding(rule, level, {}, "made"), on=TODAY, now=now)


def test_a_line_counts_done_partly_missed_excused_and_silent_days_each_on_their_own(session: Session) -> None:
    patient = _with_plan(session, "Counted", done=(2, 4), partly=(6,), skipped=(9,))
    session.add(Pause(patient_id=patient.id, from_on=date(2026, 11, 10), to_on=date(2026, 11, 14), reason="holiday", made_at=clock.now()))
    session.flush()
    patient_days.rebuild(session, patient, as_of=TODAY)

    line = _build(session).lines[0]

    # Due: 2, 4, 6, 9 and 16 November; 11 and 13 lie in the holiday; the 18th is today and still open.
    assert (line.planned, line.done, line.partly, line.missed, line.excused, line.no_data) == (7, 2, 1, 1, 2, 1)
    assert line.share == pytest.approx(100 * 2.5 / 5)
    assert line.last_logged_on == date(2026, 11, 9)
    assert (line.issue, line.phase) == ("Hip arthritis", 1)


def test_somebody_on_holiday_all_the_time_has_no_adherence_rather_than_none_done(session: Session) -> None:
    patient = _with_plan(session, "Away")
    session.add(Pause(patient_id=patient.id, from_on=date(2026, 11, 1), to_on=None, reason="holiday", made_at=clock.now()))
    session.flush()
    patient_days.rebuild(session, patient, as_of=TODAY)

    line = _build(session).lines[0]

    assert (line.planned, line.excused, line.share) == (8, 8, None)  # today too
    assert _names(session, only="low") == []


@pytest.mark.parametrize(("search", "found"), [
    ("ann", ["Ann O'Hara", "Joanna Smith"]), ("smi jo", ["Joanna Smith"]), ("ANN O'H", ["Ann O'Hara"]), ("élodie", ["Élodie Ngo"]),
    ("ÉLODIE", ["Élodie Ngo"]), ("%", []), ("_", []), ("\\", []), ("'; DROP", []), ("nobody", []), ("ann\x00", ["Ann O'Hara", "Joanna Smith"]),
])  # fmt: skip
def test_a_search_finds_parts_of_names_in_any_case_and_takes_signs_as_letters(session: Session, search: str, found: list[str]) -> None:
    for name in ("Ann O'Hara", "Joanna Smith", "Élodie Ngo"):
        makers.patient(session, name=name)

    assert _names(session, search=search, sort="name") == found


def test_filters_show_who_is_flagged_silent_low_blocked_or_without_a_plan(session: Session, now: datetime) -> None:
    regular = _with_plan(session, "Regular", done=(2, 4, 6, 9, 11, 13, 16))
    flagged = _with_plan(session, "Flagged", done=(2, 4, 6, 9, 11, 13, 16))
    _with_plan(session, "Silent", done=(2, 4, 6, 9, 11))
    _with_plan(session, "Low", done=(2, 16))
    blocked = _with_plan(session, "Blocked", done=(2, 4, 6, 9, 11, 13, 16))
    makers.patient(session, name="Planless")
    _flag(session, flagged, Severity.BOOK, now)
    _flag(session, regular, Severity.SELF_MANAGE, now, rule="flare")
    blocked.block = "all"
    session.flush()

    assert _names(session, only="flagged") == ["Flagged"]
    assert _names(session, only="silent") == ["Silent"]
    assert _names(session, only="low") == ["Low"]
    assert _names(session, only="blocked") == ["Blocked"]
    assert _names(session, only="no-plan") == ["Planless"]
    assert len(_names(session)) == 6


def test_orders_put_the_person_who_needs_it_first(session: Session, now: datetime) -> None:
    one = _with_plan(session, "anna", done=(2, 4, 6, 9, 11, 13, 16))
    two = _with_plan(session, "Bert", done=(2, 16))
    _with_plan(session, "Cleo", done=(2, 4, 6, 9))
    makers.patient(session, name="Dora")
    _flag(session, one, Severity.CHECK_IN, now)
    _flag(session, one, Severity.CHECK_IN, now, rule="silence")
    _flag(session, two, Severity.URGENT, now)

    assert _names(session, sort="flags") == ["Bert", "anna", "Cleo", "Dora"]
    assert _names(session, sort="name") == ["anna", "Bert", "Cleo", "Dora"]
    assert _names(session, sort="adherence") == ["Bert", "Cleo", "anna", "Dora"]
    assert _names(session, sort="logged") == ["Dora", "Cleo", "anna", "Bert"]
    lines = {line.patient.name: (line.flags, line.worst) for line in _build(session).lines}
    assert lines == {"anna": (2, "check_in"), "Bert": (1, "urgent"), "Cleo": (0, None), "Dora": (0, None)}


def test_pages_hold_fifty_and_show_everybody_once(session: Session) -> None:
    therapist = makers.cast(session).therapist
    for number in range(58):
        makers.patient(session, therapist=therapist, name=f"Person {number:02}")
    pages = [_build(session, sort="name", search="Person", page=page) for page in (1, 2)]

    names = [line.patient.name for page in pages for line in page.lines]

    assert [len(page.lines) for page in pages] == [50, 8]
    assert names == [f"Person {number:02}" for number in range(58)]
    assert all((page.total, page.pages) == (58, 2) for page in pages)
    assert _build(session, search="Person", page=99).page == 2
    assert _build(session, search="Person", page=-1).page == 1


def test_an_earlier_version_of_the_plan_does_not_make_a_second_line(session: Session) -> None:
    patient = _with_plan(session, "Once")
    makers.plan(session, patient, issue="spinal-stenosis", now=datetime(2026, 11, 10, 8, 0, tzinfo=UTC))

    assert [(line.patient.name, line.issue) for line in _build(session).lines] == [("Once", "Narrowed spinal canal")]


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """The pages live at the tests' instant too."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def test_the_page_shows_numbers_with_words_and_only_my_people(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    _with_plan(app_session, "Counted", done=(2, 4), partly=(6,), therapist=cast.therapist)
    app_session.commit()

    page = makers.browser(app, cast.therapist).get("/therapist/patients").text

    assert "Patients: 2" in page
    assert "2 of 7 done" in page and "36 %" in page
    assert "2 done" in page and "1 partly" in page and "4 no data" in page
    assert "no plan yet" in page
    assert "Noise" not in page and "Far" not in page and "Alone" not in page


def test_a_lead_sees_the_clinic_with_the_therapists_names(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    app_session.commit()

    page = makers.browser(app, cast.lead).get("/therapist/patients?sort=name").text

    assert "Patients: 2" in page and "Thea" in page and "Tomás" in page
    assert "Far" not in page


def test_the_empty_states_say_what_to_do(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    newcomer = makers.account(app_session, "therapist", clinic=cast.clinic, name="New")
    app_session.commit()
    client = makers.browser(app, newcomer)

    assert "No patients yet" in client.get("/therapist/patients").text
    nothing = client.get("/therapist/patients?search=zzz").text
    assert "Nobody matches" in nothing and 'value="zzz"' in nothing


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=999999999999999999999", "sort=none&only=none", "search=%00%25", "search=" + "x" * 5000])
def test_a_strange_address_still_shows_the_page(app: Flask, app_session: Session, at_noon: datetime, query: str) -> None:
    cast = makers.cast(app_session)
    app_session.commit()

    assert makers.browser(app, cast.therapist).get(f"/therapist/patients?{query}").status_code == 200


def test_a_name_of_markup_is_shown_as_letters(app: Flask, app_session: Session, at_noon: datetime) -> None:
    cast = makers.cast(app_session)
    makers.patient(app_session, therapist=cast.therapist, name='<b onmouseover="x">Bobby</b>')
    app_session.commit()

    page = makers.browser(app, cast.therapist).get("/therapist/patients?search=" + "%3Cb").text

    assert "&lt;b onmouseover=" in page and "<b onmouseover" not in page


def test_the_cost_does_not_grow_with_the_caseload(engine: sa.Engine, session: Session) -> None:
    therapist = makers.cast(session).therapist
    seen: list[str] = []
    listen = lambda *given: seen.append(given[2])  # noqa: E731
    counts = []
    for number in (2, 7):
        for index in range(number):
            _with_plan(session, f"Person {number} {index}", therapist=therapist)
        session.commit()
        session.expunge_all()
        sa.event.listen(engine, "before_cursor_execute", listen)
        found = _build(session)
        assert all(line.patient.therapist is None or line.patient.therapist.name for line in found.lines)
        sa.event.remove(engine, "before_cursor_execute", listen)
        counts.append(len([statement for statement in seen if "BEGIN" not in statement]))
        seen.clear()
        session.commit()

    assert counts == [2, 2]


def test_two_years_ago_is_not_read(session: Session) -> None:
    patient = _with_plan(session, "Old")
    session.execute(sa.text("DELETE FROM patient_days"))
    session.execute(sa.insert(caseload.PatientDay), [
        {"patient_id": patient.id, "on_day": TODAY - timedelta(days=age), "state": "done", "planned": 1, "credit": 1.0, "logged": True}
        for age in (27, 28, 700)
    ])  # fmt: skip

    line = _build(session).lines[0]

    assert (line.planned, line.done, line.last_logged_on) == (1, 1, TODAY - timedelta(days=27))

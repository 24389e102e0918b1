"""How is each day of a patient counted, ready for a clinic's dashboard?

The rollup is written in the transaction of the log that changed it and can always be rebuilt from
the diary: ``refresh`` from the first day gives the same rows.
"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from programs import adherence
from programs.vocabulary import DiaryDay
from rehab.models import Patient, PatientDay
from rehab.queries import history

CREDIT = {"done": 1.0, "partly": 0.5}


def refresh(db: Session, patient: Patient, *, from_on: date, as_of: date) -> None:
    """Count the days from ``from_on`` to ``as_of`` again.

    Starts at that week's Monday, because a session may make up for another day of its week. Cost:
    a handful of queries and the days of the window.
    """
    first = max(min(from_on, as_of) - timedelta(days=min(from_on, as_of).weekday()), patient.started_on - timedelta(days=7))
    periods, excused = history.plan_periods(db, patient), history.excuses(db, patient)
    sessions = history.session_rows(db, patient, from_on=first, to_on=as_of)
    check_ins = history.check_in_rows(db, patient, from_on=first, to_on=as_of)
    measured = adherence.measure(
        periods, history.session_records(sessions), excuses=excused, from_on=first, to_on=as_of, as_of=as_of
    )
    days = history.diary(sessions, check_ins, periods=periods, excused=excused, from_on=first, to_on=as_of)
    rows = [_row(patient, counted, day) for counted, day in zip(measured.days, days, strict=True)]
    db.execute(sa.delete(PatientDay).where(PatientDay.patient_id == patient.id, PatientDay.on_day.between(first, as_of)))
    if rows:
        db.execute(sa.insert(PatientDay), rows)


def rebuild(db: Session, patient: Patient, *, as_of: date) -> None:
    """Count a patient's whole history again."""
    refresh(db, patient, from_on=patient.started_on, as_of=as_of)


def _row(patient: Patient, counted: adherence.AdherenceDay, day: DiaryDay) -> dict[str, object]:
    scores = [s for s in (day.pain_usual, day.pain_before, day.pain_next_morning) if s is not None]
    state = str(counted.state)
    return {
        "patient_id": patient.id,
        "on_day": counted.on,
        "state": state,
        "planned": int(state in {"done", "partly", "missed", "no_data", "excused"}),
        "credit": CREDIT.get(state, 0.0),
        "excused": int(state == "excused"),
        "logged": day.logged,
        "pain_mean": sum(scores) / len(scores) if scores else None,
        "walking_minutes": int(day.walking_minutes) if day.walking_minutes is not None else None,
    }

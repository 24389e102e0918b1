"""What becomes of each record of a batch that a phone sends?

Every record is judged alone and answered by its id. What is new is written together; only when the
database refuses the whole (another request was faster) is each record tried again in a savepoint.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from programs import catalogue
from rehab import clock
from rehab.models import Patient
from rehab.services import check_ins, day_logs, exercise_sessions, screenings
from rehab.services.day_logs import Known, Outcome

SERVICES = {"exercise_session": exercise_sessions, "check_in": check_ins}


def save(db: Session, patient: Patient, records: list[dict[str, Any]], *, now: datetime) -> tuple[list[Outcome], int]:
    """The outcome of each record in its order, and the version of the plan in force (0 without one).

    Afterwards the touched days are counted again and the trend is reviewed, once for the batch.
    """
    known = day_logs.look_up(db, patient, records)
    outcomes = [_judge(db, known, patient, data, now=now) for data in records]
    new = [i for i, outcome in enumerate(outcomes) if outcome is day_logs.CREATED and records[i]["kind"] in SERVICES]
    try:
        with db.begin_nested():
            for kind, service in SERVICES.items():
                service.insert(db, patient, [records[i] for i in new if records[i]["kind"] == kind], now=now)
    except IntegrityError:
        for i in new:
            outcomes[i] = _save_alone(db, patient, records[i], now=now)
    touched = _touched(known, patient, records, outcomes)
    if touched:
        day_logs.settle(db, patient, from_on=min(touched), now=now)
    return outcomes, max((version for version in known.plans.values() if version is not None), default=0)


def _judge(db: Session, known: Known, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    if _is_taken_by_another_kind(known, data):
        return day_logs.rejected("id-reused")
    if data["kind"] == "screening":
        return _screening(db, known, patient, data, now=now)
    return SERVICES[data["kind"]].judge(known, patient, data, now=now)


def _is_taken_by_another_kind(known: Known, data: dict[str, Any]) -> bool:
    return any(data["id"] in logs for kind, logs in known.logs.items() if kind != data["kind"])


def _screening(db: Session, known: Known, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    """A screening is never refused for its age: an old emergency answer still blocks until cleared."""
    if data["performed_at"] > now + day_logs.MAX_AHEAD:
        return day_logs.rejected("future")
    asked = {question.id for question in catalogue.screening()}
    answers = {question: answer for question, answer in data["answers"].items() if question in asked}
    outcome = day_logs.judge(known, patient, data, fingerprint=day_logs.screening_print(data["moment"], answers))
    if outcome is not day_logs.CREATED:
        return outcome
    taken_at = max(data["performed_at"], day_logs.oldest(now))
    try:
        with db.begin_nested():
            screenings.record(db, patient, moment=data["moment"], answers=answers, now=now, screening_id=data["id"],
                              taken_at=taken_at, acknowledged_at=data["acknowledged_at"])  # fmt: skip
    except IntegrityError:
        return _again(db, patient, data, now=now)
    return outcome


def _save_alone(db: Session, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    try:
        with db.begin_nested():
            return SERVICES[data["kind"]].record(db, patient, data, now=now)
    except IntegrityError:
        return _again(db, patient, data, now=now)


def _again(db: Session, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    """After another request wrote the same id in this very moment: was it the same record?"""
    outcome = _judge_only(day_logs.look_up(db, patient, [data]), patient, data, now=now)
    return outcome if outcome is not day_logs.CREATED else day_logs.rejected("id-reused")


def _judge_only(known: Known, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    if data["kind"] == "screening":
        return day_logs.judge(known, patient, data, fingerprint=day_logs.screening_print(data["moment"], data["answers"]))
    return SERVICES[data["kind"]].judge(known, patient, data, now=now)


def _touched(known: Known, patient: Patient, records: list[dict[str, Any]], outcomes: list[Outcome]) -> set[date]:
    """The days that read differently now: those of new logs, of logs they correct, and of screenings."""
    days: set[date] = set()
    for data, outcome in zip(records, outcomes, strict=True):
        if outcome.outcome != "created":
            continue
        if data["kind"] == "screening":
            days.add(clock.local_date(max(data["performed_at"], patient.created_at), patient.time_zone))
            continue
        days.add(data["performed_on"])
        corrected = known.logs[data["kind"]].get(data["corrects_id"] or uuid.UUID(int=0))
        if corrected is not None and corrected.performed_on is not None:
            days.add(corrected.performed_on)
    return days

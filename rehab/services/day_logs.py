"""What holds for everything a phone logs for a day, whatever its kind?

Ids are made on the phone; nothing is edited; a repeat is harmless; a correction is a new record.
Reading what is already known happens once for a batch, so that fifty records cost little more than one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab import clock
from rehab.models import CheckIn, ExerciseSession, Patient, Plan, Screening
from rehab.services import patient_days, trends

MAX_AGE_DAYS = 400
#: A phone's clock may be wrong, and the far side of the date line is 26 hours ahead of the near one.
MAX_AHEAD = timedelta(hours=26)

MODELS = {"exercise_session": ExerciseSession, "check_in": CheckIn, "screening": Screening}
WORDS = {
    "invalid": "This record is not complete.",
    "future": "This record is dated in the future. Is the date of your phone right?",
    "too-old": "This record is more than a year old.",
    "unknown-plan": "This plan is not one of yours.",
    "id-reused": "A different record with the same number was already saved.",
    "unknown-record": "The record that this one corrects was not found.",
    "already-corrected": "That record was corrected before. Please change the newest one.",
}


class Outcome(NamedTuple):
    """What became of one record: created, unchanged or rejected; a code and words for a rejection."""

    outcome: str
    code: str | None = None
    message: str | None = None


CREATED, UNCHANGED = Outcome("created"), Outcome("unchanged")


def rejected(code: str, message: str = "") -> Outcome:
    """A refusal with its words."""
    return Outcome("rejected", code, message or WORDS[code])


class Log(NamedTuple):
    """What must be known of a log to judge a new one: whose it is, what it says, of which day, whether it was corrected."""

    patient_id: uuid.UUID
    content_hash: str
    performed_on: date | None
    superseded: bool


@dataclass
class Known:
    """What the database holds about a batch of records, and what the batch itself has added so far."""

    logs: dict[str, dict[uuid.UUID, Log]]
    plans: dict[uuid.UUID, int | None] = field(default_factory=dict)  # id -> version of the plan in force, else None


def look_up(db: Session, patient: Patient, records: Sequence[dict[str, Any]]) -> Known:
    """Everything needed to judge the records: one query for the plans and one for each kind present."""
    known = Known({kind: {} for kind in MODELS})
    for plan_id, version, ended_on in db.execute(
        sa.select(Plan.id, Plan.version, Plan.ended_on).where(Plan.patient_id == patient.id)
    ):
        known.plans[plan_id] = version if ended_on is None else None
    for kind in ("exercise_session", "check_in"):
        of_kind = [r for r in records if r["kind"] == kind]
        if of_kind:
            known.logs[kind] = _stored(db, MODELS[kind], _ids(of_kind))
    screenings = [r["id"] for r in records if r["kind"] == "screening"]
    if screenings:
        rows = db.scalars(sa.select(Screening).where(Screening.id.in_(screenings)))
        known.logs["screening"] = {row.id: Log(row.patient_id, screening_print(row.moment, row.answers), None, False) for row in rows}
    return known


def _ids(records: Iterable[dict[str, Any]]) -> set[uuid.UUID]:
    return {i for record in records for i in (record["id"], record.get("corrects_id")) if i is not None}


def _stored(db: Session, model: Any, ids: set[uuid.UUID]) -> dict[uuid.UUID, Log]:
    # The rows of others count too: their ids are taken, and nothing more is told about them.
    rows = db.execute(
        sa.select(model.id, model.patient_id, model.content_hash, model.performed_on, model.superseded).where(model.id.in_(ids))
    )
    return {row.id: Log(row.patient_id, row.content_hash, row.performed_on, row.superseded) for row in rows}


def content_hash(data: dict[str, Any]) -> str:
    """A fingerprint of what a record says, the same for the same content."""
    at = data["performed_at"].astimezone(UTC).isoformat()
    said = {key: value for key, value in data.items() if key not in {"id", "performed_at"}} | {"performed_at": at}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def screening_print(moment: str, answers: dict[str, str]) -> str:
    """What two sendings of one screening must agree on."""
    return moment + json.dumps(answers, sort_keys=True)


def date_problem(data: dict[str, Any], *, now: datetime) -> Outcome | None:
    """Why the record's clocks cannot be true, or None."""
    if data["performed_at"] > now + MAX_AHEAD:
        return rejected("future")
    if data["performed_at"] < oldest(now):
        return rejected("too-old")
    today = clock.local_date(now, data["time_zone"])
    if data["performed_on"] > today + timedelta(days=1):
        return rejected("future")
    if data["performed_on"] < today - timedelta(days=MAX_AGE_DAYS):
        return rejected("too-old")
    return None


def judge(known: Known, patient: Patient, data: dict[str, Any], *, fingerprint: str) -> Outcome:
    """Whether the record is new, a repeat, or must be refused. A new one is remembered as known."""
    logs = known.logs[data["kind"]]
    same = logs.get(data["id"])
    if same is not None:
        return UNCHANGED if same.patient_id == patient.id and same.content_hash == fingerprint else rejected("id-reused")
    corrects = data.get("corrects_id")
    if corrects is not None:
        old = logs.get(corrects)
        if old is None or old.patient_id != patient.id:
            return rejected("unknown-record")
        if old.superseded:
            return rejected("already-corrected")
        logs[corrects] = old._replace(superseded=True)
    logs[data["id"]] = Log(patient.id, fingerprint, data["performed_on"], False)
    return CREATED


def supersede(db: Session, model: Any, patient: Patient, ids: Iterable[uuid.UUID]) -> None:
    """Mark the logs that a correction replaces. They stay, and no longer count."""
    ids = list(ids)
    if ids:
        db.execute(sa.update(model).where(model.id.in_(ids), model.patient_id == patient.id).values(superseded=True))


def oldest(now: datetime) -> datetime:
    """Before this instant no log is believed."""
    return now - timedelta(days=MAX_AGE_DAYS)


def settle(db: Session, patient: Patient, *, from_on: date, now: datetime) -> None:
    """After the logs of a batch are in: count their days again and look at the trend, once."""
    today = clock.local_date(now, patient.time_zone)
    patient_days.refresh(db, patient, from_on=from_on, as_of=today)
    trends.review(db, patient, as_of=today, now=now, changed_from=from_on)

"""How is a daily check-in from a phone kept?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab.models import CheckIn, Patient
from rehab.services import day_logs
from rehab.services.day_logs import Known, Outcome

_COPIED = (
    "id", "performed_at", "performed_on", "time_zone", "pain_nprs_usual", "pain_nprs_walk", "pain_nprs_morning",
    "sleep_0_10", "walking_minutes", "flare", "note", "corrects_id",
)  # fmt: skip


def record(db: Session, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    """Keep one check-in, or say why not. ``data`` is what ``schemas.sync.load`` gives. Flushes."""
    outcome = judge(day_logs.look_up(db, patient, [data]), patient, data, now=now)
    if outcome.outcome == "created":
        insert(db, patient, [data], now=now)
    return outcome


def judge(known: Known, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    """Whether the check-in is new, a repeat, or must be refused. No query."""
    problem = day_logs.date_problem(data, now=now)
    if problem is not None:
        return problem
    return day_logs.judge(known, patient, data, fingerprint=day_logs.content_hash(data))


def insert(db: Session, patient: Patient, accepted: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Write check-ins that were judged new. At most two statements."""
    corrected = {data["corrects_id"] for data in accepted if data["corrects_id"] is not None}
    rows = [
        {name: data[name] for name in _COPIED}
        | {"patient_id": patient.id, "received_at": now, "superseded": data["id"] in corrected,
           "content_hash": day_logs.content_hash(data)}
        for data in accepted
    ]  # fmt: skip
    if rows:
        db.execute(sa.insert(CheckIn), rows)
        day_logs.supersede(db, CheckIn, patient, corrected)

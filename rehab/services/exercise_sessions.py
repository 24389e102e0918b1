"""How is an exercise session from a phone kept?

A plan that has ended meanwhile is still accepted: the person did what their phone showed them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab.models import ExerciseResult, ExerciseSession, Patient
from rehab.services import day_logs
from rehab.services.day_logs import Known, Outcome

_COPIED = (
    "id", "plan_id", "performed_at", "performed_on", "time_zone", "status", "skip_reason", "pain_nprs_before",
    "pain_nprs_worst", "pain_nprs_after", "effort_cr10", "note", "corrects_id",
)  # fmt: skip


def record(db: Session, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    """Keep one session, or say why not. ``data`` is what ``schemas.sync.load`` gives. Flushes."""
    outcome = judge(day_logs.look_up(db, patient, [data]), patient, data, now=now)
    if outcome.outcome == "created":
        insert(db, patient, [data], now=now)
    return outcome


def judge(known: Known, patient: Patient, data: dict[str, Any], *, now: datetime) -> Outcome:
    """Whether the session is new, a repeat, or must be refused. No query."""
    problem = day_logs.date_problem(data, now=now)
    if problem is not None:
        return problem
    if data["plan_id"] not in known.plans:
        return day_logs.rejected("unknown-plan")
    return day_logs.judge(known, patient, data, fingerprint=day_logs.content_hash(data))


def insert(db: Session, patient: Patient, accepted: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Write sessions that were judged new, with what was done of each exercise. At most three statements."""
    corrected = {data["corrects_id"] for data in accepted if data["corrects_id"] is not None}
    rows = [
        {name: data[name] for name in _COPIED}
        | {"patient_id": patient.id, "received_at": now, "superseded": data["id"] in corrected,
           "content_hash": day_logs.content_hash(data)}
        for data in accepted
    ]  # fmt: skip
    if not rows:
        return
    db.execute(sa.insert(ExerciseSession), rows)
    results = [
        {"session_id": data["id"], "position": position, **result}
        for data in accepted
        for position, result in enumerate(data["exercises"])
    ]
    if results:
        db.execute(sa.insert(ExerciseResult), results)
    day_logs.supersede(db, ExerciseSession, patient, corrected)

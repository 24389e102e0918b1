"""What happens when somebody answers the safety questions?

Every answer is stored with the version of the questions, what was shown and when it was read. A
block is only ever lifted by a recorded clearance, never by milder answers later.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from programs import catalogue, triage
from programs.vocabulary import Block, Disposition, Finding, Severity
from rehab import clock
from rehab.errors import Refused
from rehab.models import Account, AuditEntry, Clearance, Patient, Screening
from rehab.queries import current
from rehab.services import flags

SEVERITIES = {
    Disposition.DAYS: Severity.BOOK,
    Disposition.SAMEDAY: Severity.URGENT,
    Disposition.EMERGENCY: Severity.EMERGENCY,
}


def record(
    db: Session, patient: Patient, *, moment: str, answers: dict[str, str], now: datetime,
    screening_id: uuid.UUID | None = None, taken_at: datetime | None = None,
    acknowledged_at: datetime | None = None,
) -> Screening:  # fmt: skip
    """Store one set of answers, block what they block, and tell the therapist in the same transaction."""
    known = {question.id for question in catalogue.screening()}
    answers = {key: value for key, value in answers.items() if key in known and value in {"yes", "no", "alt", "skip"}}
    screened = triage.screen(answers, selected=latest_answers(db, patient))
    screening = Screening(
        patient_id=patient.id, moment=moment, answers=answers,
        findings=[{"rule": f.rule, "severity": f.severity.name.lower()} for f in screened.findings],
        disposition=screened.disposition.name.lower(), block=screened.block.name.lower(),
        content_version=catalogue.version(), taken_at=taken_at or now, acknowledged_at=acknowledged_at,
    )  # fmt: skip
    if screening_id is not None:
        screening.id = screening_id
    db.add(screening)
    if screened.block > Block[patient.block.upper()]:
        patient.block = screened.block.name.lower()
        patient.plan_changed_at = now
    db.flush()
    if screened.disposition in SEVERITIES:
        _flag(db, patient, screening, screened, now=now)
    return screening


def latest_answers(db: Session, patient: Patient) -> frozenset[str]:
    """The answer ids of the newest intake, which some clusters weigh (age, sex). One query."""
    newest = current.intake(db, patient)
    if newest is None:
        return frozenset()
    return frozenset(a for key, given in newest.answers.items() if key.startswith("q_") for a in given)


def acknowledge(db: Session, screening: Screening, *, now: datetime) -> None:
    """Note that the person read the message."""
    screening.acknowledged_at = screening.acknowledged_at or now
    db.flush()


def clear(db: Session, patient: Patient, *, by: Account, checked_on: date, now: datetime) -> None:
    """Record that a clinician checked the person and said exercise is fine; lifts every open block.

    Raises Refused for a day in the future or before any of the answers that block.
    """
    open_ones = current.all_blocking(db, patient)
    if not open_ones:
        raise Refused("nothing-to-clear", "Nothing is blocked at the moment.")
    if checked_on > clock.local_date(now, patient.time_zone):
        raise Refused("future", "That day is still to come. When were you checked?", field="checked_on")
    if checked_on < clock.local_date(max(row.taken_at for row in open_ones), patient.time_zone):
        raise Refused("too-early", "The check must be on or after the day you gave the answer.", field="checked_on")
    if any(row.disposition == "emergency" for row in open_ones) and patient.therapist_id is not None and by.id == patient.account_id:
        raise Refused("needs-therapist", "After an emergency answer your therapist records the all-clear. Please call them.")
    for row in open_ones:
        db.add(Clearance(patient_id=patient.id, screening_id=row.id, recorded_by_id=by.id, checked_on=checked_on,
                         recorded_at=now))  # fmt: skip
    patient.block = "none"
    patient.plan_changed_at = now
    db.add(AuditEntry(at=now, actor_id=by.id, patient_id=patient.id, action="cleared", details={"checked_on": str(checked_on)}))
    db.flush()


def _flag(db: Session, patient: Patient, screening: Screening, screened: triage.Screened, *, now: datetime) -> None:
    worst = screened.findings[0].rule if screened.findings else "rf_unknown"
    evidence: dict[str, object] = {
        "disposition": screening.disposition,
        "answers": [f.rule for f in screened.findings],
        "moment": screening.moment,
        "screening_id": str(screening.id),
    }
    finding = Finding(rule="red-flag", severity=SEVERITIES[screened.disposition], evidence=evidence, source=worst)
    flags.raise_flag(db, patient, finding, on=clock.local_date(screening.taken_at, patient.time_zone), now=now)

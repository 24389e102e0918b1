"""How are the answers of the questionnaire kept, page by page, and turned into a ranking?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from programs import catalogue, triage
from programs import vocabulary as v
from rehab.models import Intake, Patient
from rehab.queries import current


def open_or_new(db: Session, patient: Patient, *, now: datetime) -> Intake:
    """The questionnaire being filled in, or the last finished one; a new one if there is none."""
    found = current.intake(db, patient)
    if found is None:
        found = Intake(patient_id=patient.id, answers={}, content_version=catalogue.version(), started_at=now)
        db.add(found)
        db.flush()
    return found


def save_answers(db: Session, intake: Intake, *, answers: dict[str, list[str]]) -> None:
    """Keep the answers of one page. Unknown answers are dropped; the others stay as they were."""
    allowed = {question.id: set(question.answers) for question in catalogue.questions()}
    allowed["q_dx"] = set(catalogue.issues())
    allowed["user_flags"] = {flag.id for flag in catalogue.user_flags()}
    allowed["user_flags_asked"] = {"yes"}
    kept = {key: [a for a in given if a in allowed[key]] for key, given in answers.items() if key in allowed}
    intake.answers = {**intake.answers, **kept}
    db.flush()


def finish(db: Session, patient: Patient, intake: Intake, *, now: datetime) -> triage.Assessment:
    """Rank what the answers look like and keep the result with the version of the content."""
    assessment = triage.assess(as_brain_intake(db, patient, intake))
    intake.assessment = assessment.to_json()
    intake.content_version = catalogue.version()
    intake.finished_at = now
    db.flush()
    return assessment


def as_brain_intake(db: Session, patient: Patient, intake: Intake | None) -> v.Intake:
    """Everything a patient told us, as the clinical brain reads it. One query."""
    answers = intake.answers if intake is not None else {}
    newest = current.screening(db, patient)
    return v.Intake(
        selected=frozenset(a for key, given in answers.items() if key.startswith("q_") and key != "q_dx" for a in given),
        screening=dict(newest.answers) if newest is not None else {},
        told_issues=tuple(answers.get("q_dx", ())),
        health_flags=frozenset(answers.get("user_flags", ())),
    )

"""What is in force for a patient right now: plan, questionnaire, screening, block?"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from programs.vocabulary import Disposition
from rehab.models import Clearance, Intake, Patient, Plan, Screening


def plan(db: Session, patient: Patient) -> Plan | None:
    """The plan in force with its exercises, or None. Two queries."""
    return db.scalar(
        sa.select(Plan).where(Plan.patient_id == patient.id, Plan.ended_on.is_(None)).options(selectinload(Plan.exercises))
    )


def intake(db: Session, patient: Patient) -> Intake | None:
    """The newest questionnaire, or None. One query."""
    return db.scalar(sa.select(Intake).where(Intake.patient_id == patient.id).order_by(Intake.started_at.desc()).limit(1))


def screening(db: Session, patient: Patient) -> Screening | None:
    """The newest screening, or None. One query."""
    return db.scalar(
        sa.select(Screening).where(Screening.patient_id == patient.id).order_by(Screening.taken_at.desc()).limit(1)
    )


def blocking(db: Session, patient: Patient) -> Screening | None:
    """The screening that still blocks, the most severe first; None when all were cleared. One query."""
    return max(all_blocking(db, patient), key=lambda row: (Disposition[row.disposition.upper()], row.taken_at), default=None)


def all_blocking(db: Session, patient: Patient) -> Sequence[Screening]:
    """Every screening that still blocks. One query."""
    cleared = sa.select(Clearance.screening_id).where(Clearance.patient_id == patient.id)
    return db.scalars(
        sa.select(Screening).where(
            Screening.patient_id == patient.id, Screening.block != "none", Screening.id.not_in(cleared)
        )
    ).all()

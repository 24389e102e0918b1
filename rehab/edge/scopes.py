"""What may the signed-in person see? Every read of the web layer starts here.

A patient sees their own rows, a therapist their caseload, a clinic lead their clinic. Anything else
is 404, as if it did not exist.
"""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort, current_app, g
from flask_login import current_user
from sqlalchemy.orm import Session, joinedload

from rehab import clock
from rehab.config import Config
from rehab.models import AuditEntry, Clinic, Flag, Invitation, Patient, Plan
from rehab.models.account import Role

Row = TypeVar("Row")


def db() -> Session:
    """The database session of this request; closed when the request ends."""
    if "db" not in g:
        g.db = current_app.extensions["rehab_sessions"]()
    return g.db


def config() -> Config:
    """The settings."""
    return current_app.config["REHAB"]


def me() -> Patient:
    """The signed-in patient, with clinic and therapist. 404 for anybody else."""
    if "me" not in g:
        own = sa.select(Patient).where(Patient.account_id == current_user.id)
        g.me = db().scalar(own.options(joinedload(Patient.clinic), joinedload(Patient.therapist), joinedload(Patient.account)))
    return g.me or abort(404)


def my_clinic() -> Clinic:
    """The clinic of the signed-in staff member. 404 without one."""
    found = db().get(Clinic, current_user.clinic_id) if current_user.clinic_id else None
    return found or abort(404)


def my_patients() -> sa.Select[Patient]:
    """The patients the signed-in person may see, as a query to narrow down."""
    query = sa.select(Patient)
    if current_user.role == Role.CLINIC_LEAD:
        return query.where(Patient.clinic_id == current_user.clinic_id)
    if current_user.role == Role.THERAPIST:
        return query.where(Patient.therapist_id == current_user.id, Patient.clinic_id == current_user.clinic_id)
    return query.where(Patient.account_id == current_user.id)


def my_patient(patient_id: uuid.UUID) -> Patient:
    """One patient of mine, with clinic and therapist; the look is written to the audit. Else 404."""
    options = (joinedload(Patient.clinic), joinedload(Patient.therapist), joinedload(Patient.account))
    patient = _one(my_patients().where(Patient.id == patient_id).options(*options))
    if current_user.is_staff:
        db().add(AuditEntry(at=clock.now(), actor_id=current_user.id, patient_id=patient.id, action="looked", details={}))
        db().commit()
    return patient


def my_plans() -> sa.Select[Plan]:
    """The plans of my patients."""
    return sa.select(Plan).where(Plan.patient_id.in_(_my_patient_ids()))


def my_flags() -> sa.Select[Flag]:
    """The flags of my patients."""
    return sa.select(Flag).where(Flag.patient_id.in_(_my_patient_ids()))


def my_flag(flag_id: uuid.UUID) -> Flag:
    """One flag of my patients, with the patient. Else 404."""
    return _one(my_flags().where(Flag.id == flag_id).options(joinedload(Flag.patient)))


def my_invitations() -> sa.Select[Invitation]:
    """The invitations I sent (a lead: those of the clinic)."""
    query = sa.select(Invitation).where(Invitation.clinic_id == current_user.clinic_id)
    return query if current_user.role == Role.CLINIC_LEAD else query.where(Invitation.therapist_id == current_user.id)


def my_invitation(invitation_id: uuid.UUID) -> Invitation:
    """One of my invitations. Else 404."""
    return _one(my_invitations().where(Invitation.id == invitation_id))


def _my_patient_ids() -> Any:
    return my_patients().with_only_columns(Patient.id)


def _one(query: sa.Select[Row]) -> Row:
    row = db().scalar(query)
    if row is None:
        abort(404)
    return row

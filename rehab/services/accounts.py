"""How does somebody get an account, and how does a patient join a clinic?"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab import auth, clock
from rehab.db import changed_rows
from rehab.errors import Refused
from rehab.models import Account, AuditEntry, Invitation, Patient
from rehab.models.account import Role


def by_email(db: Session, email: str) -> Account | None:
    """The account with this address, whatever its case."""
    return db.scalar(sa.select(Account).where(Account.email == email.strip().lower()))


def sign_up(
    db: Session, *, name: str, email: str, password: str, time_zone: str, country: str, now: datetime,
    invitation: Invitation | None = None,
) -> Patient:  # fmt: skip
    """A new patient, alone or by invitation. Raises Refused when the address is taken or the link is used up."""
    if by_email(db, email) is not None:
        raise Refused("email-taken", "There is already an account with this address. Sign in instead?", field="email")
    if invitation is not None and not invitation.is_open(now):
        raise Refused("invitation-over", "This invitation has been used or is over. Ask your therapist for a new one.")
    account = Account(email=email.strip().lower(), name=name.strip(), role=Role.PATIENT, created_at=now,
                      password_hash=auth.hash_password(password))  # fmt: skip
    db.add(account)
    db.flush()
    patient = Patient(
        account_id=account.id, name=account.name, time_zone=time_zone, country=country, created_at=now,
        started_on=clock.local_date(now, time_zone),
    )  # fmt: skip
    db.add(patient)
    db.flush()
    if invitation is not None:
        join(db, patient, invitation, now=now)
    patient.account = account
    return patient


def join(db: Session, patient: Patient, invitation: Invitation, *, now: datetime) -> None:
    """Connect a patient with the therapist who invited them. The link works once."""
    used = sa.update(Invitation).where(Invitation.id == invitation.id, Invitation.accepted_at.is_(None))
    if changed_rows(db, used.values(accepted_at=now, patient_id=patient.id)) != 1:
        raise Refused("invitation-over", "This invitation has been used or is over. Ask your therapist for a new one.")
    patient.clinic_id, patient.therapist_id = invitation.clinic_id, invitation.therapist_id
    db.add(AuditEntry(at=now, actor_id=patient.account_id, patient_id=patient.id, action="joined-clinic", details={}))
    db.flush()

"""Plain makers with defaults: a clinic, its people, a plan, a diary, and an outsider to keep out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from rehab import auth
from rehab.models import Account, CheckIn, Clinic, ExerciseSession, Patient, Plan
from rehab.models.account import Role
from rehab.services import plans, screenings

LONG_AGO = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
PASSWORD = "three small words"
_HASH = auth.hash_password(PASSWORD)


def clinic(db: Session, name: str = "Riverside") -> Clinic:
    """A clinic in the United Kingdom."""
    made = Clinic(name=name, phone="0161 496 0000", country="GB", time_zone="Europe/London", created_at=LONG_AGO)
    db.add(made)
    db.flush()
    return made


def account(db: Session, role: str = Role.PATIENT, *, clinic: Clinic | None = None, name: str = "Somebody") -> Account:
    """An account whose password is ``PASSWORD``."""
    made = Account(email=f"{uuid.uuid4().hex[:10]}@example.invalid", name=name, role=role, created_at=LONG_AGO,
                   clinic_id=clinic.id if clinic else None, password_hash=_HASH)  # fmt: skip
    db.add(made)
    db.flush()
    return made


def patient(db: Session, *, therapist: Account | None = None, name: str = "Pat Ient", time_zone: str = "Europe/London",
            started_on: date = date(2026, 9, 1)) -> Patient:  # fmt: skip
    """A patient, of the therapist's clinic when one is given."""
    own = account(db, name=name)
    made = Patient(account_id=own.id, name=name, time_zone=time_zone, country="GB", started_on=started_on, created_at=LONG_AGO,
                   clinic_id=therapist.clinic_id if therapist else None, therapist_id=therapist.id if therapist else None)  # fmt: skip
    made.account = own
    db.add(made)
    db.flush()
    return made


def plan(db: Session, patient: Patient, *, issue: str = "hip-osteoarthritis", weekdays: tuple[int, ...] = (0, 2, 4),
         now: datetime = LONG_AGO) -> Plan:  # fmt: skip
    """The catalogue's plan for an issue, with every safety question answered no before it."""
    screenings.record(db, patient, moment="intake", answers={"rf_cauda_bladder": "no"}, now=now)
    return plans.start(db, patient, issue, weekdays=weekdays, made_by=patient.account, now=now)


def exercise_session(db: Session, plan: Plan, on: date, *, pain: int = 3, status: str = "done") -> ExerciseSession:
    """A session as the phone would have sent it."""
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    made = ExerciseSession(id=uuid.uuid4(), patient_id=plan.patient_id, plan_id=plan.id, performed_at=at, performed_on=on,
                           time_zone="Europe/London", received_at=at, status=status, pain_nprs_before=pain,
                           pain_nprs_worst=pain, pain_nprs_after=pain, content_hash="made")  # fmt: skip
    db.add(made)
    db.flush()
    return made


def check_in(db: Session, patient: Patient, on: date, *, pain: int | None = 3, **values: Any) -> CheckIn:
    """A check-in as the phone would have sent it."""
    at = datetime(on.year, on.month, on.day, 20, tzinfo=UTC)
    made = CheckIn(id=uuid.uuid4(), patient_id=patient.id, performed_at=at, performed_on=on, time_zone="Europe/London",
                   received_at=at, pain_nprs_usual=pain, content_hash="made", **values)  # fmt: skip
    db.add(made)
    db.flush()
    return made


def diary(db: Session, patient: Patient, *, until: date, pains: list[int | None]) -> None:
    """One check-in a day, the last on ``until``; None is a silent day."""
    for offset, pain in enumerate(reversed(pains)):
        if pain is not None:
            check_in(db, patient, until - timedelta(days=offset), pain=pain)


@dataclass
class Cast:
    """A clinic with two therapists and a lead, their patients, and people of elsewhere."""

    clinic: Clinic
    therapist: Account
    colleague: Account
    lead: Account
    patient: Patient
    colleagues_patient: Patient
    alone: Patient
    outsider: Account
    outsiders_patient: Patient


def cast(db: Session) -> Cast:
    """Everybody; the outsider works in another clinic."""
    own, other = clinic(db), clinic(db, "Hillview")
    therapist = account(db, Role.THERAPIST, clinic=own, name="Thea")
    colleague = account(db, Role.THERAPIST, clinic=own, name="Tomás")
    outsider = account(db, Role.THERAPIST, clinic=other, name="Otto")
    return Cast(
        clinic=own, therapist=therapist, colleague=colleague, lead=account(db, Role.CLINIC_LEAD, clinic=own, name="Lena"),
        patient=patient(db, therapist=therapist), colleagues_patient=patient(db, therapist=colleague, name="Noise"),
        alone=patient(db, name="Alone"), outsider=outsider, outsiders_patient=patient(db, therapist=outsider, name="Far"),
    )  # fmt: skip


def browser(app: Flask, account: Account | None = None) -> FlaskClient:
    """A browser of our own site, signed in as the account when one is given."""
    client = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    if account is not None:
        answer = client.post("/account/sign-in", data={"email": account.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
    return client

"""Who was not looked at since their last day ended?

Silence leaves no log, so each patient is reviewed once per local day, after two in the morning, for
the day that has just ended. The rows say who is left: a worker that slept or died catches up.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from rehab.jobs.items import OneItem
from rehab.models import Account, Patient, TrendState
from rehab.services import patient_days, trends

log = logging.getLogger("rehab.worker")
FROM_HOUR = 2


def review_all(sessions: sessionmaker[Session], *, now: datetime, stopping: threading.Event | None = None) -> int:
    """Review every patient whose newest review is older than yesterday; returns how many were."""
    reviewed = 0
    with sessions() as db:
        waiting = [(patient, day) for zone in _zones(db) if (day := _last_day(zone, now=now)) for patient in _waiting(db, zone, day)]
        db.commit()
        for patient_id, day in waiting:
            if stopping is not None and stopping.is_set():
                break
            with OneItem(db, "review", patient_id):
                reviewed += _review(db, patient_id, day, now=now)
                db.commit()
    return reviewed


def _review(db: Session, patient_id: uuid.UUID, day: date, *, now: datetime) -> int:
    """Review one patient unless another worker has them or was faster."""
    mine = sa.select(Patient).where(Patient.id == patient_id).with_for_update(skip_locked=True)
    patient = db.scalar(mine)
    last = db.scalar(sa.select(TrendState.as_of).where(TrendState.patient_id == patient_id))
    if patient is None or (last is not None and last >= day):
        return 0
    patient_days.refresh(db, patient, from_on=min(last or patient.started_on, day), as_of=day)
    trends.review(db, patient, as_of=day, now=now)
    return 1


def _last_day(time_zone: str, *, now: datetime) -> date | None:
    """The local day that has ended; None in the first hours, while a late evening may still be logged."""
    local = now.astimezone(ZoneInfo(time_zone))
    return local.date() - timedelta(days=1) if local.hour >= FROM_HOUR else None


def _waiting(db: Session, time_zone: str, day: date) -> Sequence[uuid.UUID]:
    query = (
        sa.select(Patient.id)
        .join(Account, Account.id == Patient.account_id)
        .outerjoin(TrendState, TrendState.patient_id == Patient.id)
        .where(
            Patient.time_zone == time_zone, Patient.started_on <= day, Account.disabled_at.is_(None),
            sa.or_(TrendState.as_of.is_(None), TrendState.as_of < day),
        )
        .order_by(TrendState.as_of)
    )  # fmt: skip
    return db.scalars(query).all()


def _zones(db: Session) -> Sequence[str]:
    return db.scalars(sa.select(Patient.time_zone).distinct()).all()

"""Who was not looked at since their last day ended?

Silence leaves no log, so each patient is reviewed once per local day, after two in the morning, when
yesterday is closed. A review leaves the day it closed in ``TrendState.as_of``, so the rows say who is
left: a worker that slept or died catches up, and who logged today already is not asked again.
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
    """Review every patient whose yesterday is not closed yet; returns how many were."""
    reviewed = 0
    for patient_id, today in _all_waiting(sessions, now=now):
        if stopping is not None and stopping.is_set():
            break
        with sessions() as db, OneItem(db, "review", patient_id):
            reviewed += _review(db, patient_id, today=today, now=now)
            db.commit()
    return reviewed


def _review(db: Session, patient_id: uuid.UUID, *, today: date, now: datetime) -> int:
    """Review one patient unless another worker has them or was faster."""
    patient = db.scalar(sa.select(Patient).where(Patient.id == patient_id).with_for_update(skip_locked=True))
    closed = db.scalar(sa.select(TrendState.as_of).where(TrendState.patient_id == patient_id))
    if patient is None or (closed is not None and closed >= today - timedelta(days=1)):
        return 0
    patient_days.refresh(db, patient, from_on=closed or patient.started_on, as_of=today)
    trends.review(db, patient, as_of=today, now=now)
    return 1


def _all_waiting(sessions: sessionmaker[Session], *, now: datetime) -> list[tuple[uuid.UUID, date]]:
    """Who is left, with their own today. In the first hours of a day a late evening may still be logged."""
    waiting: list[tuple[uuid.UUID, date]] = []
    with sessions() as db:
        for zone in _zones(db):
            local = now.astimezone(ZoneInfo(zone))
            if local.hour >= FROM_HOUR:
                waiting += [(patient_id, local.date()) for patient_id in _waiting(db, zone, local.date())]
    return waiting


def _waiting(db: Session, time_zone: str, today: date) -> Sequence[uuid.UUID]:
    yesterday = today - timedelta(days=1)
    query = (
        sa.select(Patient.id)
        .join(Account, Account.id == Patient.account_id)
        .outerjoin(TrendState, TrendState.patient_id == Patient.id)
        .where(
            Patient.time_zone == time_zone, Patient.started_on <= yesterday, Account.disabled_at.is_(None),
            sa.or_(TrendState.as_of.is_(None), TrendState.as_of < yesterday),
        )
        .order_by(TrendState.as_of)
    )  # fmt: skip
    return db.scalars(query).all()


def _zones(db: Session) -> Sequence[str]:
    return db.scalars(sa.select(Patient.time_zone).distinct()).all()

"""Who is to be reminded of today's session now?

A reminder belongs to the patient's own day and zone: at their time on the days of their plan, a
second one three hours later when nothing was logged, and then none. All is computed from the rows at
the moment of asking, so that nothing has to be rescheduled when a plan, a pause or a clock changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from rehab import clock
from rehab.models import Account, ExerciseSession, Notification, Patient, Pause, Plan
from rehab.services import notifications

KIND = "session-reminder"
#: A worker that slept longer does not send what is no longer of use.
WINDOW = timedelta(hours=6)
SECOND_AFTER = timedelta(hours=3)
#: No reminder after this local time; who chose a later time for themselves hears at that time only.
QUIET_FROM = time(21, 0)
OWN_TIME_GRACE = timedelta(minutes=15)


def plan_due(db: Session, *, now: datetime) -> int:
    """Write the reminders that are due and return how many rows are new. Safe to run at any time, any number of times.

    Cost: one query for the zones, then two per zone, whatever the number of patients that are not due.
    """
    return sum(_plan_zone(db, zone, now=now) for zone in _zones(db))


def occurrence(day: date, at: time, time_zone: str) -> datetime:
    """The instant (UTC) of a local time on a local day.

    A time the clocks skip becomes the first minute that exists after it; of a time that comes twice, the first.
    """
    zone = ZoneInfo(time_zone)
    wanted = datetime.combine(day, at.replace(second=0, microsecond=0, tzinfo=None))
    for minutes in range(24 * 60 + 1):
        wall = wanted + timedelta(minutes=minutes)
        instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall:
            return instant
    raise ValueError(f"no local time follows {wanted} in {time_zone}")


def is_still_wanted(db: Session, row: Notification, *, now: datetime) -> bool:
    """Whether a reminder written earlier is of use now: nothing logged meanwhile, not blocked, not quiet time. One query."""
    patient = db.get(Patient, row.patient_id) if row.patient_id else None
    if patient is None or patient.block == "all":
        return False
    today = clock.local_date(now, patient.time_zone)
    if row.payload.get("on") != today.isoformat() or _is_quiet(patient, now=now):
        return False
    return db.scalar(sa.select(_logged(today)).where(Patient.id == patient.id)) is False


@dataclass(frozen=True, slots=True)
class _Due:
    """A patient whose time has come, with what was already sent today by the number of the reminder."""

    patient: Patient
    at: datetime
    sent: dict[int, datetime]


def _plan_zone(db: Session, time_zone: str, *, now: datetime) -> int:
    local = clock.local(now, time_zone)
    if local.time() > time(23, 59) or local.hour < 1 and local.minute < 1:
        return 0
    candidates = list(_candidates(db, time_zone, now=now))
    sent = _already_sent(db, [patient.id for patient, _ in candidates], day=local.date())
    written = 0
    for patient, at in candidates:
        number = _number(_Due(patient, at, sent.get(patient.id, {})), now=now)
        if number is not None:
            written += _enqueue(db, patient, number, day=local.date(), now=now)
    return written


def _zones(db: Session) -> Sequence[str]:
    return db.scalars(sa.select(Patient.time_zone).where(Patient.reminder_time.is_not(None)).distinct()).all()

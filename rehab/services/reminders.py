"""Who is to be reminded of today's session now?

A reminder belongs to the patient's own day and zone: at their time on the days of their plan, a
second one three hours later when nothing was logged, and then none. All is computed from the rows at
the moment of asking, so that nothing has to be rescheduled when a plan, a pause or a clock changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from rehab.models import Account, ExerciseSession, Notification, Patient, Pause, Plan
from rehab.services import notifications

KIND = "session-reminder"
#: A worker that slept longer does not send what is no longer of use.
WINDOW = timedelta(hours=6)
SECOND_AFTER = timedelta(hours=3)
#: No reminder after this local time; who chose a later time for themselves hears then, and not later.
QUIET_AFTER = time(21, 0)
OWN_TIME_GRACE = timedelta(minutes=15)
#: No zone moves its clocks by more than this.
LARGEST_CLOCK_CHANGE = timedelta(hours=2)
KEYS_AT_ONCE = 400


def plan_due(db: Session, *, now: datetime) -> int:
    """Write the reminders that are due and return how many rows are new. Safe to run at any time, any number of times.

    Cost: one query for the zones, then two per zone; patients whose time is far away are not read.
    """
    return sum(_plan_zone(db, zone, now=now) for zone in _zones(db))


def occurrence(day: date, at: time, time_zone: str) -> datetime:
    """The instant (UTC) of a local time on a local day.

    A time that the clocks skip becomes the first minute after it that exists; of a time that comes twice, the first.
    """
    zone = ZoneInfo(time_zone)
    wanted = datetime.combine(day, at.replace(second=0, microsecond=0, tzinfo=None))
    for minutes in range(24 * 60 + 1):  # Samoa once skipped a whole day
        wall = wanted + timedelta(minutes=minutes)
        instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall:
            return instant
    raise ValueError(f"no local time follows {wanted} in {time_zone}")


def is_still_wanted(db: Session, row: Notification, *, now: datetime) -> bool:
    """Whether a reminder written earlier is still of use: nothing logged or paused since, same day, not quiet. One query."""
    patient = db.get(Patient, row.patient_id) if row.patient_id else None
    if patient is None or patient.block == "all" or patient.reminder_time is None:
        return False
    local = now.astimezone(ZoneInfo(patient.time_zone))
    if row.payload.get("on") != local.date().isoformat() or _is_quiet(local, patient.reminder_time):
        return False
    return db.scalar(sa.select(Patient.id).where(Patient.id == patient.id, *_day_is_open(local.date()))) is not None


def _plan_zone(db: Session, time_zone: str, *, now: datetime) -> int:
    local = now.astimezone(ZoneInfo(time_zone))
    candidates = [
        (patient, at)
        for patient, at in _candidates(db, local, now=now)
        if not _is_quiet(local, at.astimezone(local.tzinfo).timetz())
    ]
    sent = _sent_today(db, [patient.id for patient, _ in candidates], day=local.date())
    written = 0
    for patient, at in candidates:
        number = _number(at, sent.get(patient.id, {}), now=now)
        if number is not None:
            written += notifications.enqueue(
                db, patient.account, KIND, channels=notifications.channels_of_patient(db, patient), patient=patient,
                dedupe_key=_key(patient.id, local.date(), number), payload={"on": local.date().isoformat()}, now=now,
            )  # fmt: skip
    return written


def _number(at: datetime, sent: Mapping[int, datetime], *, now: datetime) -> int | None:
    """Which reminder of the day is due: 1, 2 or none. The second follows the first, however late that was."""
    if 2 in sent:
        return None
    if 1 not in sent:
        return 1 if at <= now < at + WINDOW else None
    second = max(at, sent[1]) + SECOND_AFTER
    return 2 if second <= now < second + WINDOW else None


def _is_quiet(local: datetime, own_time: time) -> bool:
    minute = local.time().replace(second=0, microsecond=0)
    own = datetime.combine(local.date(), own_time.replace(tzinfo=None)) + OWN_TIME_GRACE
    own_end = own.time() if own.date() == local.date() else time.max
    return minute > max(QUIET_AFTER, own_end)


def _candidates(db: Session, local: datetime, *, now: datetime) -> Iterator[tuple[Patient, datetime]]:
    """Patients of the zone whose time today is at most nine hours ago, with its instant. One query."""
    zone, day = str(local.tzinfo), local.date()
    earliest, latest = _span(local)
    query = (
        sa.select(Patient, Patient.reminder_time, Plan.weekdays, Plan.made_at)
        .join(Plan, Plan.patient_id == Patient.id)
        .join(Account, Account.id == Patient.account_id)
        .where(
            Patient.time_zone == zone, Patient.reminder_time.between(earliest, latest), Patient.block != "all",
            sa.or_(Patient.remind_by_email, Patient.remind_by_push), Account.disabled_at.is_(None),
            Plan.started_on <= day, sa.or_(Plan.ended_on.is_(None), Plan.ended_on > day), *_day_is_open(day),
        )
        .options(joinedload(Patient.account))
    )  # fmt: skip
    for patient, own_time, weekdays, made_at in db.execute(query):
        assert own_time is not None  # the query asks for it
        at = occurrence(day, own_time, zone)
        # A plan made in the afternoon is not followed by a reminder for the morning.
        if day.weekday() in weekdays and at <= now and (made_at <= at or patient.started_on < day):
            yield patient, at


def _span(local: datetime) -> tuple[time, time]:
    """The reminder times that can matter now, with room for a clock change, cut at the ends of the day."""
    wall = local.replace(tzinfo=None)
    earliest = wall - WINDOW - SECOND_AFTER - WINDOW - LARGEST_CLOCK_CHANGE
    latest = wall + LARGEST_CLOCK_CHANGE
    return (
        earliest.time() if earliest.date() == wall.date() else time.min,
        latest.time() if latest.date() == wall.date() else time.max,
    )


def _day_is_open(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Nothing was logged for the day, not even "not today", and the patient is not away."""
    logged = sa.exists().where(
        ExerciseSession.patient_id == Patient.id, ExerciseSession.performed_on == day, ExerciseSession.superseded.is_(False)
    )
    paused = sa.exists().where(
        Pause.patient_id == Patient.id, Pause.from_on <= day, sa.or_(Pause.to_on.is_(None), Pause.to_on >= day)
    )
    return ~logged, ~paused


def _sent_today(db: Session, patients: Sequence[uuid.UUID], *, day: date) -> dict[uuid.UUID, dict[int, datetime]]:
    """When today's reminders were written, by patient and number. One query per few hundred patients."""
    owner = {
        f"{_key(patient, day, number)}:{channel}": (patient, number)
        for patient in patients for number in (1, 2) for channel in notifications.CHANNELS
    }  # fmt: skip
    keys, found = list(owner), dict[uuid.UUID, dict[int, datetime]]()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = Notification.dedupe_key.in_(keys[start : start + KEYS_AT_ONCE])
        for key, at in db.execute(sa.select(Notification.dedupe_key, Notification.created_at).where(some)):
            patient, number = owner[key]
            found.setdefault(patient, {})[number] = at
    return found


def _key(patient: uuid.UUID, day: date, number: int) -> str:
    return f"reminder:{patient}:{day.isoformat()}:{number}"


def _zones(db: Session) -> Sequence[str]:
    return db.scalars(sa.select(Patient.time_zone).where(Patient.reminder_time.is_not(None)).distinct()).all()

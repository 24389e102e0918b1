"""How is a clinic doing, in numbers whose denominators are stated?

All sums are SQL over rollup days of a fixed window, so that a page costs the same in year three.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab import clock
from rehab.models import Account, Clinic, Flag, Invitation, Patient, PatientDay, Plan
from rehab.models.flag import STAFF_LEVELS
from rehab.queries import caseload

WEEKS = 8
GROUP_DAYS = 28
ACTIVE_DAYS = 14
FLAG_DAYS = 90
CSV_WEEKS = 26
#: Outcome shares of fewer people than this are not shown: one could be recognised.
SMALLEST_GROUP = 5
FIRST_LOGS, IMPORTANT_POINTS, IMPORTANT_SHARE = 7, 2.0, 0.3


@dataclass(frozen=True, slots=True)
class Share:
    """Adherence of a week or a group: credit out of what was planned and not excused, and of how many people."""

    name: str
    credit: float
    due: int
    excused: int
    people: int

    @property
    def percent(self) -> float | None:
        """None when nothing was due."""
        return 100 * self.credit / self.due if self.due > 0 else None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel: what it counts, how many, and out of how many."""

    name: str
    count: int
    out_of: int | None
    meaning: str


@dataclass(frozen=True, slots=True)
class FlagNumbers:
    """What became of the flags of the last 90 days."""

    open: int
    raised: int
    hours_to_contact: float | None
    contacted: int
    closed: int
    judged: int
    false_alarms: int
    verdicts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who has clinically important less pain. ``better`` is None for a group too small to show."""

    people: int
    better: int | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the clinic's page shows."""

    funnel: tuple[Step, ...]
    weeks: tuple[Share, ...]
    issues: tuple[Share, ...]
    therapists: tuple[Share, ...]
    flags: FlagNumbers
    outcome: Outcome


def build(db: Session, clinic: Clinic, *, now: datetime) -> Dashboard:
    """The clinic's numbers as of today in its time zone. About ten queries, each over a fixed window."""
    today = clock.local_date(now, clinic.time_zone)
    return Dashboard(
        funnel=_funnel(db, clinic, today=today), weeks=_weeks(db, clinic, today=today),
        issues=_by_issue(db, clinic, today=today), therapists=_by_therapist(db, clinic, today=today),
        flags=_flags(db, clinic, now=now), outcome=_outcome(db, clinic, today=today),
    )  # fmt: skip


def _funnel(db: Session, clinic: Clinic, *, today: date) -> tuple[Step, ...]:
    sent = sa.select(sa.func.count(), sa.func.count(Invitation.accepted_at)).where(
        Invitation.clinic_id == clinic.id, sa.or_(Invitation.revoked_at.is_(None), Invitation.accepted_at.is_not(None))
    )
    invited, accepted = db.execute(sent).one()
    own = sa.select(Patient.id).where(Patient.clinic_id == clinic.id)
    planned = sa.exists().where(Plan.patient_id == Patient.id)
    logged = sa.exists().where(PatientDay.patient_id == Patient.id, PatientDay.logged, PatientDay.on_day > today - timedelta(days=ACTIVE_DAYS),
                               PatientDay.on_day <= today)  # fmt: skip
    joined = _count(db, own)
    started, active = _count(db, own.where(planned)), _count(db, own.where(planned, logged))
    return (
        Step("Invited", invited, None, "Invitations sent and not withdrawn, since the clinic began."),
        Step("Joined", accepted, invited, f"Invitations accepted. The clinic has {joined} patients now."),
        Step("Started", started, joined, "Patients of the clinic who were given a plan."),
        Step("Active", active, started, f"Of those, people who logged anything in the last {ACTIVE_DAYS} days."),
    )


def _count(db: Session, query: sa.Select[Any]) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def _sums() -> tuple[Any, ...]:
    return (sa.func.sum(PatientDay.credit), sa.func.sum(PatientDay.planned), sa.func.sum(PatientDay.excused),
            sa.func.count(sa.distinct(sa.case((PatientDay.planned > 0, PatientDay.patient_id)))))  # fmt: skip


def _share(name: str, row: Sequence[Any]) -> Share:
    credit, planned, excused, people = row
    return Share(name, float(credit or 0), int(planned or 0) - int(excused or 0), int(excused or 0), int(people or 0))


def _weeks(db: Session, clinic: Clinic, *, today: date) -> tuple[Share, ...]:
    """The last eight calendar weeks, this one last; days still to come do not count."""
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=WEEKS - 1 - number) for number in range(WEEKS)]
    number = sa.case(*[(PatientDay.on_day < monday + timedelta(days=7), n) for n, monday in enumerate(mondays)], else_=WEEKS - 1)
    rows = db.execute(
        sa.select(number.label("week"), *_sums()).join(Patient, Patient.id == PatientDay.patient_id)
        .where(Patient.clinic_id == clinic.id, PatientDay.on_day.between(mondays[0], today)).group_by("week")
    )  # fmt: skip
    found = {row[0]: row[1:] for row in rows}
    return tuple(_share(f"{monday.day} {monday:%b}", found.get(n, (0, 0, 0, 0))) for n, monday in enumerate(mondays))


def _by_issue(db: Session, clinic: Clinic, *, today: date) -> tuple[Share, ...]:
    rows = db.execute(
        _recent(clinic, today=today, by=Plan.program)
        .join(Plan, sa.and_(Plan.patient_id == Patient.id, Plan.ended_on.is_(None))).group_by(Plan.program)
    )  # fmt: skip
    return tuple(sorted((_share(caseload.issue_name(row[0]), row[1:]) for row in rows), key=lambda share: share.name))


def _by_therapist(db: Session, clinic: Clinic, *, today: date) -> tuple[Share, ...]:
    rows = db.execute(
        _recent(clinic, today=today, by=Account.name).join(Account, Account.id == Patient.therapist_id).group_by(Account.id, Account.name)
    )
    return tuple(sorted((_share(row[0], row[1:]) for row in rows), key=lambda share: share.name))


def _recent(clinic: Clinic, *, today: date, by: Any) -> sa.Select[Any]:
    return (
        sa.select(by, *_sums()).select_from(PatientDay).join(Patient, Patient.id == PatientDay.patient_id)
        .where(Patient.clinic_id == clinic.id, PatientDay.on_day > today - timedelta(days=GROUP_DAYS), PatientDay.on_day <= today)
    )  # fmt: skip


def _flags(db: Session, clinic: Clinic, *, now: datetime) -> FlagNumbers:
    own = sa.select(Flag).join(Patient, Patient.id == Flag.patient_id).where(Patient.clinic_id == clinic.id)
    own = own.where(Flag.level.in_(STAFF_LEVELS))
    still_open = _count(db, own.where(Flag.resolved_at.is_(None)).with_only_columns(Flag.id))
    rows = db.execute(
        own.where(Flag.raised_at > now - timedelta(days=FLAG_DAYS))
        .with_only_columns(Flag.raised_at, Flag.acknowledged_at, Flag.resolved_at, Flag.resolved_by_id, Flag.outcome)
    ).all()  # fmt: skip
    touched = [
        min(at for at in (row.acknowledged_at, row.resolved_at if row.resolved_by_id else None) if at is not None) - row.raised_at
        for row in rows if row.acknowledged_at is not None or row.resolved_by_id is not None
    ]  # fmt: skip
    judged = [row.outcome for row in rows if row.resolved_by_id is not None]
    return FlagNumbers(
        open=still_open, raised=len(rows), contacted=len(touched), closed=sum(row.resolved_at is not None for row in rows),
        hours_to_contact=median(delta.total_seconds() / 3600 for delta in touched) if touched else None,
        judged=len(judged), false_alarms=judged.count("false-alarm"),
        verdicts=tuple((name, judged.count(name)) for name in sorted(set(judged))),
    )  # fmt: skip


def _outcome(db: Session, clinic: Clinic, *, today: date) -> Outcome:
    """Pain of the first seven logged days against the last 14 days: important is 2 points and 30 % (brief §6.1)."""
    place = sa.func.row_number().over(partition_by=PatientDay.patient_id, order_by=PatientDay.on_day)
    scored = (
        sa.select(PatientDay.patient_id, PatientDay.on_day, PatientDay.pain_mean, place.label("place"))
        .join(Patient, Patient.id == PatientDay.patient_id)
        .where(Patient.clinic_id == clinic.id, PatientDay.pain_mean.is_not(None), PatientDay.on_day > today - timedelta(days=365),
               PatientDay.on_day <= today).subquery()
    )  # fmt: skip
    lately = sa.and_(scored.c.on_day > today - timedelta(days=14), scored.c.place > FIRST_LOGS)
    first = sa.func.avg(sa.case((scored.c.place <= FIRST_LOGS, scored.c.pain_mean)))
    now = sa.func.avg(sa.case((lately, scored.c.pain_mean)))
    per_person = sa.select(first.label("first"), now.label("now")).group_by(scored.c.patient_id).subquery()
    known = sa.select(per_person).where(per_person.c.now.is_not(None))
    people = _count(db, known)
    if people < SMALLEST_GROUP:
        return Outcome(people, None)
    drop = per_person.c.first - per_person.c.now
    return Outcome(people, _count(db, known.where(drop >= IMPORTANT_POINTS, drop >= IMPORTANT_SHARE * per_person.c.first)))


@dataclass(frozen=True, slots=True)
class PatientWeek:
    """One patient's week for the download, without a name."""

    person: str
    monday: date
    planned: int
    done: int
    partly: int
    missed: int
    excused: int
    no_data: int
    credit: float


def patient_weeks(db: Session, clinic: Clinic, *, today: date) -> list[PatientWeek]:
    """Half a year of weeks by pseudonymous person, oldest first. One query."""
    first = today - timedelta(days=today.weekday()) - timedelta(weeks=CSV_WEEKS - 1)
    rows = db.execute(
        sa.select(PatientDay.patient_id, PatientDay.on_day, PatientDay.state, PatientDay.planned, PatientDay.credit)
        .join(Patient, Patient.id == PatientDay.patient_id)
        .where(Patient.clinic_id == clinic.id, PatientDay.on_day.between(first, today))
    )
    found: dict[tuple[str, date], dict[str, float]] = {}
    for patient_id, on, state, planned, credit in rows:
        week = found.setdefault((pseudonym(clinic, patient_id), on - timedelta(days=on.weekday())), {})
        week["planned"] = week.get("planned", 0) + planned
        week["credit"] = week.get("credit", 0.0) + credit
        week[state] = week.get(state, 0) + 1
    return [
        PatientWeek(person, monday, credit=week["credit"], planned=int(week["planned"]),
                    **{name: int(week.get(name, 0)) for name in caseload.STATES})
        for (person, monday), week in sorted(found.items())
    ]  # fmt: skip


def pseudonym(clinic: Clinic, patient_id: uuid.UUID) -> str:
    """The same code for the same patient in every download of a clinic, and not the id of any page."""
    return hashlib.sha256(clinic.id.bytes + patient_id.bytes).hexdigest()[:10]

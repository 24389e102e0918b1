"""What do a patient's newest logs mean, and who must be told?

One review per patient and batch: history → ``programs.trends.detect`` → flags, in the transaction of
the log. The nightly job runs the same review, so that silence is seen without a log.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from programs import catalogue, trends
from programs.vocabulary import DiaryDay, Severity
from rehab.models import Flag, Patient, Plan, TrendState
from rehab.queries import history
from rehab.services import flags

#: A review never looks further back: the filter forgets, and three years must not cost more than one.
MEMORY_DAYS = 365
#: Rules whose flag closes by itself when the rule no longer holds.
SELF_CLOSING = {"silence", "flare"}


def review(db: Session, patient: Patient, *, as_of: date, now: datetime, changed_from: date | None = None) -> list[Flag]:
    """Look at the diary up to ``as_of`` and raise, deepen or close flags. Returns the flags that stand.

    ``changed_from`` is the earliest day a late record touched; the review reads the whole window anyway.
    """
    periods = history.plan_periods(db, patient)
    flagged: list[Flag] = []
    if periods:
        found = trends.detect(diary(db, patient, as_of=as_of), as_of=as_of, no_improvement_weeks=_weeks(db, patient))
        told = [finding for finding in found if finding.severity >= Severity.SELF_MANAGE]
        flagged = [flags.raise_flag(db, patient, finding, on=as_of, now=now) for finding in told]
        _close_what_passed(db, patient, {finding.rule for finding in told}, now=now)
    _remember(db, patient, as_of=as_of)
    return flagged


def diary(db: Session, patient: Patient, *, as_of: date) -> list[DiaryDay]:
    """The patient's diary as the rules read it, one entry a day. Four queries."""
    from_on = max(patient.started_on, as_of - timedelta(days=MEMORY_DAYS))
    return history.diary(
        history.session_rows(db, patient, from_on=from_on, to_on=as_of),
        history.check_in_rows(db, patient, from_on=from_on, to_on=as_of),
        periods=history.plan_periods(db, patient),
        excused=history.excuses(db, patient),
        from_on=from_on,
        to_on=as_of,
    )


def _weeks(db: Session, patient: Patient) -> int:
    issues = db.scalar(sa.select(Plan.issues).where(Plan.patient_id == patient.id, Plan.ended_on.is_(None))) or []
    known = [catalogue.issues()[slug].no_improvement_weeks for slug in issues if slug in catalogue.issues()]
    return max(known, default=6)


def _close_what_passed(db: Session, patient: Patient, standing: set[str], *, now: datetime) -> None:
    open_ones = db.scalars(sa.select(Flag).where(Flag.patient_id == patient.id, Flag.resolved_at.is_(None))).all()
    for flag in open_ones:
        if flag.rule in SELF_CLOSING - standing:
            flags.resolve(db, flag, by=None, outcome="back-to-usual", note="", now=now)


def _remember(db: Session, patient: Patient, *, as_of: date) -> None:
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(TrendState).values(patient_id=patient.id, as_of=as_of, state={})
    db.execute(row.on_conflict_do_update(index_elements=["patient_id"], set_={"as_of": as_of}))

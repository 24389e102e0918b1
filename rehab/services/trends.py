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
from rehab.models import Flag, Patient, PatientDay, Plan, TrendState
from rehab.queries import history
from rehab.services import flags

#: A replay from nothing never looks further back, and a review from a state needs only this much.
MEMORY_DAYS = 365
STATE_DAYS = 84
#: Findings below check-in that still become a flag, for the patient's own page only.
SAID_TO_PATIENT = {"flare"}
#: Rules whose flag closes by itself when the rule no longer holds.
SELF_CLOSING = {"silence", "flare"}


def review(db: Session, patient: Patient, *, as_of: date, now: datetime, changed_from: date | None = None) -> list[Flag]:
    """Look at the diary up to ``as_of`` and raise, deepen or close flags. Returns the flags that stand.

    Closed days are kept as the filter's small state, so a review costs the same in year three. A late
    record (``changed_from`` on or before that state's day) throws the state away and replays.
    """
    stored = _stored(db, patient, before=min(as_of, changed_from or as_of))
    window = MEMORY_DAYS if stored is None else STATE_DAYS
    days = diary(db, patient, as_of=as_of, from_on=as_of - timedelta(days=window))
    yesterday = as_of - timedelta(days=1)
    if stored is None or stored.as_of is None or stored.as_of < yesterday:
        _, stored = trends.review(days, as_of=yesterday, state=stored)
    _remember(db, patient, as_of=yesterday, state=stored.to_json())
    if not db.scalar(sa.select(sa.exists().where(Plan.patient_id == patient.id))):
        return []
    found = trends.detect(days, as_of=as_of, no_improvement_weeks=_weeks(db, patient), state=stored,
                          adherence_percent=_adherence(db, patient, as_of=as_of))  # fmt: skip
    told = [finding for finding in found if finding.severity > Severity.SELF_MANAGE or finding.rule in SAID_TO_PATIENT]
    flagged = [flags.raise_flag(db, patient, finding, on=as_of, now=now) for finding in told]
    _close_what_passed(db, patient, {finding.rule for finding in told}, now=now)
    return flagged


def diary(db: Session, patient: Patient, *, as_of: date, from_on: date) -> list[DiaryDay]:
    """The patient's diary as the rules read it, one entry a day. Four queries."""
    first = max(patient.started_on, from_on)
    return history.diary(
        history.session_rows(db, patient, from_on=first, to_on=as_of),
        history.check_in_rows(db, patient, from_on=first, to_on=as_of),
        periods=history.plan_periods(db, patient),
        excused=history.excuses(db, patient),
        from_on=first,
        to_on=as_of,
    )


def _stored(db: Session, patient: Patient, *, before: date) -> trends.State | None:
    row = db.get(TrendState, patient.id)
    if row is None or row.as_of >= before or not row.state:
        return None
    try:
        return trends.State.from_json(row.state)
    except trends.UnknownState:  # written by an older version: replay
        return None


def _adherence(db: Session, patient: Patient, *, as_of: date) -> float | None:
    """Percent of the last four weeks from the rollup; None when nothing was due. One query."""
    credit, due = db.execute(
        sa.select(sa.func.sum(PatientDay.credit), sa.func.sum(PatientDay.planned - PatientDay.excused))
        .where(PatientDay.patient_id == patient.id, PatientDay.on_day > as_of - timedelta(days=28))
    ).one()  # fmt: skip
    return 100 * float(credit) / int(due) if due else None


def _weeks(db: Session, patient: Patient) -> int:
    issues = db.scalar(sa.select(Plan.issues).where(Plan.patient_id == patient.id, Plan.ended_on.is_(None))) or []
    known = [catalogue.issues()[slug].no_improvement_weeks for slug in issues if slug in catalogue.issues()]
    return max(known, default=6)


def _close_what_passed(db: Session, patient: Patient, standing: set[str], *, now: datetime) -> None:
    open_ones = db.scalars(sa.select(Flag).where(Flag.patient_id == patient.id, Flag.resolved_at.is_(None))).all()
    for flag in open_ones:
        if flag.rule in SELF_CLOSING - standing:
            flags.resolve(db, flag, by=None, outcome="back-to-usual", note="", now=now)


def _remember(db: Session, patient: Patient, *, as_of: date, state: dict[str, object]) -> None:
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(TrendState).values(patient_id=patient.id, as_of=as_of, state=state)
    db.execute(row.on_conflict_do_update(index_elements=["patient_id"], set_={"as_of": as_of, "state": state}))

"""How does a finding become a flag that a person sees, and how does it end?

One open flag per patient and rule: a repeat adds evidence and may raise the level, never lower it.
Telling the therapist is a row written in the same transaction. After a person closed a flag, the
same rule keeps quiet for a while, unless it has become more urgent.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from programs.vocabulary import Finding, Severity
from rehab import clock
from rehab.errors import Refused
from rehab.models import Account, Flag, FlagEvent, Patient
from rehab.models.flag import LEVELS, OUTCOMES
from rehab.services import notifications

#: The brief's cooldown: the same level is not repeated within two weeks (clinical/brief.md §6.2).
COOLDOWN_DAYS = 14
#: A new safety answer is always new; it never waits for a cooldown.
NEVER_QUIET = {"red-flag"}
LONGEST_SNOOZE_DAYS = 28
#: Outcomes that a person may choose; "back-to-usual" is the system's own.
VERDICTS = tuple(outcome for outcome in OUTCOMES if outcome != "back-to-usual")
#: What two people, or a person and the worker, may be changing at the same moment.
_SHARED = ("level", "evidence", "acknowledged_at", "acknowledged_by_id", "resolved_at", "resolved_by_id", "outcome", "outcome_note", "snoozed_until")


def raise_flag(db: Session, patient: Patient, finding: Finding, *, on: date, now: datetime) -> Flag:
    """The flag that stands for ``finding`` after today: a new one, the open one with more evidence, or,
    within the cooldown, the one a person closed lately (unchanged). Raises ValueError for ``AMBER``,
    which stays on the phone.
    """
    if finding.severity < Severity.SELF_MANAGE:
        raise ValueError(f"an amber finding raises no flag: {finding.rule}")
    level, evidence = finding.severity.name.lower(), _json(finding.evidence)
    flag = _open(db, patient, finding.rule)
    if flag is None:
        quiet = _closed_lately(db, patient, finding.rule, level=level, now=now)
        if quiet is not None:
            return quiet
        made = _insert(db, patient, finding, level=level, evidence=evidence, on=on, now=now)
        if made is not None:
            return made
        flag = _open(db, patient, finding.rule)
        assert flag is not None  # somebody else opened it between our look and our insert
    _add_evidence(db, flag, level=level, evidence=evidence, on=on, now=now)
    return flag


def acknowledge(db: Session, flag: Flag, *, by: Account, now: datetime) -> None:
    """Note that somebody has seen the flag. A second time changes nothing."""
    _lock(db, flag)
    _must_be_open(flag)
    if flag.acknowledged_at is not None:
        return
    flag.acknowledged_at, flag.acknowledged_by_id, flag.updated_at = now, by.id, now
    _event(db, flag, "acknowledged", by=by, now=now)


def resolve(db: Session, flag: Flag, *, by: Account | None, outcome: str, note: str, now: datetime) -> None:
    """Close a flag with what became of it. ``by`` None is the system itself (the rule no longer holds).

    Raises Refused when somebody else closed it first: their words stay.
    """
    _lock(db, flag)
    _must_be_open(flag)
    if outcome not in (VERDICTS if by is not None else OUTCOMES):
        raise Refused("outcome", "Choose what became of it.", field="outcome")
    flag.resolved_at, flag.resolved_by_id, flag.updated_at = now, by.id if by else None, now
    flag.outcome, flag.outcome_note, flag.snoozed_until = outcome, note.strip(), None
    _event(db, flag, "resolved", by=by, now=now, outcome=outcome)


def snooze(db: Session, flag: Flag, *, by: Account, until: date, now: datetime) -> None:
    """Put a flag aside until the morning of ``until``; a higher level brings it back at once."""
    _lock(db, flag)
    _must_be_open(flag)
    if flag.level in {"urgent", "emergency"}:
        raise Refused("too-urgent", "An urgent flag cannot be put aside. Close it with what became of it.", field="until")
    today = clock.local_date(now, flag.patient.time_zone)
    if not today < until <= today + timedelta(days=LONGEST_SNOOZE_DAYS):
        raise Refused("until", f"Choose a day from tomorrow up to {LONGEST_SNOOZE_DAYS} days ahead.", field="until")
    flag.snoozed_until, flag.updated_at = until, now
    _event(db, flag, "snoozed", by=by, now=now, until=until.isoformat())


def reopen(db: Session, flag: Flag, *, by: Account, now: datetime) -> None:
    """Take back a closing. Raises Refused when the same rule has an open flag again by now."""
    _lock(db, flag)
    if flag.resolved_at is None:
        return
    try:
        with db.begin_nested():
            flag.resolved_at = flag.resolved_by_id = flag.outcome = None
            flag.outcome_note, flag.updated_at = "", now
    except IntegrityError as error:  # the partial unique index: one open flag per rule
        raise Refused("already-open", "There is a newer open flag for the same reason. Work with that one.") from error
    _event(db, flag, "reopened", by=by, now=now)


def _open(db: Session, patient: Patient, rule: str) -> Flag | None:
    return db.scalar(sa.select(Flag).where(Flag.patient_id == patient.id, Flag.rule == rule, Flag.resolved_at.is_(None)))


def _closed_lately(db: Session, patient: Patient, rule: str, *, level: str, now: datetime) -> Flag | None:
    if rule in NEVER_QUIET:
        return None
    last = db.scalar(
        sa.select(Flag)
        .where(Flag.patient_id == patient.id, Flag.rule == rule, Flag.resolved_by_id.is_not(None),
               Flag.resolved_at > now - timedelta(days=COOLDOWN_DAYS))
        .order_by(Flag.resolved_at.desc()).limit(1)
    )  # fmt: skip
    return last if last is not None and LEVELS.index(level) <= LEVELS.index(last.level) else None


def _insert(
    db: Session, patient: Patient, finding: Finding, *, level: str, evidence: dict[str, Any], on: date, now: datetime
) -> Flag | None:
    flag = Flag(
        patient_id=patient.id, rule=finding.rule, level=level, evidence={**evidence, "seen_on": [on.isoformat()]},
        source=finding.source[:60], raised_on=on, raised_at=now, updated_at=now, outcome_note="",
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(flag)
    except IntegrityError:  # the partial unique index: another worker was first
        return None
    flag.patient = patient
    _event(db, flag, "raised", by=None, now=now, level=level)
    notifications.announce_flag(db, flag, now=now)
    return flag


def _add_evidence(db: Session, flag: Flag, *, level: str, evidence: dict[str, Any], on: date, now: datetime) -> None:
    _lock(db, flag)
    before, seen = flag.evidence, list(flag.evidence.get("seen_on", []))
    new_day = on.isoformat() not in seen
    new_answers = bool(set(evidence.get("answers", [])) - set(before.get("answers", [])))
    risen = LEVELS.index(level) > LEVELS.index(flag.level)
    merged = {**before, **evidence, "seen_on": sorted({*seen, on.isoformat()})}
    if "answers" in before:  # an answer that was given stays given
        merged["answers"] = list(dict.fromkeys([*before["answers"], *evidence.get("answers", [])]))
    if "disposition" in before and not risen:
        merged["disposition"] = before["disposition"]
    if merged == before and not risen:
        return
    flag.evidence, flag.updated_at = merged, now
    if risen or new_answers:
        flag.level = level if risen else flag.level
        flag.acknowledged_at = flag.acknowledged_by_id = flag.snoozed_until = None
        _event(db, flag, "level-raised" if risen else "seen-again", by=None, now=now, level=flag.level)
        notifications.announce_flag(db, flag, now=now)
    elif new_day:
        _event(db, flag, "seen-again", by=None, now=now, on=on.isoformat())
    db.flush()


def _lock(db: Session, flag: Flag) -> None:
    """Hold the row until the commit, and see what others wrote meanwhile."""
    db.refresh(flag, attribute_names=_SHARED, with_for_update=True)


def _must_be_open(flag: Flag) -> None:
    if flag.resolved_at is not None:
        raise Refused("already-closed", "This flag is already closed.")


def _event(db: Session, flag: Flag, kind: str, *, by: Account | None, now: datetime, **details: Any) -> None:
    db.add(FlagEvent(flag_id=flag.id, at=now, actor_id=by.id if by is not None else None, kind=kind, details=details))
    db.flush()


def _json(value: Any) -> Any:
    """Evidence as JSON keeps it: days as ISO text, enums as their value, sequences as lists."""
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return [_json(item) for item in items]
    if isinstance(value, Enum):
        return _json(value.value)
    return value.isoformat() if isinstance(value, date) else value

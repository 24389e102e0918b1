"""How is everybody of a caseload doing, one line each?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from programs import catalogue
from rehab.models import Flag, Patient, PatientDay, Plan
from rehab.models.flag import LEVELS, STAFF_LEVELS

WINDOW_DAYS = 28
PAGE = 50
STATES = ("done", "partly", "missed", "excused", "no_data")
SORTS = {"flags": "Flags first", "name": "Name", "adherence": "Lowest adherence", "logged": "Silent longest"}
FILTERS = {
    "": "Everybody", "flagged": "With open flags", "silent": "Nothing logged for 7 days", "low": "Adherence below 60 %",
    "blocked": "Exercise blocked", "no-plan": "Without a plan",
}  # fmt: skip
SILENT_DAYS = 7
LOW_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """One patient of the caseload."""

    patient: Patient
    issue: str
    phase: int | None
    planned: int
    done: int
    partly: int
    missed: int
    excused: int
    no_data: int
    last_logged_on: date | None
    flags: int
    worst: str | None

    @property
    def share(self) -> float | None:
        """Adherence in percent of what was planned and not excused; None when nothing was due."""
        due = self.planned - self.excused
        return 100 * (self.done + self.partly / 2) / due if due > 0 else None


@dataclass(frozen=True, slots=True)
class Caseload:
    """One page of the caseload and how many there are."""

    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int


def build(
    db: Session, mine: sa.Select[Patient], *, today: date, search: str = "", sort: str = "flags", only: str = "", page: int = 1
) -> Caseload:
    """The caseload over ``mine``, the patients the reader may see. Three queries, one page at a time."""
    days, flags = _days(today), _open_flags()
    query = (
        mine.outerjoin(days, days.c.patient_id == Patient.id).outerjoin(flags, flags.c.patient_id == Patient.id)
        .outerjoin(Plan, sa.and_(Plan.patient_id == Patient.id, Plan.ended_on.is_(None)))
    )  # fmt: skip
    for part in search.replace("\x00", " ").split():
        query = query.where(_named(part))
    query = _filtered(query, only, days=days, flags=flags, today=today)
    total = db.scalar(sa.select(sa.func.count()).select_from(query.with_only_columns(Patient.id).subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.execute(
        query.add_columns(Plan.program, Plan.phase, *[days.c[name] for name in ("planned", *STATES, "last_logged_on")],
                          flags.c.flags, flags.c.worst)
        .options(joinedload(Patient.therapist)).order_by(*_order(sort, days=days, flags=flags))
        .limit(PAGE).offset((page - 1) * PAGE)
    ).unique().all()  # fmt: skip
    return Caseload(tuple(_line(row) for row in rows), total, page, pages)


def issue_name(slug: str | None) -> str:
    """The catalogue's name of an issue or factor; a dash without a plan."""
    if slug is None:
        return "–"
    known: dict[str, Any] = {**catalogue.issues(), **catalogue.factors()}
    return known[slug].name if slug in known else slug


def _named(part: str) -> Any:
    """Names with these letters, large or small; SQLite by itself knows that of A to Z only."""
    forms = {part, part.lower(), part.upper(), part.capitalize()}
    return sa.or_(*(Patient.name.icontains(form, autoescape=True) for form in sorted(forms)))


def _days(today: date) -> Any:
    recent = PatientDay.on_day > today - timedelta(days=WINDOW_DAYS)
    counted = [sa.func.sum(sa.case((sa.and_(recent, PatientDay.state == state), 1), else_=0)).label(state) for state in STATES]
    credit = sa.func.sum(sa.case((recent, PatientDay.credit), else_=0.0)).label("credit")
    planned = sa.func.sum(sa.case((recent, PatientDay.planned), else_=0)).label("planned")
    logged = sa.func.max(sa.case((PatientDay.logged, PatientDay.on_day))).label("last_logged_on")
    # Half a year is enough to say when somebody last logged, and keeps the cost flat over the years.
    window = sa.and_(PatientDay.on_day > today - timedelta(days=182), PatientDay.on_day <= today)
    return sa.select(PatientDay.patient_id, planned, credit, *counted, logged).where(window).group_by(PatientDay.patient_id).subquery()


def _open_flags() -> Any:
    rank = sa.case({level: number for number, level in enumerate(LEVELS)}, value=Flag.level)
    return (
        sa.select(Flag.patient_id, sa.func.count().label("flags"), sa.func.max(rank).label("worst"))
        .where(Flag.resolved_at.is_(None), Flag.level.in_(STAFF_LEVELS)).group_by(Flag.patient_id).subquery()
    )  # fmt: skip


def _filtered(query: sa.Select[Any], only: str, *, days: Any, flags: Any, today: date) -> sa.Select[Any]:
    if only == "flagged":
        return query.where(flags.c.flags > 0)
    if only == "silent":
        silent = days.c.last_logged_on <= today - timedelta(days=SILENT_DAYS)
        return query.where(Plan.id.is_not(None), sa.or_(silent, days.c.last_logged_on.is_(None)))
    if only == "low":
        due = days.c.planned - days.c.excused
        return query.where(due > 0, days.c.credit < LOW_SHARE * due)
    if only == "blocked":
        return query.where(Patient.block != "none")
    return query.where(Plan.id.is_(None)) if only == "no-plan" else query


def _order(sort: str, *, days: Any, flags: Any) -> Sequence[Any]:
    name = (sa.func.lower(Patient.name), Patient.id)
    due = days.c.planned - days.c.excused
    if sort == "name":
        return name
    if sort == "adherence":
        return (sa.case((due > 0, days.c.credit / due)).asc().nulls_last(), *name)
    if sort == "logged":
        return (days.c.last_logged_on.asc().nulls_first(), *name)
    return (flags.c.worst.desc().nulls_last(), flags.c.flags.desc().nulls_last(), *name)


def _line(row: Any) -> Line:
    counts = {name: int(getattr(row, name) or 0) for name in ("planned", *STATES)}
    last = row.last_logged_on
    return Line(
        patient=row[0], issue=issue_name(row.program), phase=row.phase, **counts,
        last_logged_on=date.fromisoformat(last) if isinstance(last, str) else last, flags=int(row.flags or 0),
        worst=LEVELS[row.worst] if row.worst is not None else None,
    )  # fmt: skip



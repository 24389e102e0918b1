"""What happened with one patient, on one page: pain, weeks, events, plans, answers, notes, looks?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from programs import catalogue
from rehab import clock
from rehab.exports import charts
from rehab.models import (
    Account,
    AuditEntry,
    CheckIn,
    Clearance,
    ExerciseSession,
    Flag,
    Note,
    Patient,
    PatientDay,
    Plan,
    Referral,
    Screening,
)
from rehab.models.flag import STAFF_LEVELS
from rehab.queries import caseload, current, history, inbox

WEEKS = (4, 12, 26)
EVENTS_SHOWN = 60
LOOKS_SHOWN = 30
STATES = ("done", "partly", "missed", "excused", "no_data")
SKIPS = {"hurt": "it hurt", "no-time": "no time", "resting": "resting on purpose", "away": "away", "unwell": "unwell", "other": "another reason"}


@dataclass(frozen=True, slots=True)
class Week:
    """One calendar week's planned days, by what became of them."""

    monday: date
    planned: int
    done: int
    partly: int
    missed: int
    excused: int
    no_data: int

    @property
    def share(self) -> float | None:
        """Percent of what was planned and not excused; None when nothing was due."""
        due = self.planned - self.excused
        return 100 * (self.done + self.partly / 2) / due if due > 0 else None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, for the time line. ``tone`` is a chip's: neutral, pine, good, care, urgent."""

    on: date
    at: datetime
    kind: str
    tone: str
    text: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the patient page of staff shows, finished."""

    issue: str
    plan: Plan | None
    flags: tuple[inbox.Card, ...]
    chart: charts.PainChart
    weeks: tuple[Week, ...]
    total: Week
    strip: tuple[charts.WeekDay, ...]
    events: tuple[Event, ...]
    versions: tuple[Plan, ...]
    answers: tuple[inbox.Answer, ...]
    notes: tuple[Note, ...]
    letters: tuple[Referral, ...]
    looks: tuple[Any, ...]
    last_logged_on: date | None
    walking_now: int | None
    blocking: Screening | None


def build(db: Session, patient: Patient, *, now: datetime, weeks: int = 12) -> Page:
    """One patient's page over the last ``weeks`` weeks. A fixed number of queries, all within the window."""
    today = clock.local_date(now, patient.time_zone)
    start = today - timedelta(weeks=weeks) + timedelta(days=1)
    days = db.scalars(
        sa.select(PatientDay)
        .where(PatientDay.patient_id == patient.id, PatientDay.on_day.between(start - timedelta(days=7), today + timedelta(days=6)))
        .order_by(PatientDay.on_day)
    ).all()
    flags, versions = _flags(db, patient, start=start), _versions(db, patient)
    check_ins = history.check_in_rows(db, patient, from_on=start, to_on=today)
    open_flags = [flag for flag in flags if flag.resolved_at is None and flag.level in STAFF_LEVELS]
    plan = current.plan(db, patient)
    shown = [day for day in days if start <= day.on_day <= today]
    weekly = _weeks(shown)
    return Page(
        issue=caseload.issue_name(plan.program if plan else None), plan=plan, flags=inbox.cards(db, open_flags, now=now),
        chart=_chart(shown, flags=flags, versions=versions, check_ins=check_ins, today=today, weeks=weeks),
        weeks=weekly, total=_total(weekly), strip=_strip(days, today=today),
        events=_events(db, patient, flags=flags, versions=versions, check_ins=check_ins, start=start, today=today),
        versions=versions, answers=inbox.answers_of(db, patient), notes=_notes(db, patient), letters=_letters(db, patient),
        looks=looks(db, patient), last_logged_on=max((d.on_day for d in days if d.logged), default=None),
        walking_now=max((d.walking_minutes for d in shown[-14:] if d.walking_minutes), default=None),
        blocking=current.blocking(db, patient) if patient.block != "none" else None,
    )  # fmt: skip


def looks(db: Session, patient: Patient) -> tuple[Any, ...]:
    """Who else looked at or changed this patient's data, newest first: rows of (at, action, name). One query."""
    rows = db.execute(
        sa.select(AuditEntry.at, AuditEntry.action, Account.name)
        .join(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.patient_id == patient.id, AuditEntry.actor_id != patient.account_id)
        .order_by(AuditEntry.at.desc()).limit(LOOKS_SHOWN)
    )  # fmt: skip
    return tuple(rows.all())


def _chart(
    days: Sequence[PatientDay], *, flags: Sequence[Flag], versions: Sequence[Plan], check_ins: Sequence[CheckIn], today: date, weeks: int
) -> charts.PainChart:
    flares = {row.performed_on for row in check_ins if row.flare}
    pains = {day.on_day: day.pain_mean for day in days}
    usual, low, high = charts.usual_range([p for on, p in pains.items() if p is not None and on <= today - timedelta(days=10)])
    start = today - timedelta(weeks=weeks) + timedelta(days=1)
    shown = [
        charts.ChartDay(on, pains.get(on), "flare" if on in flares else "")
        for on in (start + timedelta(days=offset) for offset in range(7 * weeks))
    ]
    marks = [(plan.started_on, f"plan {plan.version}") for plan in versions if plan.version > 1]
    marks += [(flag.raised_on, "flag") for flag in flags]
    kept: list[tuple[date, str]] = []
    for on, text in sorted(marks):  # words of neighbours would overlap: the second keeps its line only
        near = kept and (on - kept[-1][0]).days < weeks
        kept.append((on, "" if near else text))
    return charts.pain_chart(shown, usual=usual, low=low, high=high, width=720, height=240, name="patient",
                             title=f"Pain, last {weeks} weeks", marks=kept, band_word="usual range")  # fmt: skip


def _weeks(days: Sequence[PatientDay]) -> tuple[Week, ...]:
    by_week: dict[date, list[PatientDay]] = {}
    for day in days:
        by_week.setdefault(day.on_day - timedelta(days=day.on_day.weekday()), []).append(day)
    return tuple(
        Week(monday, planned=sum(d.planned for d in rows), **{s: sum(d.state == s for d in rows) for s in STATES})
        for monday, rows in sorted(by_week.items(), reverse=True)
    )


def _total(weeks: Sequence[Week]) -> Week:
    first = weeks[-1].monday if weeks else date.min
    return Week(first, **{name: sum(getattr(w, name) for w in weeks) for name in ("planned", *STATES)})


def _strip(days: Sequence[PatientDay], *, today: date) -> tuple[charts.WeekDay, ...]:
    states = {day.on_day: day.state for day in days}
    week = [today - timedelta(days=6 - offset) for offset in range(7)]
    return charts.week_strip([(on, states.get(on, "rest")) for on in week], today=today)


def _flags(db: Session, patient: Patient, *, start: date) -> Sequence[Flag]:
    recent = sa.or_(Flag.resolved_at.is_(None), Flag.raised_on >= start)
    query = sa.select(Flag).where(Flag.patient_id == patient.id, recent).order_by(Flag.raised_at.desc())
    return db.scalars(query.options(joinedload(Flag.patient), joinedload(Flag.acknowledged_by), joinedload(Flag.resolved_by))).unique().all()


def _versions(db: Session, patient: Patient) -> tuple[Plan, ...]:
    query = sa.select(Plan).where(Plan.patient_id == patient.id).order_by(Plan.version.desc()).limit(20)
    return tuple(db.scalars(query.options(joinedload(Plan.made_by), selectinload(Plan.exercises))))


def _notes(db: Session, patient: Patient) -> tuple[Note, ...]:
    query = sa.select(Note).where(Note.patient_id == patient.id).order_by(Note.written_at.desc()).limit(50)
    return tuple(db.scalars(query.options(joinedload(Note.author))))


def _letters(db: Session, patient: Patient) -> tuple[Referral, ...]:
    return tuple(db.scalars(sa.select(Referral).where(Referral.patient_id == patient.id).order_by(Referral.made_at.desc()).limit(20)))


def _events(
    db: Session, patient: Patient, *, flags: Sequence[Flag], versions: Sequence[Plan], check_ins: Sequence[CheckIn], start: date, today: date
) -> tuple[Event, ...]:
    sessions = history.session_rows(db, patient, from_on=start, to_on=today)
    events = [_session_event(row) for row in sessions]
    events += [_check_in_event(row) for row in check_ins]
    events += [Event(p.started_on, p.made_at, "Plan", "pine", f"Version {p.version} by {p.made_by.name}", p.change_reason) for p in versions]
    for flag in flags:
        events.append(Event(flag.raised_on, flag.raised_at, "Flag", "urgent" if flag.level in {"urgent", "emergency"} else "care",
                            inbox.title(flag.rule)))  # fmt: skip
        if flag.resolved_at is not None:
            words = f"{inbox.title(flag.rule)}: closed, {(flag.outcome or '').replace('-', ' ')}"
            on = clock.local_date(flag.resolved_at, patient.time_zone)
            events.append(Event(on, flag.resolved_at, "Flag", "neutral", words, flag.outcome_note))
    events += _screening_events(db, patient, start=start)
    shown = [event for event in events if event.on >= start]
    return tuple(sorted(shown, key=lambda event: (event.on, event.at), reverse=True)[:EVENTS_SHOWN])


def _session_event(row: ExerciseSession) -> Event:
    if row.status == "skipped":
        return Event(row.performed_on, row.performed_at, "Session", "neutral", f"Skipped: {SKIPS.get(row.skip_reason or '', 'no reason given')}", row.note)
    words = "Done" if row.status == "done" else "Partly done"
    scores = [f"{name} {value}" for name, value in (("before", row.pain_nprs_before), ("worst", row.pain_nprs_worst), ("after", row.pain_nprs_after))
              if value is not None]  # fmt: skip
    text = f"{words}; pain {', '.join(scores)}" if scores else words
    if row.effort_cr10 is not None:
        text += f"; effort {row.effort_cr10}"
    return Event(row.performed_on, row.performed_at, "Session", "good", text, row.note)


def _check_in_event(row: CheckIn) -> Event:
    parts = [f"pain {row.pain_nprs_usual}" if row.pain_nprs_usual is not None else "no pain score"]
    parts += [f"walking {row.pain_nprs_walk}"] if row.pain_nprs_walk is not None else []
    parts += [f"{row.walking_minutes} min walked"] if row.walking_minutes is not None else []
    parts += [f"sleep {row.sleep_0_10}"] if row.sleep_0_10 is not None else []
    parts += ["flare-up"] if row.flare else []
    return Event(row.performed_on, row.performed_at, "Check-in", "care" if row.flare else "neutral", ", ".join(parts), row.note)


def _screening_events(db: Session, patient: Patient, *, start: date) -> list[Event]:
    words = {"none": "nothing found", **{key: text.label.lower() for key, text in catalogue.dispositions().items()}}
    found = []
    rows = db.execute(
        sa.select(Screening, Clearance.checked_on, Clearance.recorded_at, Account.name)
        .outerjoin(Clearance, Clearance.screening_id == Screening.id).outerjoin(Account, Account.id == Clearance.recorded_by_id)
        .where(Screening.patient_id == patient.id).order_by(Screening.taken_at.desc()).limit(40)
    )  # fmt: skip
    for row, checked_on, recorded_at, name in rows:
        on = clock.local_date(row.taken_at, patient.time_zone)
        tone = {"none": "good", "routine": "neutral", "days": "care"}.get(row.disposition, "urgent")
        found.append(Event(on, row.taken_at, "Safety questions", tone, words.get(row.disposition, row.disposition).capitalize()))
        if recorded_at is not None:
            cleared_on = clock.local_date(recorded_at, patient.time_zone)
            found.append(Event(cleared_on, recorded_at, "All-clear", "good", f"Recorded by {name}, checked on {checked_on:%d %b %Y}"))
    return [event for event in found if event.on >= start]

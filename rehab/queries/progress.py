"""How is a patient doing, as the patient's own Progress page shows it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, pstdev

import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab.exports import charts
from rehab.models import Flag, Patient, PatientDay

ADHERENCE_DAYS = 28
STATES = ("done", "partly", "missed", "no_data")
TITLES = {
    "worsening": "Your pain has been higher than usual",
    "high-pain": "Your pain has been high",
    "silence": "We have not heard from you",
    "no-improvement": "Slower than hoped",
    "red-flag": "Your safety answers",
    "flare": "A flare-up",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Days of the last four weeks, by what became of them."""

    planned: int
    done: int
    partly: int
    excused: int
    missed: int
    no_data: int


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """A flag in the patient's own words."""

    rule: str
    title: str
    level: str
    evidence: dict
    raised_on: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything the page shows, finished."""

    has_logs: bool
    flags: tuple[ShownFlag, ...]
    summary: str
    tabs: tuple[tuple[str, str, bool], ...]
    chart: object
    pain_now: float | None
    pain_start: float | None
    walking_now: int | None
    adherence: float | None
    counts: Counts


def build(db: Session, patient: Patient, *, today: date, from_on: date) -> Progress:
    """Two queries: the rollup days and the open flags."""
    days = db.scalars(
        sa.select(PatientDay).where(PatientDay.patient_id == patient.id).order_by(PatientDay.on_day)
    ).all()
    pains = [(d.on_day, d.pain_mean) for d in days if d.pain_mean is not None]
    start = mean(p for _, p in pains[:7]) if pains else None
    recent = [p for on, p in pains if on > today - timedelta(days=7)]
    now = mean(recent) if recent else None
    usual, low, high = _usual_range([p for on, p in pains if on <= today - timedelta(days=7)])
    counts = _counts([d for d in days if today - timedelta(days=ADHERENCE_DAYS) < d.on_day <= today])
    shown = [charts.ChartDay(on=d.on_day, pain=d.pain_mean) for d in days if from_on <= d.on_day <= today]
    walks = [d.walking_minutes for d in days if d.walking_minutes and d.on_day > today - timedelta(days=14)]
    weeks = (today - from_on).days // 7 + 1
    return Progress(
        has_logs=any(d.logged for d in days),
        flags=_flags(db, patient),
        summary=_summary(start, now, counts),
        tabs=tuple((f"{w} weeks", f"?weeks={w}", w == weeks) for w in (4, 12, 26)),
        chart=charts.pain_chart(shown, usual=usual, low=low, high=high) if shown else None,
        pain_now=now, pain_start=start, walking_now=max(walks, default=None),
        adherence=percent(counts), counts=counts,
    )  # fmt: skip


def percent(counts: Counts) -> float | None:
    """Done and half of partly, out of what was planned and not excused; None when nothing was due."""
    due = counts.planned - counts.excused
    return 100 * (counts.done + counts.partly / 2) / due if due > 0 else None


def _counts(days: Sequence[PatientDay]) -> Counts:
    by_state = {state: sum(d.state == state for d in days) for state in STATES}
    return Counts(planned=sum(d.planned for d in days), excused=sum(d.excused for d in days), **by_state)


def _usual_range(pains: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """The middle of the last six weeks before this one, one spread around it; nothing below seven logs."""
    window = pains[-42:]
    if len(window) < 7:
        return None, None, None
    middle, spread = mean(window), max(pstdev(window), 0.5)
    return middle, max(0.0, middle - spread), min(10.0, middle + spread)


def _flags(db: Session, patient: Patient) -> tuple[ShownFlag, ...]:
    rows = db.scalars(
        sa.select(Flag).where(Flag.patient_id == patient.id, Flag.resolved_at.is_(None)).order_by(Flag.raised_at.desc())
    )
    return tuple(ShownFlag(f.rule, TITLES.get(f.rule, "Worth a look"), f.level, f.evidence, f.raised_on) for f in rows)


def _summary(start: float | None, now: float | None, counts: Counts) -> str:
    done = counts.done + counts.partly
    words = f"In the last four weeks you did {done} of {counts.planned - counts.excused} planned sessions."
    if start is None or now is None:
        return words
    change = now - start
    if change <= -1:
        return f"Your pain is down by {-change:.1f} points since the start. {words}"
    if change >= 1:
        return f"Your pain is up by {change:.1f} points since the start; that can happen and is worth watching. {words}"
    return f"Your pain is about where it started. {words}"

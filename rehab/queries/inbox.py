"""Who needs a look first, and what is known about why?"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from programs import catalogue
from rehab import clock
from rehab.exports import charts
from rehab.models import Flag, FlagEvent, Note, Patient, PatientDay, Screening
from rehab.models.flag import LEVELS, STAFF_LEVELS

CHART_DAYS = 28
USUAL_DAYS = 42
CLOSED_SHOWN = 10
LATELY_DAYS = 10
RISES = {"worsening", "high-pain", "flare"}
#: What a flag is called in a headline for staff.
TITLES = {
    "worsening": "Pain has risen and stayed up",
    "high-pain": "Pain is very high",
    "silence": "Has gone silent",
    "no-improvement": "No improvement yet",
    "red-flag": "Red-flag answer",
    "flare": "Flare-up",
}
ANSWERS = {"yes": "yes", "no": "no", "alt": "in part", "skip": "skipped"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One red-flag question with what the patient said and when."""

    text: str
    answer: str
    on: date
    positive: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A flag with everything needed to decide what to do about it."""

    flag: Flag
    patient: Patient
    title: str
    age_days: int
    chart: charts.PainChart | None
    answers: tuple[Answer, ...]
    last_contact_at: datetime | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """The open flags, worst first, those put aside, and the ones closed lately."""

    open: tuple[Card, ...]
    snoozed: tuple[Flag, ...]
    closed: tuple[Flag, ...]


def build(db: Session, mine: sa.Select[Flag], *, now: datetime) -> Inbox:
    """The inbox over ``mine``, the flags the reader may see. Eight queries, whatever the number of flags."""
    people = (joinedload(Flag.patient).joinedload(Patient.therapist), joinedload(Flag.acknowledged_by))
    waiting = db.scalars(mine.where(Flag.resolved_at.is_(None), Flag.level.in_(STAFF_LEVELS)).options(*people)).unique().all()
    closed = db.scalars(
        mine.where(Flag.resolved_at > now - timedelta(days=14), Flag.level.in_(STAFF_LEVELS))
        .options(*people, joinedload(Flag.resolved_by)).order_by(Flag.resolved_at.desc()).limit(CLOSED_SHOWN)
    ).unique().all()  # fmt: skip
    awake = [flag for flag in waiting if not _is_snoozed(flag, now=now)]
    return Inbox(
        open=cards(db, awake, now=now),
        snoozed=tuple(sorted((f for f in waiting if _is_snoozed(f, now=now)), key=lambda f: f.snoozed_until or date.max)),
        closed=tuple(closed),
    )


def count(db: Session, mine: sa.Select[Flag], *, today: date) -> int:
    """How many flags are open and not put aside. One query; ``today`` is the clinic's."""
    open_ones = mine.where(Flag.resolved_at.is_(None), Flag.level.in_(STAFF_LEVELS))
    awake = open_ones.where(sa.or_(Flag.snoozed_until.is_(None), Flag.snoozed_until <= today))
    return db.scalar(sa.select(sa.func.count()).select_from(awake.subquery())) or 0


def cards(db: Session, flags: Sequence[Flag], *, now: datetime) -> tuple[Card, ...]:
    """Flags (with their patients) as cards, most urgent first; on one level safety answers, then the most unusual, then the oldest. Five queries."""
    ids = {flag.patient_id for flag in flags}
    if not ids:
        return ()
    days = _days(db, ids, since=clock.local_date(now, "UTC") - timedelta(days=CHART_DAYS + USUAL_DAYS))
    answers, contacts = _answers(db, ids), _last_contacts(db, ids)
    made = [
        Card(
            flag=flag, patient=flag.patient, title=title(flag.rule),
            age_days=max(0, (clock.local_date(now, flag.patient.time_zone) - flag.raised_on).days),
            chart=_chart(flag, days.get(flag.patient_id, []), today=clock.local_date(now, flag.patient.time_zone)),
            answers=answers.get(flag.patient_id, ()), last_contact_at=contacts.get(flag.patient_id),
        )
        for flag in flags
    ]  # fmt: skip
    return tuple(sorted(made, key=_place))


def _place(card: Card) -> tuple[int, bool, float, datetime]:
    flag = card.flag
    return -LEVELS.index(flag.level), flag.rule != "red-flag", -unusual(flag.evidence), flag.raised_at


def title(rule: str) -> str:
    """What a rule is called in a headline for staff."""
    return TITLES.get(rule, "Worth a look")


def unusual(evidence: Mapping[str, Any]) -> float:
    """How far from the person's own usual a finding is, roughly in widths of their own usual range; 0 when unknown.

    Somebody who stopped after a rise of pain comes before anybody who just stopped (worsening.yaml: missed).
    """
    if evidence.get("days_silent") is not None:
        return evidence["days_silent"] / (evidence.get("usual_gap_days") or 3.0) + 10 * bool(evidence.get("stopped_after_rise"))
    usual, recent, band = (evidence.get(key) for key in ("your_usual", "average_last_10_days", "usual_range"))
    if usual is None or recent is None:
        return 0.0
    return (recent - usual) / max(0.5, (band[1] - band[0]) / 2 if band else 1.0)


def answers_of(db: Session, patient: Patient) -> tuple[Answer, ...]:
    """The newest answer to every red-flag question, positive ones first. One query."""
    return _answers(db, {patient.id}).get(patient.id, ())


def _is_snoozed(flag: Flag, *, now: datetime) -> bool:
    return flag.snoozed_until is not None and flag.snoozed_until > clock.local_date(now, flag.patient.time_zone)


def _days(db: Session, ids: set[uuid.UUID], *, since: date) -> dict[uuid.UUID, list[tuple[date, float]]]:
    found: dict[uuid.UUID, list[tuple[date, float]]] = {}
    rows = db.execute(
        sa.select(PatientDay.patient_id, PatientDay.on_day, PatientDay.pain_mean)
        .where(PatientDay.patient_id.in_(ids), PatientDay.on_day >= since, PatientDay.pain_mean.is_not(None))
        .order_by(PatientDay.on_day)
    )
    for patient_id, on, pain in rows:
        if pain is not None:
            found.setdefault(patient_id, []).append((on, pain))
    return found


def _chart(flag: Flag, scored: Sequence[tuple[date, float]], *, today: date) -> charts.PainChart | None:
    """The last four weeks with the usual range the rule judged by; the days above it lately are drawn as high."""
    start = today - timedelta(days=CHART_DAYS - 1)
    by_day = {on: pain for on, pain in [*scored, *points(flag.evidence)] if start <= on <= today}
    if not by_day:
        return None
    usual = flag.evidence.get("your_usual")
    low, high = flag.evidence.get("usual_range") or (None, None)
    if low is None:
        usual, low, high = charts.usual_range([p for on, p in scored if on <= flag.raised_on - timedelta(days=LATELY_DAYS)])
    lately = flag.raised_on - timedelta(days=LATELY_DAYS)
    days = [
        charts.ChartDay(on, pain, "high" if _stands_out(flag, on, pain, high=high, lately=lately) else "")
        for on in (start + timedelta(days=offset) for offset in range(CHART_DAYS)) for pain in [by_day.get(on)]
    ]  # fmt: skip
    return charts.pain_chart(days, usual=usual, low=low, high=high, height=150, name=str(flag.id), band_word="usual range",
                             title="Pain, last 4 weeks", marks=[(flag.raised_on, "flag")])  # fmt: skip


def _stands_out(flag: Flag, on: date, pain: float | None, *, high: float | None, lately: date) -> bool:
    return flag.rule in RISES and pain is not None and high is not None and pain > high and on > lately


def points(evidence: Mapping[str, Any]) -> list[tuple[date, float]]:
    """The (day, pain) pairs a rule looked at, as stored in a flag."""
    return [(date.fromisoformat(on), float(value)) for on, value in evidence.get("points", ()) if value is not None]


def _answers(db: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, tuple[Answer, ...]]:
    newest: dict[uuid.UUID, dict[str, Answer]] = {}
    texts = {question.id: question.text for question in catalogue.screening()}
    rows = db.execute(
        sa.select(Screening.patient_id, Screening.answers, Screening.taken_at, Patient.time_zone)
        .join(Patient, Patient.id == Screening.patient_id).where(Screening.patient_id.in_(ids)).order_by(Screening.taken_at)
    )  # fmt: skip
    for patient_id, given, taken_at, zone in rows:
        for key, value in given.items():
            answer = Answer(texts.get(key) or key, ANSWERS.get(value) or str(value), clock.local_date(taken_at, zone), value in {"yes", "alt"})
            newest.setdefault(patient_id, {})[key] = answer
    return {key: tuple(sorted(given.values(), key=lambda a: not a.positive)) for key, given in newest.items()}


def _last_contacts(db: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When somebody of the clinic last did something about the patient: a note, or a flag handled."""
    noted = db.execute(
        sa.select(Note.patient_id, sa.func.max(Note.written_at)).where(Note.patient_id.in_(ids)).group_by(Note.patient_id)
    ).all()
    handled = db.execute(
        sa.select(Flag.patient_id, sa.func.max(FlagEvent.at))
        .join(Flag, Flag.id == FlagEvent.flag_id)
        .where(Flag.patient_id.in_(ids), FlagEvent.actor_id.is_not(None)).group_by(Flag.patient_id)
    ).all()  # fmt: skip
    found: dict[uuid.UUID, datetime] = {}
    for patient_id, at in [*noted, *handled]:
        found[patient_id] = max(found.get(patient_id, at), at)
    return found

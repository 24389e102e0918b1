"""What should a doctor or physiotherapist who has never seen this person know, on one page?

Situation, background, assessment, recommendation (SBAR, brief §6.5). ``content`` is plain JSON, so
that a letter that was made reads the same for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from programs import catalogue
from rehab import clock
from rehab.exports import charts
from rehab.models import Account, Flag, Intake, Patient, PatientDay, Plan, Referral
from rehab.models.flag import LEVELS, STAFF_LEVELS
from rehab.queries import caseload, country, current, history, inbox

WEEKS = 12
URGENCY = {
    "emergency": "Emergency: seen now", "urgent": "Urgent: to be seen the same day", "book": "Soon: an appointment within two weeks",
    "check_in": "Routine: for advice", "self_manage": "Routine: for information", "": "Routine: for information",
}  # fmt: skip
ASKED = {
    "emergency": "Emergency assessment.",
    "urgent": "Assessment the same day, with a neurological check.",
    "book": "Assessment within two weeks, with a neurological check; whether imaging is needed is your decision.",
}
#: Questionnaire answers that a clinician asks for first, in this order.
ASKED_FIRST = ("q_age", "q_sex", "q_dur", "q_loc", "q_worst", "q_nerve", "q_sit", "q_fwd", "q_walk", "q_hx")
LABELS = {
    "q_age": "Age", "q_sex": "Sex at birth", "q_dur": "This episode", "q_loc": "Where", "q_worst": "Worst area", "q_nerve": "Leg symptoms",
    "q_sit": "Sitting", "q_fwd": "Bending forward", "q_walk": "Walking", "q_hx": "History",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to draw: its facts as JSON, and the picture made from them."""

    content: dict[str, Any]

    @property
    def chart(self) -> charts.PainChart:
        """The twelve-week pain chart, drawn from the kept numbers."""
        days = [charts.ChartDay(date.fromisoformat(on), pain) for on, pain in self.content["days"]]
        usual, low, high = self.content["usual"]
        return charts.pain_chart(days, usual=usual, low=low, high=high, width=680, height=170, name="letter",
                                 title="Pain, last 12 weeks", band_word="usual range")  # fmt: skip


def build(db: Session, patient: Patient, flag: Flag | None = None, *, now: datetime, hopes: str = "", question: str = "") -> Letter:
    """The letter as it would be today; the most urgent open flag is its reason unless one is given. About ten queries."""
    today = clock.local_date(now, patient.time_zone)
    flag = flag or _worst(db, patient)
    intake, plan = current.intake(db, patient), current.plan(db, patient)
    days = _days(db, patient, today=today)
    level = flag.level if flag is not None else ""
    therapist = db.get(Account, patient.therapist_id) if patient.therapist_id else None
    clinic = patient.clinic if patient.clinic_id else None
    usual = charts.usual_range([d.pain_mean for d in days if d.pain_mean is not None and d.on_day <= today - timedelta(days=10)])
    return Letter({
        "schema": 1, "name": patient.name, "made_on": today.isoformat(), "urgency": URGENCY[level], "level": level,
        "flag": {"rule": flag.rule, "level": flag.level, "evidence": flag.evidence, "raised_on": flag.raised_on.isoformat()} if flag else None,
        "title": inbox.title(flag.rule) if flag else "Summary of a self-kept diary",
        "therapist": therapist.name if therapist else "", "clinic": clinic.name if clinic else "", "phone": clinic.phone if clinic else "",
        "answers": [[a.text, a.answer, a.on.isoformat(), a.positive] for a in inbox.answers_of(db, patient)],
        "background": _background(patient, intake, plan), "assessment": _assessment(db, patient, days, plan, today=today),
        "days": _points(days, today=today), "usual": list(usual),
        "asked": question or ASKED.get(level, "Your view on how to go on."), "hopes": hopes,
        "numbers": country.numbers(patient.country),
        "footer": {"content_version": catalogue.version(), "rule": flag.rule if flag else "", "source": flag.source if flag else "",
                   "gaps": sum(d.pain_mean is None for d in days), "days": len(days)},
    })  # fmt: skip


def kept(db: Session, patient: Patient, referral_id: Any) -> Letter | None:
    """A letter that was made for this patient, as it stood, or None. One query."""
    row = db.scalar(sa.select(Referral).where(Referral.id == referral_id, Referral.patient_id == patient.id))
    return Letter(row.content) if row is not None else None


def _worst(db: Session, patient: Patient) -> Flag | None:
    rows = db.scalars(sa.select(Flag).where(Flag.patient_id == patient.id, Flag.resolved_at.is_(None), Flag.level.in_(STAFF_LEVELS)).options(joinedload(Flag.patient)))
    return max(rows, key=lambda flag: (LEVELS.index(flag.level), flag.raised_at), default=None)


def _days(db: Session, patient: Patient, *, today: date) -> list[PatientDay]:
    start = max(today - timedelta(weeks=WEEKS) + timedelta(days=1), patient.started_on)
    query = sa.select(PatientDay).where(PatientDay.patient_id == patient.id, PatientDay.on_day.between(start, today))
    return list(db.scalars(query.order_by(PatientDay.on_day)))


def _points(days: list[PatientDay], *, today: date) -> list[list[Any]]:
    pains = {day.on_day: day.pain_mean for day in days}
    start = today - timedelta(weeks=WEEKS) + timedelta(days=1)
    return [[on.isoformat(), pains.get(on)] for on in (start + timedelta(days=offset) for offset in range(7 * WEEKS))]


def _background(patient: Patient, intake: Intake | None, plan: Plan | None) -> list[list[str]]:
    given = intake.answers if intake is not None else {}
    words = {question.id: question.answers for question in catalogue.questions()}
    lines = [
        [LABELS[key], ", ".join(words[key].get(answer, answer) for answer in given[key])]
        for key in ASKED_FIRST if given.get(key) and key in words
    ]  # fmt: skip
    statements = {item.id: item.statement for item in catalogue.user_flags()}
    health = [statements[key] for key in given.get("user_flags", ()) if key in statements]
    if health:
        lines.append(["Health, self-reported", "; ".join(health)])
    told = [caseload.issue_name(slug) for slug in given.get("q_dx", ())]
    if told:
        lines.append(["Told by a clinician", ", ".join(told)])
    ranked = (intake.assessment or {}).get("ranked", []) if intake is not None else []
    names = [caseload.issue_name(row["issue"]) for row in ranked[:3] if isinstance(row, dict) and "issue" in row]
    if names:
        lines.append(["Answers look like", ", ".join(names) + " (self-reported pattern)"])
    if plan is not None:
        lines.append(["Program", f"{caseload.issue_name(plan.program)}, phase {plan.phase}, since {_day(patient.started_on)}"])
    return lines


def _assessment(db: Session, patient: Patient, days: list[PatientDay], plan: Plan | None, *, today: date) -> list[list[str]]:
    lines = []
    pains = [(d.on_day, d.pain_mean) for d in days if d.pain_mean is not None]
    first = [p for on, p in pains if on < patient.started_on + timedelta(days=14)] or [p for _, p in pains[:14]]
    recent = [p for on, p in pains if on > today - timedelta(days=7)]
    if pains:
        start = f"{sum(first) / len(first):.1f} in the first two weeks shown" if first else "not known"
        lines.append(["Pain 0 to 10", f"{start}; {_mean(recent)} in the last 7 days ({len(recent)} of 7 days logged)"])
    walks = [(d.on_day, d.walking_minutes) for d in days if d.walking_minutes is not None]
    if walks:
        lately = [m for on, m in walks if on > today - timedelta(days=14)]
        lines.append(["Walking", f"longest {max(m for _, m in walks)} min; in the last 14 days " + (f"up to {max(lately)} min" if lately else "not logged")])
    due = sum(d.planned for d in days) - sum(d.excused for d in days)
    if due > 0:
        lines.append(["Exercise", f"{100 * sum(d.credit for d in days) / due:.0f} % of {due} planned sessions in the last {WEEKS} weeks"])
    if plan is not None:
        names = [catalogue.exercises()[row.exercise].name for row in plan.exercises if row.kind == "main" and row.exercise in catalogue.exercises()]
        lines.append(["Exercises now", ", ".join(names)])
    return lines + _symptoms(db, patient, today=today)


def _symptoms(db: Session, patient: Patient, *, today: date) -> list[list[str]]:
    rows = history.check_in_rows(db, patient, from_on=today - timedelta(days=27), to_on=today)
    flares = sum(row.flare for row in rows)
    sleep = [row.sleep_0_10 for row in rows if row.sleep_0_10 is not None]
    lines = [["Flare-up days", f"{flares} in the last 4 weeks"]] if flares else []
    return lines + ([["Sleep 0 to 10", f"{sum(sleep) / len(sleep):.1f} on average in the last 4 weeks"]] if sleep else [])


def _mean(values: list[float]) -> str:
    return f"{sum(values) / len(values):.1f}" if values else "no score"


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"

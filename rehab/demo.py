"""What does the demo clinic look like? Invented people with diaries relative to today, from a fixed seed.

Everything goes through the same services as real life: plans are assigned, sessions recorded, trends
reviewed; so the demo's flags were raised by the real rules.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from programs import catalogue
from rehab import auth, clock, demo_cast
from rehab.models import Account, CheckIn, Clinic, ExerciseResult, ExerciseSession, Invitation, Patient, Plan
from rehab.models.account import Role
from rehab.services import accounts, intakes, patient_days, plans, screenings, trends

SEED = 2026
ZONE = "Europe/London"


@dataclass(frozen=True, slots=True)
class Course:
    """How a demo patient's weeks went: pain at the start and now, share of sessions and check-ins done."""

    key: str
    issue: str
    days: int
    answers: dict[str, list[str]]
    pain: tuple[float, float]
    rise_days: int = 0
    rise_by: float = 0.0
    silent_days: int = 0
    did: float = 0.85
    walk: tuple[int, int] = (8, 20)


COURSES = (
    Course("improving", "hip-osteoarthritis", 56, pain=(5.6, 2.4), did=0.9, walk=(8, 24), answers={
        "q_age": ["age_60_69"], "q_sex": ["sex_f"], "q_loc": ["loc_groin", "loc_inner_thigh"], "q_worst": ["worst_groin"],
        "q_walk": ["walk_startup"], "q_socks": ["socks_hard"], "q_stairs": ["stairs_worse"], "q_stiff": ["stiff_lt30"],
        "q_hx": ["hx_family_oa"], "q_obs": ["o_hip_drop"]}),
    Course("worsening", "spinal-stenosis", 63, pain=(3.6, 3.4), rise_days=13, rise_by=2.9, did=0.75, walk=(12, 15), answers={
        "q_age": ["age_ge70"], "q_sex": ["sex_m"], "q_loc": ["loc_back_mid", "loc_buttock"], "q_worst": ["worst_leg"],
        "q_both": ["both_yes"], "q_sit": ["sit_gone"], "q_fwd": ["fwd_better"], "q_back": ["back_worse"],
        "q_stand": ["stand_brings"], "q_walk": ["walk_legs_stop"], "q_trolley": ["trolley_better"]}),
    Course("silent", "outer-hip-pain", 42, pain=(4.8, 4.4), silent_days=6, did=0.8, walk=(8, 14), answers={
        "q_age": ["age_50_59"], "q_sex": ["sex_f"], "q_loc": ["loc_outer_hip"], "q_worst": ["worst_outer_hip"],
        "q_side": ["side_pain"], "q_sls": ["sls_outer"], "q_tender": ["tender_outer_yes"], "q_socks": ["socks_ok"]}),
    Course("alone", "non-specific-back-pain", 28, pain=(4.4, 3.2), did=0.7, walk=(15, 25), answers={
        "q_age": ["age_40_49"], "q_loc": ["loc_back_mid"], "q_worst": ["worst_back"], "q_both": ["both_no"],
        "q_nerve": ["nv_none"], "q_walk": ["walk_builds_back"], "q_obs": ["o_sit6"]}),
)  # fmt: skip


def fill(db: Session, *, now: datetime) -> bool:
    """Make the demo clinic in an empty database; False when somebody lives there already. Commit is the caller's."""
    if db.scalar(sa.select(sa.func.count()).select_from(Account)):
        return False
    chance = random.Random(SEED)
    secret = auth.hash_password(demo_cast.PASSWORD)
    staff = _staff(db, secret, now=now)
    for course in COURSES:
        therapist = {"silent": staff["therapist-two"], "alone": None}.get(course.key, staff["therapist"])
        _patient(db, course, therapist, secret, chance, now=now)
    _newcomer(db, staff["therapist"], secret, now=now)
    return True


def _staff(db: Session, secret: str, *, now: datetime) -> dict[str, Account]:
    riverside = Clinic(name="Riverside physiotherapy", phone="0161 496 0000", country="GB", time_zone=ZONE, created_at=now)
    other = Clinic(name="Hillview clinic", phone="0161 496 0999", country="GB", time_zone=ZONE, created_at=now)
    db.add_all([riverside, other])
    db.flush()
    places = {"therapist": riverside, "therapist-two": riverside, "lead": riverside, "outsider": other}
    made = {}
    for key, clinic in places.items():
        person = demo_cast.SIGN_INS[key]
        role = Role.CLINIC_LEAD if key == "lead" else Role.THERAPIST
        made[key] = Account(email=person.email, name=person.name, role=role, clinic_id=clinic.id, created_at=now,
                            password_hash=secret)  # fmt: skip
        db.add(made[key])
    db.flush()
    return made


def _account(db: Session, key: str, therapist: Account | None, secret: str, *, start: datetime) -> Patient:
    person = demo_cast.SIGN_INS[key]
    account = Account(email=person.email, name=person.name, role=Role.PATIENT, created_at=start, password_hash=secret)
    db.add(account)
    db.flush()
    patient = Patient(account_id=account.id, name=person.name, time_zone=ZONE, country="GB", created_at=start,
                      started_on=clock.local_date(start, ZONE), reminder_time=time(8, 30))  # fmt: skip
    patient.account = account
    db.add(patient)
    db.flush()
    if therapist is not None:
        invitation = Invitation(
            token_hash=auth.token_hash(f"demo-{key}"), clinic_id=therapist.clinic_id, therapist_id=therapist.id,
            patient_name=person.name, email=person.email, created_at=start, expires_at=start + timedelta(days=30),
        )  # fmt: skip
        db.add(invitation)
        db.flush()
        accounts.join(db, patient, invitation, now=start)
    return patient


def _newcomer(db: Session, therapist: Account, secret: str, *, now: datetime) -> None:
    _account(db, "new", therapist, secret, start=now)


def _patient(db: Session, course: Course, therapist: Account | None, secret: str, chance: random.Random, *, now: datetime) -> None:
    start = now - timedelta(days=course.days)
    patient = _account(db, course.key, therapist, secret, start=start)
    no_to_all = {q.id: "no" for q in catalogue.screening() if "intake" in q.ask}
    screenings.record(db, patient, moment="intake", answers=no_to_all, now=start, acknowledged_at=start)
    intake = intakes.open_or_new(db, patient, now=start)
    intakes.save_answers(db, intake, answers=course.answers)
    intakes.finish(db, patient, intake, now=start)
    by = therapist or patient.account
    plan = plans.start(db, patient, course.issue, weekdays=[0, 2, 4], made_by=by, now=start)
    _diary(db, patient, plan, course, chance, now=now)
    today = clock.local_date(now, ZONE)
    patient.last_seen_at = now - timedelta(days=course.silent_days)
    db.flush()
    patient_days.rebuild(db, patient, as_of=today)
    trends.review(db, patient, as_of=today, now=now)


def _diary(db: Session, patient: Patient, plan: Plan, course: Course, chance: random.Random, *, now: datetime) -> None:
    today = clock.local_date(now, ZONE)
    wobble = 0.0
    for index in range(course.days):
        on = today - timedelta(days=course.days - index)
        wobble = 0.35 * wobble + chance.gauss(0, 0.75)
        if index >= course.days - course.silent_days:
            continue
        progress = index / max(1, course.days - 1)
        level = course.pain[0] + (course.pain[1] - course.pain[0]) * progress + wobble
        if course.rise_days and index >= course.days - course.rise_days:
            level += course.rise_by
        pain = max(0, min(10, round(level)))
        rolled = chance.random(), chance.random()
        if rolled[0] < 0.92:
            _check_in(db, patient, on, pain, course, progress, chance)
        if on.weekday() in plan.weekdays and rolled[1] < course.did:
            _session(db, patient, plan, on, pain, chance)
    db.flush()


def _check_in(db: Session, patient: Patient, on: date, pain: int, course: Course, progress: float, chance: random.Random) -> None:
    walked = course.walk[0] + (course.walk[1] - course.walk[0]) * progress + chance.gauss(0, 2)
    rising = course.rise_days and progress > 1 - course.rise_days / course.days
    db.add(CheckIn(
        id=uuid.UUID(int=chance.getrandbits(128), version=4), patient_id=patient.id, performed_at=_at(on, 20), performed_on=on,
        time_zone=ZONE, received_at=_at(on, 20), pain_nprs_usual=pain, sleep_0_10=max(0, min(10, 8 - pain // 2)),
        walking_minutes=max(2, round(walked * (0.55 if rising else 1))), flare=bool(rising and pain >= 8), content_hash="demo",
    ))  # fmt: skip


def _session(db: Session, patient: Patient, plan: Plan, on: date, pain: int, chance: random.Random) -> None:
    done = chance.random() < 0.9
    session = ExerciseSession(
        id=uuid.UUID(int=chance.getrandbits(128), version=4), patient_id=patient.id, plan_id=plan.id, performed_at=_at(on, 9),
        performed_on=on, time_zone=ZONE, received_at=_at(on, 9), status="done" if done else "partly", pain_nprs_before=pain,
        pain_nprs_worst=min(10, pain + chance.choice([0, 1, 1])), pain_nprs_after=max(0, pain - chance.choice([0, 0, 1])),
        effort_cr10=chance.choice([4, 5, 5, 6]), content_hash="demo",
    )  # fmt: skip
    db.add(session)
    db.flush()
    for row in plan.exercises:
        if row.kind == "main":
            db.add(ExerciseResult(session_id=session.id, position=row.position, exercise=row.exercise,
                                  done=done or chance.random() < 0.5))  # fmt: skip


def _at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour, 12), ZoneInfo(ZONE))

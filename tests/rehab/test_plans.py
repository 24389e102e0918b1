"""Does a plan start, change and keep its past?"""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from programs import catalogue
from rehab.errors import Refused
from rehab.models import Notification, Plan
from rehab.queries import current
from rehab.services import intakes, plans, screenings
from tests import makers


def _lines(plan: Plan, **changes: int) -> list[plans.Line]:
    return [
        plans.Line(exercise=row.exercise, kind=row.kind, sets=changes.get("sets", row.sets), repetitions=row.repetitions,
                   hold_seconds=row.hold_seconds, rest_seconds=row.rest_seconds)
        for row in plan.exercises
    ]  # fmt: skip


@pytest.mark.parametrize("issue", sorted(catalogue.programs()))
def test_every_catalogue_program_can_be_started(session: Session, now: datetime, issue: str) -> None:
    patient = makers.cast(session).alone

    plan = plans.start(session, patient, issue, weekdays=[0, 2, 4], made_by=patient.account, now=now)

    assert 4 <= len([row for row in plan.exercises if row.kind == "main"]) <= 8
    assert plan.walk["plan"] in catalogue.walk_plans()
    assert plan.walk["minutes"] > 0


def test_a_therapists_change_ends_the_version_and_starts_the_next_with_the_past_untouched(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    before = makers.plan(session, cast.patient)
    old = [(row.exercise, row.sets) for row in before.exercises]

    after = plans.replace(session, cast.patient, exercises=_lines(before, sets=4), weekdays=[1, 3], reason="Stronger now.",
                          made_by=cast.therapist, now=now)  # fmt: skip
    session.expire_all()

    kept = session.scalars(sa.select(Plan).where(Plan.id == before.id)).one()
    assert kept.ended_on == now.date() == after.started_on
    newest = current.plan(session, cast.patient)
    assert newest is not None and (newest.id, newest.version, newest.weekdays) == (after.id, 2, [1, 3])
    assert {row.sets for row in newest.exercises} == {4}
    earlier = session.scalars(sa.select(Plan).where(Plan.id == before.id)).one()
    rows = session.execute(sa.text("SELECT exercise, sets FROM plan_exercises WHERE plan_id = :id ORDER BY kind DESC, position"),
                           {"id": earlier.id if session.get_bind().dialect.name == "postgresql" else earlier.id.hex}).all()  # fmt: skip
    assert sorted(map(tuple, rows)) == sorted(old)
    assert session.scalars(sa.select(Notification.kind).where(Notification.account_id == cast.patient.account_id)).first()


def test_a_contraindicated_exercise_is_refused_without_a_recorded_reason(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    makers.plan(session, cast.patient, issue="hip-impingement")
    wrong = next(e for e in catalogue.exercises().values() if "hip-flexion-end-range" in e.tags)
    line = plans.Line(exercise=wrong.slug, kind="main", sets=1, repetitions=5, hold_seconds=0, rest_seconds=0)

    with pytest.raises(Refused, match="not advised"):
        plans.replace(session, cast.patient, exercises=[line], weekdays=[0], reason="", made_by=cast.therapist, now=now)
    allowed = plans.Line(**{f: getattr(line, f) for f in line.__slots__[:-1]}, override_reason="Tested in the room.")
    plan = plans.replace(session, cast.patient, exercises=[allowed], weekdays=[0], reason="", made_by=cast.therapist, now=now)

    assert plan.exercises[0].override_reason == "Tested in the room."


def test_no_plan_starts_while_exercise_is_blocked(session: Session, now: datetime) -> None:
    patient = makers.cast(session).alone
    screenings.record(session, patient, moment="intake", answers={"rf_cauda_saddle": "yes"}, now=now)

    with pytest.raises(Refused):
        plans.start(session, patient, "hip-osteoarthritis", weekdays=[0], made_by=patient.account, now=now)


def test_moving_the_days_keeps_every_dose(session: Session, now: datetime) -> None:
    patient = makers.cast(session).alone
    before = makers.plan(session, patient, now=now - timedelta(days=10))

    after = plans.change_days(session, patient, weekdays=[5, 6], made_by=patient.account, now=now)

    def doses(plan: Plan) -> list[tuple]:
        return [(r.exercise, r.sets, r.repetitions) for r in plan.exercises]

    assert after.weekdays == [5, 6]
    assert doses(after) == doses(before)


def test_answers_of_the_questionnaire_shape_the_plan(session: Session, now: datetime) -> None:
    patient = makers.cast(session).alone
    intake = intakes.open_or_new(session, patient, now=now)
    intakes.save_answers(session, intake, answers={"user_flags": ["uf_floor", "uf_knee"], "q_loc": ["loc_back_mid"]})
    intakes.finish(session, patient, intake, now=now)

    built = plans.propose(session, patient, "non-specific-back-pain", now=now)

    used = {p.exercise for phase in built.phases for p in phase.prescriptions}
    assert used
    assert not [slug for slug in used if {"floor-transfer", "kneeling"} & set(catalogue.exercise(slug).tags)]

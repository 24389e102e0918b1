"""Do safety answers block, tell and unlock as they must?"""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab.errors import Refused
from rehab.models import Flag, Notification
from rehab.queries import current
from rehab.services import screenings
from tests import makers


def test_bladder_change_blocks_and_tells_the_therapist_in_the_same_transaction(session: Session, now: datetime) -> None:
    cast = makers.cast(session)

    screening = screenings.record(session, cast.patient, moment="session", answers={"rf_cauda_bladder": "yes"}, now=now)

    assert (screening.disposition, screening.block, cast.patient.block) == ("emergency", "all", "all")
    flag = session.scalars(sa.select(Flag)).one()
    assert (flag.rule, flag.level, flag.patient_id) == ("red-flag", "emergency", cast.patient.id)
    told = session.scalars(sa.select(Notification.account_id)).all()
    assert set(told) == {cast.therapist.id}


def test_milder_answers_later_never_lift_a_block(session: Session, now: datetime) -> None:
    patient = makers.cast(session).patient
    screenings.record(session, patient, moment="session", answers={"rf_fever": "yes"}, now=now)

    screenings.record(session, patient, moment="session", answers={"rf_fever": "no"}, now=now + timedelta(days=1))

    assert patient.block == "all"
    assert current.blocking(session, patient) is not None


def test_a_patient_records_the_all_clear_after_a_same_day_answer(session: Session, now: datetime) -> None:
    patient = makers.cast(session).patient
    screenings.record(session, patient, moment="session", answers={"rf_fever": "yes"}, now=now)

    screenings.clear(session, patient, by=patient.account, checked_on=now.date(), now=now)

    assert patient.block == "none"
    assert current.blocking(session, patient) is None


def test_after_an_emergency_the_therapist_records_the_all_clear(session: Session, now: datetime) -> None:
    cast = makers.cast(session)
    screenings.record(session, cast.patient, moment="session", answers={"rf_cauda_bowel": "yes"}, now=now)

    with pytest.raises(Refused):
        screenings.clear(session, cast.patient, by=cast.patient.account, checked_on=now.date(), now=now)
    assert cast.patient.block == "all"
    screenings.clear(session, cast.patient, by=cast.therapist, checked_on=now.date(), now=now)

    assert cast.patient.block == "none"


@pytest.mark.parametrize("checked_on", [date(2026, 11, 17), date(2026, 11, 19)])
def test_the_check_cannot_lie_before_the_answer_or_in_the_future(session: Session, now: datetime, checked_on: date) -> None:
    patient = makers.cast(session).alone
    screenings.record(session, patient, moment="session", answers={"rf_fever": "yes"}, now=now)

    with pytest.raises(Refused):
        screenings.clear(session, patient, by=patient.account, checked_on=checked_on, now=now)


def test_unknown_questions_and_answers_are_not_stored(session: Session, now: datetime) -> None:
    patient = makers.cast(session).alone

    screening = screenings.record(session, patient, moment="intake", answers={"rf_fever": "perhaps", "x": "yes"}, now=now)

    assert screening.answers == {}

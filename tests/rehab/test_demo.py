"""Does the demo clinic show what it promises, by the real rules?"""

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab import clock, demo, demo_cast
from rehab.models import Account, Flag, Patient, PatientDay


@pytest.fixture
def filled(session: Session, now: datetime) -> Session:
    """The demo clinic on each database."""
    assert demo.fill(session, now=now)
    return session


def _flags(db: Session, key: str) -> dict[str, str]:
    email = demo_cast.SIGN_INS[key].email
    patient = db.scalars(sa.select(Patient).join(Account, Account.id == Patient.account_id).where(Account.email == email)).one()
    rows = db.scalars(sa.select(Flag).where(Flag.patient_id == patient.id, Flag.resolved_at.is_(None)))
    return {flag.rule: flag.level for flag in rows}


def test_the_worsening_patient_is_flagged_and_the_others_are_not(filled: Session) -> None:
    assert _flags(filled, "worsening")["worsening"] in {"book", "urgent"}
    for key in ("improving", "alone", "new"):
        assert not set(_flags(filled, key)) & {"worsening", "silence", "red-flag"}, key


def test_the_silent_patient_is_flagged_for_silence(filled: Session) -> None:
    assert "silence" in _flags(filled, "silent")


def test_filling_twice_changes_nothing(filled: Session, now: datetime) -> None:
    before = filled.scalar(sa.select(sa.func.count()).select_from(PatientDay))

    assert demo.fill(filled, now=now) is False

    assert filled.scalar(sa.select(sa.func.count()).select_from(PatientDay)) == before


@pytest.mark.parametrize("month", range(1, 13))
def test_the_demo_works_in_every_month(sqlite_engine: sa.Engine, month: int) -> None:
    with Session(sqlite_engine) as session:
        now = datetime(2027, month, 28, 15, 0, tzinfo=clock.now().tzinfo)
        demo.fill(session, now=now)

        assert "worsening" in _flags(session, "worsening")
        assert "silence" in _flags(session, "silent")

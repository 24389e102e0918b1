"""How is a letter kept once it was made?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from rehab.models import Account, AuditEntry, Flag, Patient, Referral


def make(
    db: Session, patient: Patient, *, by: Account, content: dict[str, Any], now: datetime, flag: Flag | None = None
) -> Referral:
    """Keep the letter as it stood (``queries.letter.build(...).content``), so that a reprint says the same."""
    referral = Referral(patient_id=patient.id, flag_id=flag.id if flag else None, made_by_id=by.id, made_at=now, content=content)
    db.add(referral)
    db.add(AuditEntry(at=now, actor_id=by.id, patient_id=patient.id, action="letter-made", details={}))
    db.flush()
    return referral

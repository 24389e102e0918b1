"""How does a therapist's note get onto a patient's page?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from rehab.errors import Refused
from rehab.models import Account, AuditEntry, Note, Patient

LONGEST = 4000


def add(db: Session, patient: Patient, *, by: Account, text: str, now: datetime) -> Note:
    """Keep a note. Raises Refused for an empty or very long one."""
    text = text.strip()
    if not text:
        raise Refused("empty", "The note is empty.", field="text")
    if len(text) > LONGEST:
        raise Refused("too-long", f"A note has at most {LONGEST} characters; this one has {len(text)}.", field="text")
    note = Note(patient_id=patient.id, author_id=by.id, text=text, written_at=now)
    db.add(note)
    db.add(AuditEntry(at=now, actor_id=by.id, patient_id=patient.id, action="note-written", details={}))
    db.flush()
    return note

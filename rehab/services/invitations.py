"""How does a therapist ask a patient to join?

The link's token is handed out once and never stored; only its hash is. A lost link is replaced by a
new one, which ends the old.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from rehab import auth
from rehab.errors import Refused
from rehab.models import Account, Invitation

VALID_DAYS = 30
MOST_OPEN = 200  # per therapist: a slip or a stolen session must not make thousands


@dataclass(frozen=True, slots=True)
class Made:
    """A new invitation with the token that opens it; the token is not kept anywhere."""

    invitation: Invitation
    token: str


def make(db: Session, therapist: Account, *, name: str, email: str = "", now: datetime) -> Made:
    """Invite a patient to ``therapist``. Raises Refused without a clinic or with too many open invitations."""
    if therapist.clinic_id is None:
        raise Refused("no-clinic", "Only somebody who works in a clinic can invite.")
    waiting = sa.select(sa.func.count()).where(
        Invitation.therapist_id == therapist.id, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )  # fmt: skip
    if (db.scalar(waiting) or 0) >= MOST_OPEN:
        raise Refused("too-many", f"There are {MOST_OPEN} open invitations already. Withdraw some first.", field="name")
    token = _token()
    invitation = Invitation(
        token_hash=auth.token_hash(token), clinic_id=therapist.clinic_id, therapist_id=therapist.id,
        patient_name=name.strip(), email=email.strip().lower(), created_at=now, expires_at=now + timedelta(days=VALID_DAYS),
    )  # fmt: skip
    db.add(invitation)
    db.flush()
    return Made(invitation, token)


def renew(db: Session, invitation: Invitation, *, now: datetime) -> Made:
    """A new link for somebody who lost theirs; the old one ends. Raises Refused when it was used or withdrawn."""
    if invitation.accepted_at is not None:
        raise Refused("accepted", f"{invitation.patient_name} has already joined.")
    if invitation.revoked_at is not None:
        raise Refused("revoked", "This invitation was withdrawn. Make a new one.")
    token = _token()
    invitation.token_hash, invitation.expires_at = auth.token_hash(token), now + timedelta(days=VALID_DAYS)
    db.flush()
    return Made(invitation, token)


def revoke(db: Session, invitation: Invitation, *, now: datetime) -> None:
    """Withdraw an invitation: its link stops working at once."""
    if invitation.accepted_at is not None:
        raise Refused("accepted", f"{invitation.patient_name} has already joined.")
    invitation.revoked_at = invitation.revoked_at or now
    db.flush()


def _token() -> str:
    return secrets.token_urlsafe(24)

"""Whom do we tell what, and what became of each message?

Telling is a row, written in the transaction of the fact it tells; a worker claims it, sends it after
the commit and settles it. The dedupe key makes a second writing, and the claim a second sending,
impossible; only a worker that dies between sending and settling can send the same message again.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rehab.delivery import Mail, Outcome, Push, push_crypto
from rehab.models import Account, Flag, Notification, Patient, Plan, PushSubscription
from rehab.models.account import Role
from rehab.models.flag import LEVELS
from rehab.notifications import KINDS, words

CHANNELS = ("push", "email")
#: How long we wait after the first, second … failed try; after the last one we give up.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
TRIES = len(BACK_OFF) + 1
#: A claim older than this belongs to a worker that died.
STALE_AFTER = timedelta(minutes=5)
#: A therapist often changes several things in a row; the patient hears once, of the last.
SETTLING_TIME = timedelta(minutes=5)
TODAY_LEVELS = {"urgent", "emergency"}


def enqueue(
    db: Session, account: Account, kind: str, *, dedupe_key: str, now: datetime, channels: Sequence[str] = ("email",),
    payload: Mapping[str, Any] | None = None, patient: Patient | None = None, due_at: datetime | None = None,
) -> int:  # fmt: skip
    """Write one row per channel and return how many were new. A key that exists changes nothing.

    Raises KeyError for an unknown kind, or for a payload that lacks a part of the kind's link.
    """
    payload = dict(payload or {})
    KINDS[kind].link(payload, base_url="")
    if account.disabled_at is not None:
        return 0
    rows = [
        {
            "id": uuid.uuid4(), "account_id": account.id, "patient_id": patient.id if patient else None, "kind": kind,
            "channel": channel, "dedupe_key": f"{dedupe_key}:{channel}", "payload": payload, "created_at": now,
            "next_attempt_at": due_at or now, "attempts": 0, "state": "pending", "last_error": "",
        }
        for channel in channels
    ]  # fmt: skip
    if not rows:
        return 0
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(Notification).values(rows).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return len(db.scalars(insert.returning(Notification.id)).all())


def channels_of(db: Session, account: Account) -> tuple[str, ...]:
    """The ways to reach an account: always e-mail, and push once a browser agreed. One query."""
    return CHANNELS if _has_browser(db, account.id) else ("email",)


def channels_of_patient(db: Session, patient: Patient, *, must_arrive: bool = False) -> tuple[str, ...]:
    """The ways this patient wants to be told; when ``must_arrive``, e-mail if there is no other. One query."""
    wanted = [("push", patient.remind_by_push and _has_browser(db, patient.account_id)), ("email", patient.remind_by_email)]
    chosen = tuple(channel for channel, yes in wanted if yes)
    return chosen or (("email",) if must_arrive else ())


def announce_flag(db: Session, flag: Flag, *, now: datetime) -> int:
    """Tell the people a flag concerns, once per flag and level. Returns how many rows are new.

    The lowest level stays with the patient; an answer to a safety question was shown on the phone at
    once, so only staff hear of it again. Without a therapist the patient alone is told. Source: brief §6.4.
    """
    patient = db.get_one(Patient, flag.patient_id)
    written = 0
    if LEVELS.index(flag.level) >= LEVELS.index("check_in"):
        today = flag.rule == "red-flag" or flag.level in TODAY_LEVELS
        payload = {"patient_id": str(patient.id), "flag_id": str(flag.id)}
        for account in _staff(db, patient):
            written += enqueue(
                db, account, "red-flag" if today else "flag-raised", channels=channels_of(db, account),
                dedupe_key=f"flag:{flag.id}:{flag.level}:{_answers(flag)}:{account.id}", payload=payload, patient=patient, now=now,
            )  # fmt: skip
    return written + _tell_patient(db, flag, patient, now=now)


def announce_plan_change(db: Session, patient: Patient, plan: Plan, *, now: datetime) -> int:
    """Tell a patient that somebody else changed their plan; a newer change replaces news not yet sent."""
    waiting = sa.update(Notification).where(
        Notification.patient_id == patient.id, Notification.kind == "plan-changed", Notification.state == "pending"
    )
    db.execute(waiting.values(state="cancelled", last_error="newer-plan"))
    return enqueue(
        db, db.get_one(Account, patient.account_id), "plan-changed", channels=channels_of_patient(db, patient),
        dedupe_key=f"plan:{plan.id}", patient=patient, due_at=now + SETTLING_TIME, now=now,
    )  # fmt: skip


def announce_invitation(
    db: Session, therapist: Account, *, invitation_id: uuid.UUID, to: str, name: str, token: str, until: str, now: datetime,
    clinic: str = "",
) -> int:  # fmt: skip
    """Send an invitation to an address that has no account yet. The token leaves the row once it was sent."""
    payload = {"to": to, "name": name, "token": token, "until": until, "from_name": therapist.name, "clinic": clinic}
    return enqueue(db, therapist, "invitation", dedupe_key=f"invitation:{invitation_id}", payload=payload, now=now)


def announce_sign_in_link(db: Session, account: Account, *, link_id: uuid.UUID, token: str, now: datetime) -> int:
    """Send a link that signs in once. The token leaves the row once it was sent."""
    return enqueue(db, account, "sign-in-link", dedupe_key=f"sign-in:{link_id}", payload={"token": token}, now=now)


def claim(db: Session, *, channel: str, worker: str, now: datetime) -> Notification | None:
    """Take the row that is due longest, or None. The caller commits before sending.

    One conditional update: of two workers one gets the row. A claim whose worker died is taken back.
    """
    due = sa.or_(
        sa.and_(Notification.state == "pending", Notification.next_attempt_at <= now),
        sa.and_(Notification.state == "sending", Notification.claimed_at < now - STALE_AFTER),
    )
    first = (
        sa.select(Notification.id).where(due, Notification.channel == channel).order_by(Notification.next_attempt_at)
        .limit(1).with_for_update(skip_locked=True)
    )  # fmt: skip
    taken = sa.update(Notification).where(Notification.id == first.scalar_subquery(), due)
    values = {"state": "sending", "claimed_by": worker, "claimed_at": now, "attempts": Notification.attempts + 1}
    query = taken.values(values).returning(Notification)
    return db.scalar(query.execution_options(synchronize_session=False, populate_existing=True))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be sent for a claimed row: mails or pushes; or, with none of both, why nothing is."""

    mails: tuple[Mail, ...] = ()
    pushes: tuple[tuple[uuid.UUID, Push], ...] = ()  # with the subscription's id
    reason: str = ""


def prepare(db: Session, row: Notification, *, base_url: str, now: datetime) -> Prepared:
    """The finished message of a claimed row, read before sending so that no transaction stays open."""
    account = db.get_one(Account, row.account_id)
    kind = KINDS.get(row.kind)
    if kind is None or account.disabled_at is not None or row.attempts > TRIES:
        return Prepared(reason="unknown-kind" if kind is None else "disabled" if account.disabled_at else "gave-up")
    if now - row.created_at > kind.useful:
        return Prepared(reason="too-late")
    if row.channel == "email":
        name = str(row.payload.get("name", account.name))
        letter = words.letter(kind, row.payload, name=name, base_url=base_url)
        to = str(row.payload.get("to", account.email))
        mail = Mail(str(row.id), kind.name, to, letter.subject, letter.text, letter.html, letter.settings_url, now)
        return Prepared(mails=(mail,))
    content = json.dumps(words.push(kind, row.payload), ensure_ascii=False, separators=(",", ":")).encode()
    left = max(int((row.created_at + kind.useful - now).total_seconds()), 60)
    reached = set(row.payload.get("reached", ()))
    pushes = tuple(
        (browser.id, Push(browser.endpoint, browser.p256dh, browser.auth, content, left, kind.urgency, _topic(row), now))
        for browser in _browsers(db, row.account_id)
        if str(browser.id) not in reached
    )
    return Prepared(pushes=pushes, reason="" if pushes else "no-browser")


def settle_mail(db: Session, row: Notification, outcome: Outcome, *, now: datetime) -> str:
    """Record what became of a mail and return the row's new state."""
    if outcome.state == "sent":
        return _close(db, row, "sent", now=now)
    if outcome.state == "retry":
        return _try_later(db, row, outcome, now=now)
    return _close(db, row, "failed", error=outcome.code, now=now)


def settle_pushes(db: Session, row: Notification, outcomes: Mapping[uuid.UUID, Outcome], *, now: datetime) -> str:
    """Record what became of each browser's message: forget browsers that are gone, try again only those not reached."""
    gone = [browser for browser, outcome in outcomes.items() if outcome.state == "gone"]
    if gone:
        db.execute(sa.update(PushSubscription).where(PushSubscription.id.in_(gone)).values(dropped_at=now))
    reached = [*row.payload.get("reached", ()), *(str(b) for b, outcome in outcomes.items() if outcome.state == "sent")]
    later = [outcome for outcome in outcomes.values() if outcome.state == "retry"]
    if later:
        longest = max(later, key=lambda outcome: outcome.retry_after_seconds or 0)
        return _try_later(db, row, longest, payload=row.payload | {"reached": reached}, now=now)
    if reached:
        return _close(db, row, "sent", now=now)
    refused = [outcome.code for outcome in outcomes.values() if outcome.state == "refused"]
    return _close(db, row, "failed" if refused else "cancelled", error=refused[0] if refused else "no-browser", now=now)


def cancel(db: Session, row: Notification, *, reason: str, now: datetime) -> str:
    """Close a claimed row without sending."""
    return _close(db, row, "failed" if reason == "gave-up" else "cancelled", error=reason, now=now)


def put_back(db: Session, row: Notification, *, now: datetime) -> str:
    """A claimed row whose sending broke in our own code: later again, as after any failure."""
    return _try_later(db, row, Outcome("retry", "internal"), now=now)


def _staff(db: Session, patient: Patient) -> Sequence[Account]:
    """The therapist; when they left, the leads of the clinic, so that no flag falls silent."""
    if patient.therapist_id is None:
        return ()
    therapist = db.get_one(Account, patient.therapist_id)
    if therapist.disabled_at is None:
        return (therapist,)
    leads = sa.select(Account).where(
        Account.clinic_id == patient.clinic_id, Account.role == Role.CLINIC_LEAD, Account.disabled_at.is_(None)
    )
    return db.scalars(leads).all()


def _tell_patient(db: Session, flag: Flag, patient: Patient, *, now: datetime) -> int:
    if flag.rule == "red-flag":
        return 0
    kind = "silence-nudge" if flag.rule.startswith(("silence", "stopped")) else "worsening"
    must_arrive = LEVELS.index(flag.level) >= LEVELS.index("book")
    return enqueue(
        db, db.get_one(Account, patient.account_id), kind, dedupe_key=f"flag:{flag.id}:{flag.level}:patient",
        channels=channels_of_patient(db, patient, must_arrive=must_arrive), patient=patient,
        due_at=now if flag.level in TODAY_LEVELS else _in_the_day(patient, now), payload={"flag_id": str(flag.id)}, now=now,
    )  # fmt: skip


def _answers(flag: Flag) -> int:
    """How many safety answers the flag holds: a new one on the same level is told again."""
    return len(flag.evidence.get("answers", ()))


def _in_the_day(patient: Patient, now: datetime) -> datetime:
    """``now``, or the next nine o'clock in the morning when it is evening or night where the patient lives."""
    from_hour, to_hour = 9, 20
    hour = now.astimezone(ZoneInfo(patient.time_zone)).hour
    if from_hour <= hour < to_hour:
        return now
    return now + timedelta(hours=(from_hour - hour) % 24)


def _has_browser(db: Session, account_id: uuid.UUID) -> bool:
    live = sa.select(PushSubscription.id).where(PushSubscription.account_id == account_id, PushSubscription.dropped_at.is_(None))
    return db.scalar(live.limit(1)) is not None


def _browsers(db: Session, account_id: uuid.UUID) -> Sequence[PushSubscription]:
    live = sa.select(PushSubscription).where(PushSubscription.account_id == account_id, PushSubscription.dropped_at.is_(None))
    return db.scalars(live.order_by(PushSubscription.created_at)).all()


def _topic(row: Notification) -> str:
    """At most 32 URL-safe letters; equal for the tries of one message, so that a phone shows it once."""
    return push_crypto.b64(row.id.bytes)


def _try_later(
    db: Session, row: Notification, outcome: Outcome, *, now: datetime, payload: dict[str, Any] | None = None
) -> str:
    if row.attempts >= TRIES:
        return _close(db, row, "failed", error=outcome.code, now=now)
    wait = max(BACK_OFF[row.attempts - 1], timedelta(seconds=outcome.retry_after_seconds or 0))
    values: dict[str, Any] = {"state": "pending", "next_attempt_at": now + wait, "last_error": outcome.code[:200]}
    return _write(db, row, values if payload is None else values | {"payload": payload})


def _close(db: Session, row: Notification, state: str, *, now: datetime, error: str = "") -> str:
    kind = KINDS.get(row.kind)
    kept = {key: value for key, value in row.payload.items() if kind is None or key not in kind.forget}
    sent_at = now if state == "sent" else None
    return _write(db, row, {"state": state, "sent_at": sent_at, "last_error": error[:200], "payload": kept})


def _write(db: Session, row: Notification, values: dict[str, Any]) -> str:
    """Settle only what is still ours: a slow worker must not overwrite the one that took the row over."""
    still_ours = sa.update(Notification).where(
        Notification.id == row.id, Notification.state == "sending",
        Notification.claimed_by == row.claimed_by, Notification.claimed_at == row.claimed_at,
    )  # fmt: skip
    query = still_ours.values(values | {"claimed_by": None, "claimed_at": None})
    changed = db.scalar(query.returning(Notification.id).execution_options(synchronize_session=False))
    return str(values["state"]) if changed is not None else "lost"

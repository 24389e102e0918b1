"""How does a row that waits become a message that left?

Claim, commit, send, settle, commit: one row at a time, and nothing leaves the house inside a
transaction. E-mail and push are separate passes, so that a slow mail server delays no phone.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from rehab.delivery import MailSender, Outcome, PushSender
from rehab.jobs.items import OneItem
from rehab.models import Notification
from rehab.services import notifications, reminders

log = logging.getLogger("rehab.worker")
AT_MOST = 500  # rows in one pass; the next pass is seconds away
#: After such an answer the next mail would wait as long for nothing.
NO_SERVER = {"smtp-connection", "smtp-sign-in"}
Send = Callable[[notifications.Prepared], dict[uuid.UUID, Outcome]]


def deliver_mails(
    sessions: sessionmaker[Session], sender: MailSender, *, worker: str, base_url: str, now: datetime,
    stopping: threading.Event | None = None,
) -> int:  # fmt: skip
    """Send the e-mails that are due and return how many left. Ends early when the mail server does not answer."""
    sent = 0
    try:
        for _ in range(AT_MOST):
            if stopping is not None and stopping.is_set():
                break
            outcome = _one(sessions, "email", _mail(sender), worker=worker, base_url=base_url, now=now)
            if outcome is None:
                break
            state, code = outcome
            sent += state == "sent"
            if code in NO_SERVER:
                break
    finally:
        sender.close()
    return sent


def deliver_pushes(
    sessions: sessionmaker[Session], sender: PushSender, *, worker: str, base_url: str, now: datetime,
    stopping: threading.Event | None = None,
) -> int:  # fmt: skip
    """Send the push messages that are due and return how many rows left."""
    sent = 0
    for _ in range(AT_MOST):
        if stopping is not None and stopping.is_set():
            break
        outcome = _one(sessions, "push", _push(sender), worker=worker, base_url=base_url, now=now)
        if outcome is None:
            break
        sent += outcome[0] == "sent"
    return sent


def _one(
    sessions: sessionmaker[Session], channel: str, send: Send, *, worker: str, base_url: str, now: datetime
) -> tuple[str, str] | None:
    """Deliver the row that is due longest. Returns its new state and the code, or None when nothing is due."""
    with sessions() as db:
        row = notifications.claim(db, channel=channel, worker=worker, now=now)
        db.commit()
        if row is None:
            return None
        with OneItem(db, channel, row.id) as item:
            state, code = _deliver(db, row, send, base_url=base_url, now=now)
            log.info("%s %s %s: %s %s", channel, row.kind, row.id, state, code)
            return state, code
        if item.failed:
            notifications.put_back(db, row, now=now)
            db.commit()
        return "pending", "internal"


def _deliver(db: Session, row: Notification, send: Send, *, base_url: str, now: datetime) -> tuple[str, str]:
    prepared = notifications.prepare(db, row, base_url=base_url, now=now)
    if row.kind == reminders.KIND and not reminders.is_still_wanted(db, row, now=now):
        prepared = notifications.Prepared(reason="not-wanted")
    db.commit()  # the read transaction ends before anything leaves the house
    if prepared.reason:
        state = notifications.cancel(db, row, reason=prepared.reason, now=now)
        db.commit()
        return state, prepared.reason
    outcomes = send(prepared)
    if row.channel == "email":
        state = notifications.settle_mail(db, row, outcomes[row.id], now=now)
    else:
        state = notifications.settle_pushes(db, row, outcomes, now=now)
    db.commit()
    return state, ",".join(sorted({outcome.code for outcome in outcomes.values() if outcome.code}))


def _mail(sender: MailSender) -> Send:
    return lambda prepared: {uuid.UUID(mail.id): sender.send(mail) for mail in prepared.mails}


def _push(sender: PushSender) -> Send:
    return lambda prepared: {browser: sender.send(push) for browser, push in prepared.pushes}

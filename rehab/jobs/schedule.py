"""Which jobs are there, and how often does each run? One table; each job may run twice and acts once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker

from rehab import limits
from rehab.config import Config
from rehab.delivery import MailSender, PushSender
from rehab.jobs import deliveries, reviews
from rehab.models import Heartbeat
from rehab.services import reminders

log = logging.getLogger("rehab.worker")


@dataclass(frozen=True, slots=True)
class Worker:
    """What a job needs: settings, database, senders, its own name, and whether it should stop."""

    config: Config
    sessions: sessionmaker[Session]
    mail: MailSender
    push: PushSender
    name: str
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the table. ``run`` gets the worker and the instant and returns how much it did."""

    name: str
    run: Callable[[Worker, datetime], int]
    every_seconds: int


def heartbeat(worker: Worker, now: datetime) -> int:
    """Say that this worker is alive."""
    with worker.sessions() as db:
        dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
        row = dialect.insert(Heartbeat).values(name=worker.name, at=now)
        db.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": now}))
        db.commit()
    return 1


def remind(worker: Worker, now: datetime) -> int:
    """Write the reminders whose time has come."""
    with worker.sessions() as db:
        written = reminders.plan_due(db, now=now)
        db.commit()
    return written


def deliver_push(worker: Worker, now: datetime) -> int:
    """Send push messages."""
    return deliveries.deliver_pushes(
        worker.sessions, worker.push, worker=worker.name, base_url=worker.config.base_url, now=now, stopping=worker.stopping
    )


def deliver_email(worker: Worker, now: datetime) -> int:
    """Send e-mails."""
    return deliveries.deliver_mails(
        worker.sessions, worker.mail, worker=worker.name, base_url=worker.config.base_url, now=now, stopping=worker.stopping
    )


def review(worker: Worker, now: datetime) -> int:
    """Look at the patients whose day has ended."""
    return reviews.review_all(worker.sessions, now=now, stopping=worker.stopping)


def sweep(worker: Worker, now: datetime) -> int:
    """Delete counters of tries that are over and workers not heard of for a day."""
    with worker.sessions() as db:
        swept = limits.sweep(db, now=now)
        db.execute(sa.delete(Heartbeat).where(Heartbeat.at < now - timedelta(days=1)))
        db.commit()
    return swept


#: In the order of one round: what a review writes is sent in the same round.
JOBS = (
    Job("heartbeat", heartbeat, every_seconds=15),
    Job("review", review, every_seconds=600),
    Job("remind", remind, every_seconds=60),
    Job("push", deliver_push, every_seconds=5),
    Job("email", deliver_email, every_seconds=5),
    Job("sweep", sweep, every_seconds=3600),
)

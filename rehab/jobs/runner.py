"""How does the worker process run the jobs, and how does it stop?

APScheduler only keeps the beat, in memory; which work is due, and who does it, is decided by rows.
So several workers may run, and one that is killed loses nothing.
"""

from __future__ import annotations

import logging
import secrets
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.orm import Session, sessionmaker

from rehab import clock, db
from rehab.config import Config
from rehab.delivery import MailSender, PushSender, email, webpush
from rehab.jobs import items, schedule

log = logging.getLogger("rehab.worker")
PATIENCE_SECONDS = 1.5  # how long a stopping worker waits for a message that is on its way


def run(config: Config, stop_event: threading.Event | None = None) -> None:
    """Run the jobs until ``stop_event`` is set or SIGTERM or SIGINT comes; returns within two seconds of it."""
    stop = stop_event or threading.Event()
    _log_to_stderr(config)
    _stop_on_signals(stop)
    engine = db.make_engine(config.url)
    worker = make_worker(config, db.make_session_factory(engine), stopping=stop)
    scheduler = BackgroundScheduler(executors={"default": _Threads()}, timezone=UTC)
    for job in schedule.JOBS:
        scheduler.add_job(
            run_job_safely, "interval", args=(job, worker), seconds=job.every_seconds, id=job.name,
            next_run_time=clock.now(), max_instances=1, coalesce=True, misfire_grace_time=None,
        )  # fmt: skip
    scheduler.start()
    log.info("worker %s started", worker.name)
    stop.wait()
    scheduler.pause()
    _wait_for_running_jobs()
    scheduler.shutdown(wait=False)
    engine.dispose()
    log.info("worker %s stopped", worker.name)


def run_once(
    config: Config, now: datetime, *, sessions: sessionmaker[Session] | None = None, mail: MailSender | None = None,
    push: PushSender | None = None, jobs: Sequence[schedule.Job] = schedule.JOBS,
) -> Mapping[str, int]:  # fmt: skip
    """Run every job once, as if it were ``now``; returns how much each did. A job that breaks raises here."""
    engine = None if sessions is not None else db.make_engine(config.url)
    worker = make_worker(config, sessions or db.make_session_factory(engine), mail=mail, push=push)  # type: ignore[arg-type]
    done = {job.name: job.run(worker, now) for job in jobs}
    if engine is not None:
        engine.dispose()
    return done


def make_worker(
    config: Config, sessions: sessionmaker[Session], *, mail: MailSender | None = None, push: PushSender | None = None,
    stopping: threading.Event | None = None,
) -> schedule.Worker:  # fmt: skip
    """A worker with the senders of the settings, unless others are given. Makes the push keys on first start."""
    if push is None:
        with sessions() as session:
            keys = webpush.ensure_keys(session)
            session.commit()
        push = webpush.WebPushSender(config, keys)
    return schedule.Worker(
        config=config, sessions=sessions, mail=mail or email.sender(config), push=push,
        name=f"worker-{secrets.token_hex(4)}", stopping=stopping or threading.Event(),
    )  # fmt: skip


def run_job_safely(job: schedule.Job, worker: schedule.Worker) -> None:
    """Run one job now; whatever breaks is noted without its message and tried again at the next beat."""
    if worker.stopping.is_set():
        return
    with items.OneRound(job.name):
        done = job.run(worker, clock.now())
        log.log(logging.INFO if done and job.name != "heartbeat" else logging.DEBUG, "%s: %d", job.name, done)


class _Threads(BaseExecutor):
    """Runs each job in a daemon thread: a mail server that hangs must not keep a stopped worker alive."""

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        def work() -> None:
            events = run_job(job, job._jobstore_alias, run_times, "apscheduler.jobs")
            self._run_job_success(job.id, events)

        threading.Thread(target=work, name=f"job-{job.id}", daemon=True).start()


def _wait_for_running_jobs() -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    for thread in threading.enumerate():
        if thread.name.startswith("job-"):
            thread.join(max(0.0, deadline - time.monotonic()))


def _stop_on_signals(stop: threading.Event) -> None:
    if threading.current_thread() is not threading.main_thread():
        return  # Python hands signals to the main thread only; the caller owns the event

    def ask_to_stop(_number: int, _frame: object) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)


def _log_to_stderr(config: Config) -> None:
    logging.basicConfig(stream=sys.stderr, level=config.log_level.upper(), format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)

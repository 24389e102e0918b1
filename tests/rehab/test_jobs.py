"""Does the worker do each thing once, leave the broken aside, and stop when asked?"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from rehab import config
from rehab import db as database
from rehab.delivery import Mail, Outcome, memory
from rehab.jobs import deliveries, reviews, runner, schedule
from rehab.models import Account, Heartbeat, Notification, Patient, PushSubscription, TrendState
from rehab.services import notifications, patient_days, reminders, trends
from tests import makers
from tests.conftest import NOW
from tests.rehab.test_reminders import logged, planned

EIGHT = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


@pytest.fixture
def sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return database.make_session_factory(engine)


@pytest.fixture
def settings(tmp_path: Path) -> config.Config:
    return config.Config(data_folder=tmp_path)


def wait_for_mails(sessions: sessionmaker[Session], count: int) -> None:
    """That many mails that are due now."""
    with sessions() as db:
        account = makers.account(db)
        for number in range(count):
            notifications.enqueue(db, account, "worsening", dedupe_key=f"mail-{number}", now=NOW)
        db.commit()


def deliver(sessions: sessionmaker[Session], sender: memory.MemoryMail, *, now: datetime = NOW) -> int:
    return deliveries.deliver_mails(sessions, sender, worker="one", base_url="http://x", now=now)


def states(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as db:
        return sorted(db.scalars(sa.select(Notification.state)))


def test_what_is_due_is_sent_once_however_often_the_job_runs(sessions: sessionmaker[Session]) -> None:
    wait_for_mails(sessions, 3)
    sender = memory.MemoryMail()

    assert [deliver(sessions, sender), deliver(sessions, sender)] == [3, 0]
    assert len(sender.sent) == 3


def test_two_workers_send_every_mail_and_none_twice(sessions: sessionmaker[Session]) -> None:
    wait_for_mails(sessions, 30)
    senders = [memory.MemoryMail(), memory.MemoryMail()]
    start = threading.Barrier(2)

    def work(number: int) -> None:
        start.wait()
        deliveries.deliver_mails(sessions, senders[number], worker=f"worker-{number}", base_url="http://x", now=NOW)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    sent = [mail.id for sender in senders for mail in sender.sent]
    assert len(sent) == len(set(sent)) == 30
    assert states(sessions) == ["sent"] * 30


def test_a_mail_that_fails_waits_and_is_sent_later(sessions: sessionmaker[Session]) -> None:
    wait_for_mails(sessions, 1)
    sender = memory.MemoryMail([Outcome("retry", "smtp-451")])

    assert deliver(sessions, sender) == 0
    assert deliver(sessions, sender, now=NOW + timedelta(seconds=59)) == 0
    assert deliver(sessions, sender, now=NOW + timedelta(minutes=1)) == 1
    assert len(sender.tries) == 2


def test_a_mail_server_that_is_away_costs_one_try_not_one_per_mail(sessions: sessionmaker[Session]) -> None:
    wait_for_mails(sessions, 5)
    sender = memory.MemoryMail([Outcome("retry", "smtp-connection")])

    deliver(sessions, sender)

    assert len(sender.tries) == 1


def test_one_mail_that_breaks_our_code_leaves_the_others_alone(
    sessions: sessionmaker[Session], caplog: pytest.LogCaptureFixture
) -> None:
    wait_for_mails(sessions, 3)

    class Broken(memory.MemoryMail):
        def send(self, mail: Mail) -> Outcome:
            if not self.tries:
                self.tries.append(mail)
                raise RuntimeError("a sentence with a secret")
            return super().send(mail)

    with caplog.at_level(logging.INFO, "rehab.worker"):
        assert deliver(sessions, Broken()) == 2

    assert states(sessions) == ["pending", "sent", "sent"]
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_no_transaction_is_open_while_a_mail_leaves_the_house(sqlite_engine: sa.Engine) -> None:
    sessions = database.make_session_factory(sqlite_engine)
    wait_for_mails(sessions, 1)

    class Writer(memory.MemoryMail):
        def send(self, mail: Mail) -> Outcome:
            with sqlite_engine.begin() as other:  # would wait 15 seconds for a lock otherwise
                other.execute(sa.insert(Heartbeat).values(name="other", at=NOW))
            return super().send(mail)

    started = time.monotonic()
    assert deliver(sessions, Writer()) == 1
    assert time.monotonic() - started < 5


def test_a_dead_mail_server_delays_no_phone(sessions: sessionmaker[Session], settings: config.Config) -> None:
    with sessions() as db:
        account = makers.account(db)
        db.add(PushSubscription(account_id=account.id, endpoint="https://push.invalid/1", p256dh="k", auth="a", created_at=NOW))
        notifications.enqueue(db, account, "worsening", channels=("email", "push"), dedupe_key="k", now=NOW)
        db.commit()
    mail, push = memory.MemoryMail([Outcome("retry", "smtp-connection")]), memory.MemoryPush()

    done = runner.run_once(settings, NOW, sessions=sessions, mail=mail, push=push)

    assert (done["push"], done["email"]) == (1, 0)
    assert push.sent[0].content.startswith(b'{"title":"How is it going?"')
    assert push.sent[0].ttl_seconds == 3 * 86400


def test_a_reminder_is_not_sent_when_the_session_was_logged_meanwhile(sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        patient = planned(db)
        assert reminders.plan_due(db, now=EIGHT) == 1
        logged(db, patient, EIGHT.date())
        db.commit()

    sender = memory.MemoryMail()
    assert deliver(sessions, sender, now=EIGHT) == 0
    assert (states(sessions), sender.tries) == (["cancelled"], [])


def test_the_logs_hold_ids_and_codes_only(sessions: sessionmaker[Session], caplog: pytest.LogCaptureFixture) -> None:
    with sessions() as db:
        account = makers.account(db, name="Ada Lindgren")
        notifications.enqueue(db, account, "worsening", dedupe_key="k", now=NOW)
        db.commit()

    with caplog.at_level(logging.DEBUG, "rehab.worker"):
        deliver(sessions, memory.MemoryMail())

    assert "email worsening" in caplog.text
    assert "Ada" not in caplog.text and account.email not in caplog.text


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, uuid.UUID, date]]]:
    """Which reviews and refreshes were asked for; their own tests show what they do."""
    seen: list[tuple[str, uuid.UUID, date]] = []

    def review(db: Session, patient: Patient, *, as_of: date, now: datetime) -> None:
        if patient.name == "Broken":
            raise ZeroDivisionError
        seen.append(("review", patient.id, as_of))
        db.merge(TrendState(patient_id=patient.id, as_of=as_of - timedelta(days=1), state={}))

    def refresh(_db: Session, patient: Patient, *, from_on: date, as_of: date) -> None:
        seen.append(("refresh", patient.id, from_on))

    monkeypatch.setattr(trends, "review", review)
    monkeypatch.setattr(patient_days, "refresh", refresh)
    yield seen


def test_everybody_is_reviewed_once_a_night_when_yesterday_is_closed(
    sessions: sessionmaker[Session], reviewed: list[tuple[str, uuid.UUID, date]]
) -> None:
    with sessions() as db:
        patient = makers.patient(db)
        db.commit()
    night = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)

    assert reviews.review_all(sessions, now=night - timedelta(minutes=1)) == 0
    assert reviews.review_all(sessions, now=night) == 1
    assert reviews.review_all(sessions, now=night + timedelta(hours=12)) == 0
    assert reviews.review_all(sessions, now=night + timedelta(days=3)) == 1

    assert reviewed == [
        ("refresh", patient.id, patient.started_on), ("review", patient.id, date(2026, 11, 18)),
        ("refresh", patient.id, date(2026, 11, 17)), ("review", patient.id, date(2026, 11, 21)),
    ]  # fmt: skip


def test_night_falls_at_home(sessions: sessionmaker[Session], reviewed: list[tuple[str, uuid.UUID, date]]) -> None:
    with sessions() as db:
        makers.patient(db, time_zone="Pacific/Auckland")
        makers.patient(db, time_zone="America/Los_Angeles")
        db.commit()
    now = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)  # 03:00 on the 19th in Auckland, 06:00 on the 18th in Los Angeles

    assert reviews.review_all(sessions, now=now) == 2
    assert sorted(day for what, _, day in reviewed if what == "review") == [date(2026, 11, 18), date(2026, 11, 19)]


def test_who_was_just_reviewed_by_a_log_or_starts_today_is_left_alone(
    sessions: sessionmaker[Session], reviewed: list[tuple[str, uuid.UUID, date]]
) -> None:
    with sessions() as db:
        makers.patient(db, started_on=NOW.date())
        fresh = makers.patient(db)
        db.add(TrendState(patient_id=fresh.id, as_of=NOW.date() - timedelta(days=1), state={}))
        gone = makers.patient(db)
        gone.account.disabled_at = NOW
        db.commit()

    assert reviews.review_all(sessions, now=NOW) == 0
    assert reviewed == []


def test_one_broken_diary_leaves_the_others_reviewed(
    sessions: sessionmaker[Session], reviewed: list[tuple[str, uuid.UUID, date]], caplog: pytest.LogCaptureFixture
) -> None:
    with sessions() as db:
        makers.patient(db, name="Broken")
        for _ in range(3):
            makers.patient(db)
        db.commit()

    assert reviews.review_all(sessions, now=NOW) == 3
    assert "ZeroDivisionError" in caplog.text
    assert "Broken" not in caplog.text
    with sessions() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(TrendState)) == 3


def test_a_whole_round_twice_acts_once(
    sessions: sessionmaker[Session], settings: config.Config, reviewed: list[tuple[str, uuid.UUID, date]]
) -> None:
    with sessions() as db:
        planned(db)
        db.commit()
    mail = memory.MemoryMail()

    first = runner.run_once(settings, EIGHT, sessions=sessions, mail=mail, push=memory.MemoryPush())
    second = runner.run_once(settings, EIGHT, sessions=sessions, mail=mail, push=memory.MemoryPush())

    assert first == {"heartbeat": 1, "review": 1, "remind": 1, "push": 0, "email": 1, "sweep": 0}
    assert second == {"heartbeat": 1, "review": 0, "remind": 0, "push": 0, "email": 0, "sweep": 0}
    assert [sent.subject for sent in mail.sent] == ["A few minutes for you today"]


def test_a_round_needs_nothing_but_settings(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    with database.make_session_factory(sqlite_engine)() as db:
        account: Account = makers.account(db)
        notifications.enqueue(db, account, "worsening", dedupe_key="k", now=NOW)
        db.commit()

    assert runner.run_once(config.Config(data_folder=tmp_path), NOW)["email"] == 1
    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_every_job_is_named_once_and_the_heartbeat_is_quick() -> None:
    names = [job.name for job in schedule.JOBS]

    assert len(names) == len(set(names))
    assert {job.name: job.every_seconds for job in schedule.JOBS} == {
        "heartbeat": 15, "review": 600, "remind": 60, "push": 5, "email": 5, "sweep": 3600,
    }  # fmt: skip


def test_a_running_worker_beats_delivers_and_stops_at_once(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    sessions = database.make_session_factory(sqlite_engine)
    wait_for_mails(sessions, 2)
    with sessions() as db:  # due now, by the real clock
        db.execute(sa.update(Notification).values(created_at=datetime.now(UTC), next_attempt_at=datetime.now(UTC)))
        db.commit()
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(config.Config(data_folder=tmp_path, log_level="WARNING"), stop))
    thread.start()

    deadline = time.monotonic() + 10
    while states(sessions) != ["sent", "sent"] and time.monotonic() < deadline:
        time.sleep(0.05)
    started = time.monotonic()
    stop.set()
    thread.join(5)

    assert not thread.is_alive() and time.monotonic() - started < 2
    assert states(sessions) == ["sent", "sent"]
    with sessions() as db:
        assert db.scalars(sa.select(Heartbeat.name)).one().startswith("worker-")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_within_two_seconds_even_while_a_mail_server_hangs(
    sqlite_engine: sa.Engine, tmp_path: Path, number: signal.Signals
) -> None:
    import socket

    sessions = database.make_session_factory(sqlite_engine)
    wait_for_mails(sessions, 1)
    with sessions() as db:
        db.execute(sa.update(Notification).values(created_at=datetime.now(UTC), next_attempt_at=datetime.now(UTC)))
        db.commit()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and never says a word
        program = (
            "from rehab import config; from rehab.jobs import runner; from pathlib import Path; "
            f"runner.run(config.Config(data_folder=Path({str(tmp_path)!r}), smtp_host='127.0.0.1', "
            f"smtp_port={silent.getsockname()[1]}))"
        )
        worker = subprocess.Popen([sys.executable, "-c", program], cwd=config.ROOT, env=dict(os.environ), stderr=subprocess.PIPE)
        silent.settimeout(20)
        connection, _ = silent.accept()

        started = time.monotonic()
        worker.send_signal(number)
        _, errors = worker.communicate(timeout=10)

        assert time.monotonic() - started < 2.5
        assert worker.returncode == 0, errors
        connection.close()
    assert states(sessions) == ["sending"]  # taken back by the next worker after five minutes

"""Does a mail arrive: at a real mail server, or as a file that a person can read?"""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask

from rehab import config, create_app
from rehab.delivery import Mail, Outcome, email
from tests import makers

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ID = "11111111-2222-3333-4444-555555555555"


def mail(**values: Any) -> Mail:
    standard = {
        "id": ID, "kind": "session-reminder", "to": "ines@example.invalid", "subject": "A few minutes for you today",
        "text": "Hello Inês,\n\nToday is one of your days.\n\nOpen today's session:\nhttp://127.0.0.1:8000/today\n",
        "html": "<p>Hello Inês</p>", "settings_url": "http://127.0.0.1:8000/account/settings", "at": NOW,
    }  # fmt: skip
    return Mail(**(standard | values))


class Inbox:
    """What the mail server took, and what it shall answer instead."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.recipient_answer = "250 OK"
        self.data_answer = "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.data_answer.startswith("250"):
            self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return self.data_answer


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[config.Config]:
    """A real SMTP server on this machine, and the settings that use it."""
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield config.Config(smtp_host="127.0.0.1", smtp_port=controller.port, smtp_starttls=False)
    controller.stop()


def test_a_mail_arrives_with_both_bodies_and_the_headers_that_good_senders_set(server: config.Config, inbox: Inbox) -> None:
    sender = email.sender(server)

    assert sender.send(mail()) == Outcome("sent")
    sender.close()

    mail_from, to, raw = inbox.mails[0]
    read = message_from_bytes(raw, policy=policy.default)
    assert (mail_from, to) == ("reminders@clinic.invalid", ["ines@example.invalid"])
    assert read["Subject"] == "A few minutes for you today"
    assert read["Message-ID"] == f"<{ID}@clinic.invalid>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Unsubscribe"] == "<http://127.0.0.1:8000/account/settings>"
    assert "Hello Inês" in read.get_body(("plain",)).get_content()
    assert "<p>Hello Inês</p>" in read.get_body(("html",)).get_content()


def test_many_mails_share_one_connection(server: config.Config, inbox: Inbox) -> None:
    sender = email.SmtpSender(server)

    for number in range(5):
        assert sender.send(mail(id=ID[:-1] + str(number))).state == "sent"
    connection = sender._smtp
    assert sender.send(mail()).state == "sent"

    assert sender._smtp is connection
    assert len(inbox.mails) == 6
    sender.close()


@pytest.mark.parametrize("recipient, data, expected", [
    ("550 no such person", "250 OK", Outcome("refused", "smtp-550")),
    ("451 later", "250 OK", Outcome("retry", "smtp-451")),
    ("250 OK", "554 no", Outcome("refused", "smtp-554")),
    ("250 OK", "452 full", Outcome("retry", "smtp-452")),
])  # fmt: skip
def test_a_refusal_for_good_and_one_for_now_are_told_apart(
    server: config.Config, inbox: Inbox, recipient: str, data: str, expected: Outcome
) -> None:
    inbox.recipient_answer, inbox.data_answer = recipient, data
    sender = email.sender(server)

    assert sender.send(mail()) == expected

    inbox.recipient_answer = inbox.data_answer = "250 OK"
    assert sender.send(mail()) == Outcome("sent")
    sender.close()


def test_a_server_that_is_away_means_later() -> None:
    sender = email.sender(config.Config(smtp_host="127.0.0.1", smtp_port=free_port(), smtp_starttls=False))

    assert sender.send(mail()) == Outcome("retry", "smtp-connection")


def test_a_connection_that_broke_is_opened_again(server: config.Config, inbox: Inbox) -> None:
    sender = email.SmtpSender(server)
    sender.send(mail())
    assert sender._smtp is not None and sender._smtp.sock is not None
    sender._smtp.sock.shutdown(socket.SHUT_RDWR)

    assert sender.send(mail()) == Outcome("retry", "smtp-connection")
    assert sender.send(mail()) == Outcome("sent")
    sender.close()


def test_a_password_never_goes_to_a_server_that_cannot_encrypt(inbox: Inbox) -> None:
    seen: list[LoginPassword] = []

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: LoginPassword) -> AuthResult:
        seen.append(login)
        return AuthResult(success=True)

    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), authenticator=authenticate, auth_require_tls=False)
    controller.start()
    try:
        settings = config.Config(smtp_host="127.0.0.1", smtp_port=controller.port, smtp_user="u", smtp_password="p")
        assert email.sender(settings).send(mail()).state == "retry"
    finally:
        controller.stop()

    assert (seen, inbox.mails) == ([], [])


@pytest.mark.parametrize("to", ["", "nobody", "@example.invalid", "a@b.invalid\r\nBcc: evil@example.invalid", "a b@c d"])
def test_what_cannot_be_an_address_is_refused_and_adds_no_header(tmp_path: Path, to: str) -> None:
    assert email.sender(config.Config(data_folder=tmp_path)).send(mail(to=to)) == Outcome("refused", "bad-address")


def test_without_a_mail_server_a_mail_is_a_file_that_reads_in_any_editor(tmp_path: Path) -> None:
    sender = email.sender(config.Config(data_folder=tmp_path))

    assert sender.send(mail()) == Outcome("sent")
    assert sender.send(mail()) == Outcome("sent")

    file = tmp_path / "mail" / f"20261118T090000Z-session-reminder-{ID}.eml"
    assert [entry.name for entry in (tmp_path / "mail").iterdir()] == [file.name]
    written = file.read_text("utf-8")
    assert "Hello Inês,\n\nToday is one of your days." in written
    assert "http://127.0.0.1:8000/today" in written
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_that_cannot_be_written_means_later(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / f"20261118T090000Z-session-reminder-{ID}.draft").mkdir()

    assert email.sender(config.Config(data_folder=tmp_path)).send(mail()) == Outcome("retry", "folder")


def test_the_demos_mailbox_lists_the_newest_first_and_opens_one(app: Flask) -> None:
    settings = app.config["REHAB"]
    email.sender(settings).send(mail())
    email.sender(settings).send(mail(at=NOW + timedelta(hours=1), subject="There is something <new>"))
    browser = makers.browser(app)

    page = browser.get("/account/mailbox").text
    assert page.index("something &lt;new&gt;") < page.index("A few minutes")

    name = email.saved(settings)[1].name
    one = browser.get(f"/account/mailbox/{name}").text
    assert "Today is one of your days." in one
    assert 'href="http://127.0.0.1:8000/today"' in one


@pytest.mark.parametrize("name", ["..%2Fsecret-key", "secret-key", "20261118T090000Z-x-1.eml", f"20261118T090000Z-x-{ID}.eml"])
def test_the_mailbox_opens_nothing_but_mails(app: Flask, name: str) -> None:
    assert makers.browser(app).get(f"/account/mailbox/{name}").status_code == 404


def test_a_real_site_has_no_mailbox(app: Flask, tmp_path: Path) -> None:
    real = create_app(config.Config(data_folder=tmp_path, demo=False))

    assert makers.browser(real).get("/account/mailbox").status_code == 404
    real.extensions["rehab_engine"].dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

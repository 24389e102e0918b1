"""How does an e-mail get out: over SMTP, or into a folder when no mail server is set?

A mail in the folder is a true message (``.eml``) whose plain text comes first and unencoded, so that
it reads in any editor. Its name comes from the notification: sending twice writes the same file.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from rehab.config import Config
from rehab.delivery import Mail, MailSender, Outcome

TIMEOUT_SECONDS = 10
TLS_FROM_THE_START = 465
SAVED = re.compile(r"\d{8}T\d{6}Z-[a-z-]+-[0-9a-f-]{36}\.eml")


def sender(config: Config) -> MailSender:
    """The sender that the settings ask for."""
    return SmtpSender(config) if config.smtp_host else FolderSender(config)


def folder(config: Config) -> Path:
    """Where mails are kept when no mail server is set."""
    return config.data_folder / "mail"


def message(mail: Mail, *, mail_from: str) -> EmailMessage:
    """The mail as a message. Raises ValueError for an address that cannot be one."""
    local, at, host = mail.to.rpartition("@")
    if not at or not local or not host or any(character.isspace() for character in mail.to):
        raise ValueError("not an address")
    built = EmailMessage(policy=policy.SMTP)
    built["From"] = mail_from
    built["To"] = Address(username=local, domain=host)
    built["Subject"] = mail.subject
    built["Date"] = format_datetime(mail.at)
    built["Message-ID"] = f"<{mail.id}@{mail_from.rpartition('@')[2].rstrip('> ') or 'localhost'}>"
    built["Auto-Submitted"] = "auto-generated"
    if mail.settings_url:
        built["List-Unsubscribe"] = f"<{mail.settings_url}>"
    built.set_content(mail.text, cte="8bit")
    built.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return built


class FolderSender:
    """Writes each mail into the data folder; only the operator may read it (links sign people in)."""

    def __init__(self, config: Config) -> None:
        self.folder = folder(config)
        self.mail_from = config.mail_from

    def send(self, mail: Mail) -> Outcome:
        """Write one file, at once or not at all."""
        try:
            content = message(mail, mail_from=self.mail_from).as_bytes(policy=policy.default)
        except ValueError:
            return Outcome("refused", "bad-address")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self.folder / f"{mail.at:%Y%m%dT%H%M%SZ}-{mail.kind}-{mail.id}.eml"
        draft = target.with_suffix(".draft")
        try:
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as handle:
                handle.write(content)
            draft.replace(target)
        except OSError:
            return Outcome("retry", "folder")
        return Outcome("sent")

    def close(self) -> None:
        """Nothing is held."""


class SmtpSender:
    """Sends over one connection, opened at the first mail and again after a failure."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._smtp: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> Outcome:
        """Hand one mail to the server. A refusal of 4xx means later, of 5xx means never."""
        try:
            built = message(mail, mail_from=self.config.mail_from)
        except ValueError:
            return Outcome("refused", "bad-address")
        try:
            self._connection().send_message(built)
        except smtplib.SMTPRecipientsRefused as refusal:
            return _refused(next(iter(refusal.recipients.values()))[0])
        except smtplib.SMTPAuthenticationError:
            self.close()
            return Outcome("retry", "smtp-sign-in")  # the operator mends it; the mail is fine
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, smtplib.SMTPHeloError):
            self.close()
            return Outcome("retry", "smtp-connection")
        except smtplib.SMTPResponseException as refusal:
            self.close()
            return _refused(refusal.smtp_code)
        except (smtplib.SMTPException, ssl.SSLError):
            self.close()
            return Outcome("retry", "smtp-protocol")
        except OSError:
            self.close()
            return Outcome("retry", "smtp-connection")
        return Outcome("sent")

    def close(self) -> None:
        """End the connection; the next mail opens a new one."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._connect()
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        config = self.config
        context = ssl.create_default_context()
        if config.smtp_port == TLS_FROM_THE_START:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                config.smtp_host, config.smtp_port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            smtp = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=TIMEOUT_SECONDS)
        try:
            if config.smtp_starttls and config.smtp_port != TLS_FROM_THE_START:
                smtp.starttls(context=context)
            if config.smtp_user:
                smtp.login(config.smtp_user, config.smtp_password)
        except (OSError, smtplib.SMTPException):
            smtp.close()
            raise
        return smtp


def _refused(code: int) -> Outcome:
    return Outcome("refused" if code >= 500 else "retry", f"smtp-{code}")


@dataclass(frozen=True, slots=True)
class SavedMail:
    """A mail in the folder, as the demo's mailbox shows it."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The text in its paragraphs."""
        return [part for part in self.text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def saved(config: Config, *, limit: int = 100) -> list[SavedMail]:
    """The newest mails of the folder, newest first; empty when none was written."""
    if not folder(config).is_dir():
        return []
    names = sorted((file.name for file in folder(config).iterdir() if SAVED.fullmatch(file.name)), reverse=True)
    return [mail for name in names[:limit] if (mail := saved_one(config, name)) is not None]


def saved_one(config: Config, name: str) -> SavedMail | None:
    """One mail of the folder by its file name, or None."""
    if not SAVED.fullmatch(name) or not (folder(config) / name).is_file():
        return None
    read = message_from_bytes((folder(config) / name).read_bytes(), policy=policy.default)
    body = read.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return SavedMail(name, str(read["To"]), str(read["Subject"]), parsedate_to_datetime(str(read["Date"])), text)

"""Which settings are there, and what is each one's default?

Every setting is an environment variable listed in ``.env.example`` (a house test keeps both equal).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one running process. ``from_env`` reads them; tests build their own."""

    data_folder: Path = ROOT / "data"
    database_url: str = ""
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    country: str = "GB"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_starttls: bool = True
    mail_from: str = "Stride <reminders@clinic.invalid>"
    vapid_contact: str = "mailto:operator@clinic.invalid"
    push_hosts: tuple[str, ...] = (
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "web.push.apple.com",
        "notify.windows.com",
    )
    secure_cookies: bool = False
    rate_limits: bool = True
    log_level: str = "INFO"

    @property
    def url(self) -> str:
        """The database address; an SQLite file in the data folder unless one is set."""
        return self.database_url or f"sqlite:///{self.data_folder / 'rehab.sqlite3'}"


#: Environment variable → field of ``Config``.
VARIABLES = {
    "REHAB_DATA": "data_folder",
    "REHAB_DATABASE_URL": "database_url",
    "REHAB_SECRET_KEY": "secret_key",
    "REHAB_BASE_URL": "base_url",
    "REHAB_DEMO": "demo",
    "REHAB_COUNTRY": "country",
    "REHAB_SMTP_HOST": "smtp_host",
    "REHAB_SMTP_PORT": "smtp_port",
    "REHAB_SMTP_USER": "smtp_user",
    "REHAB_SMTP_PASSWORD": "smtp_password",
    "REHAB_SMTP_STARTTLS": "smtp_starttls",
    "REHAB_MAIL_FROM": "mail_from",
    "REHAB_VAPID_CONTACT": "vapid_contact",
    "REHAB_PUSH_HOSTS": "push_hosts",
    "REHAB_SECURE_COOKIES": "secure_cookies",
    "REHAB_RATE_LIMITS": "rate_limits",
    "REHAB_LOG_LEVEL": "log_level",
}


def from_env(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the settings. Raises ValueError naming the variable whose value makes no sense."""
    values: dict[str, object] = {}
    for variable, name in VARIABLES.items():
        text = environ.get(variable, "").strip()
        if text:
            values[name] = _parse(variable, text, default=getattr(Config(), name))
    return Config(**values)  # type: ignore[arg-type]


def _parse(variable: str, text: str, *, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() not in {"0", "1", "yes", "no", "true", "false"}:
            raise ValueError(f"{variable} must be yes or no, not {text!r}")
        return text.lower() in {"1", "yes", "true"}
    if isinstance(default, int):
        if not text.isdigit():
            raise ValueError(f"{variable} must be a whole number, not {text!r}")
        return int(text)
    if isinstance(default, Path):
        return Path(text).expanduser().resolve()
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text

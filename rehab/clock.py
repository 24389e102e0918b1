"""What time is it? The only place that reads the clock.

Instants are aware and in UTC; a person's calendar day comes from their own time zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local_date(instant: datetime, time_zone: str) -> date:
    """The calendar day of ``instant`` for a person living in ``time_zone`` (IANA name)."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def is_time_zone(name: str) -> bool:
    """Whether ``name`` is a time zone we can compute with."""
    return name in available_timezones()


def common_zones(own: str) -> list[str]:
    """The zones to choose from, the person's own always among them."""
    places = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")
    return sorted({own} | {zone for zone in available_timezones() if zone.startswith(places)})

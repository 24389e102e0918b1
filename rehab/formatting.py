"""How do numbers, days and doses read on a page?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask


def day(value: date | None) -> str:
    """``Tue 24 Nov``; a dash for nothing."""
    return f"{value:%a} {value.day} {value:%b}" if value else "–"


def long_day(value: date | str | None) -> str:
    """``Tuesday 24 November 2026`` from a date or its ISO text."""
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{value:%A} {value.day} {value:%B %Y}" if value else "–"


def instant(value: datetime | None, time_zone: str = "UTC") -> str:
    """``Tue 24 Nov, 14:05`` in the reader's time zone."""
    if value is None:
        return "–"
    local = value.astimezone(ZoneInfo(time_zone))
    return f"{day(local.date())}, {local:%H:%M}"


def dose(value: Any) -> str:
    """``2 × 8, hold 3 s`` from anything with sets, repetitions and hold_seconds."""
    parts = f"{value.sets} × {value.repetitions}" if value.sets > 1 else f"{value.repetitions} times"
    if value.repetitions == 1 and value.hold_seconds:
        parts = f"{value.sets} × {value.hold_seconds} s" if value.sets > 1 else f"{value.hold_seconds} s"
    elif value.hold_seconds:
        parts += f", hold {value.hold_seconds} s"
    return parts


def walk_dose(walk: Mapping[str, Any]) -> str:
    """``8 minutes on 5 days a week`` or ``3 rounds of 4 minutes on 3 days a week`` from a plan's walk."""
    rounds = walk.get("rounds") or 1
    minutes = f"{walk['minutes']} {'minute' if walk['minutes'] == 1 else 'minutes'}"
    amount = f"{rounds} rounds of {minutes}" if rounds > 1 else minutes
    days = walk["days_per_week"]
    return f"{amount} on {days} {'day' if days == 1 else 'days'} a week"


def percent(value: float | None) -> str:
    """``73 %``; "no data yet" is said, never drawn as zero."""
    return "no data yet" if value is None else f"{round(value)} %"


def one_decimal(value: float | None) -> str:
    """``4.6``; a dash for nothing."""
    return "–" if value is None else f"{value:.1f}"


def register(app: Flask) -> None:
    """Make the filters known to the templates."""
    for function in (day, long_day, instant, dose, walk_dose, percent, one_decimal):
        app.add_template_filter(function)

"""Which numbers does a person call where they live?"""

from __future__ import annotations

from typing import Any

from programs import catalogue


def numbers(country: str) -> dict[str, str]:
    """``emergency_number`` and ``urgent_line`` for a country code; the EU's for an unknown one."""
    known = catalogue.locales()
    found = known.get(country) or known["EU"]
    return {"emergency_number": found.emergency_number, "urgent_line": found.urgent_line}


def dispositions(country: str) -> dict[str, dict[str, Any]]:
    """Disposition texts with the numbers filled in, by key."""
    local = numbers(country)
    return {
        key: {"label": text.label, "head": text.head, "body": text.body.format(**local), "block": text.block}
        for key, text in catalogue.dispositions().items()
    }

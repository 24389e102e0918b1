"""How to read raw tables that may hold anything, without falling over them?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

Table = dict[str, Any]


def of(table: Table, key: str) -> Table:
    """The table under ``key``; empty when it is missing or something else."""
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def rows(table: Table, key: str) -> list[Table]:
    """The tables in the list under ``key``."""
    value = table.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def words(table: Table, key: str) -> list[str]:
    """The words in the list under ``key``."""
    value = table.get(key)
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def among(value: object, known: Collection[str]) -> bool:
    """Whether ``value`` is one of the known words (false for anything that is no word)."""
    return isinstance(value, str) and value in known


def walk(table: Table) -> Iterator[tuple[str, Any]]:
    """Every key with its value, however deep."""
    for key, value in table.items():
        yield key, value
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from walk(inner)

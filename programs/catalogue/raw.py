"""How are the files read as they are, with whatever is wrong in them?"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from programs.catalogue.values import Problem

Table = dict[str, Any]


class Content:
    """The raw tables of a folder and the problems found so far. Keys are paths such as ``issues/facet-joints.toml``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.lines: dict[str, list[str]] = {}
        self.tables: dict[str, Table] = {}
        for path in sorted(folder.rglob("*.toml")):
            name = path.relative_to(folder).as_posix()
            try:
                text = path.read_text("utf-8")
            except UnicodeDecodeError:
                self.say(name, "is not UTF-8 text")
                continue
            self.lines[name] = text.splitlines()
            try:
                self.tables[name] = tomllib.loads(text)
            except tomllib.TOMLDecodeError as error:
                self._say_unreadable(name, str(error))

    def kind(self, kind: str) -> dict[str, Table]:
        """The readable tables of a kind by file stem."""
        return {Path(name).stem: table for name, table in self.tables.items() if name.startswith(f"{kind}/")}

    def file(self, name: str) -> Table:
        """One table, empty when it is missing or unreadable (which is reported elsewhere)."""
        return self.tables.get(name, {})

    def say(self, name: str, message: str, *near: str) -> None:
        """Report a problem at the line of the last of ``near``, each looked for after the one before."""
        self.problems.append(Problem(self._shown(name), self._line(name, near), message))

    def _say_unreadable(self, name: str, error: str) -> None:
        """tomllib says "(at line 3, column 5)"."""
        _, _, place = error.partition("at line ")
        number = place.split(",")[0]
        self.problems.append(Problem(self._shown(name), int(number) if number.isdigit() else 1, f"cannot be read: {error}"))

    def _shown(self, name: str) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}/{name}"

    def _line(self, name: str, near: tuple[str, ...]) -> int:
        lines, at = self.lines.get(name, []), 0
        for needle in near:
            at = next((n for n in range(at, len(lines)) if _mentions(lines[n], needle)), at)
        return at + 1


def _mentions(line: str, needle: str) -> bool:
    return f'"{needle}"' in line or line.lstrip().startswith(needle) or f" {needle} =" in line


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

"""How does a table leave as CSV without becoming a program in somebody's spreadsheet?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

#: A cell that starts with one of these (the last four are full-width) is run as a formula by spreadsheets.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV text with a header line, CRLF line ends and harmless cells."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(column) for column in columns])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """The value as text; a leading apostrophe keeps a spreadsheet from running it. Numbers stay numbers."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, (int, float)):
        return text
    return f"'{text}" if text.startswith(DANGEROUS) else text

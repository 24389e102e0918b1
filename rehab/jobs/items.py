"""How does one broken item leave the others alone?

Every item of a job runs inside ``OneItem``: whatever breaks is rolled back and noted by the kind of
error and the line, never by its message, which may hold what a person typed.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session

log = logging.getLogger("rehab.worker")


class OneRound:
    """Keep an error inside one round of a job. ``failed`` tells afterwards whether it broke."""

    def __init__(self, job: str, item: object = "") -> None:
        self.job = job
        self.item = item
        self.failed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self.failed = True
        log.error("%s %s broke: %s at %s", self.job, self.item, kind.__name__, where(trace))
        return True


class OneItem(OneRound):
    """Keep an error inside one item of a job and undo what it had written."""

    def __init__(self, db: Session, job: str, item: object) -> None:
        super().__init__(job, item)
        self.db = db

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        kept = super().__exit__(kind, error, trace)
        if kept:
            self.db.rollback()
        return kept


def where(trace: TracebackType | None) -> str:
    """The innermost places of an error, without any value."""
    frames = traceback.extract_tb(trace)[-3:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))

"""How does a service say no?

An expected refusal is a ``Refused`` with a code; it is turned once into a page or a problem JSON
(RFC 9457) in ``rehab/error_pages.py``.
"""

from __future__ import annotations


class Refused(Exception):
    """A refusal that the person can understand. ``field`` names the input to put the words beside."""

    def __init__(self, code: str, message: str, *, field: str | None = None, status: int = 422) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.status = status

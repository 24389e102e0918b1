"""Which picture does an exercise have? None is drawn yet: pages leave the place out."""

from __future__ import annotations


def has(slug: str) -> bool:
    """Whether there is a picture for the exercise."""
    return False


def svg(slug: str, *, frame: str = "both") -> str:
    """The picture as inline SVG. Raises KeyError when there is none."""
    raise KeyError(slug)

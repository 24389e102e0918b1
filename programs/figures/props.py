"""What stands around the body: chair, wall, step, worktop, pillow, band … as outlines.

A prop is a list whose first word names it; the numbers are places in the picture, the words are joints it is tied to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from programs.figures.body import Body, Point, PoseError
from programs.figures.shapes import _n as n
from programs.figures.shapes import between, capsule, disc, line

#: Kind → class of its outline. Drawn behind the body unless the kind is in ``FRONT``.
FRONT = frozenset(("band", "strap", "weight", "ball", "cushion", "water"))


def outline(prop: Sequence[Any], body: Body) -> tuple[str, str]:
    """The class (solid or line) and path of a prop. Raises ``PoseError`` for an unknown one."""
    kind, *rest = prop
    if kind in {"band", "strap"}:
        points = [_tied(value, body) for value in rest]
        return kind, line(points)
    if kind in {"weight", "cushion", "ball"}:
        size = {"weight": 3.4, "cushion": 3.6, "ball": float(rest[-1]) if len(rest) > 1 else 8.0}[kind]
        return "solid", _cushion(_tied(rest[0], body), size) if kind == "cushion" else disc(_tied(rest[0], body), size)
    if kind not in SOLID:
        raise PoseError(f"unknown prop {kind!r}")
    return ("water" if kind == "water" else "solid"), SOLID[kind](*rest)


def _tied(value: Any, body: Body) -> Point:
    if isinstance(value, str):
        first, _, second = value.partition("+")
        if second:
            return between(body.at[first], body.at[second], 0.5)
        return body.at[value]
    return float(value[0]), float(value[1])


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{n(x)} {n(y)}h{n(width)}v{n(height)}h{n(-width)}Z"


def _chair(x: float, seat: float = 25.0) -> str:
    """A chair facing right; ``x`` is the front edge of its seat."""
    return (_box(x - 21, seat - 2.6, 21, 2.6) + _box(x - 22, seat - 2.6, 2.2, 29) + _box(x - 21.6, 0, 2, seat - 2.6)
            + _box(x - 2.6, 0, 2, seat - 2.6))  # fmt: skip


def _seat(x: float, height: float, width: float = 22.0) -> str:
    """A stool or the seat of a chair seen from its side, without a back; ``x`` is its left edge."""
    return _box(x, height - 2.6, width, 2.6) + _box(x + 1.4, 0, 2, height - 2.6) + _box(x + width - 3.4, 0, 2, height - 2.6)


def _worktop(x: float, height: float, width: float = 18.0) -> str:
    return _box(x, height - 2.6, width, 2.6) + _box(x + 2.4, 0, width - 2.4, height - 2.6)


def _pillow(x: float, y: float, width: float, height: float = 4.0) -> str:
    return capsule((x + height / 2, y), (x + width - height / 2, y), height / 2, height / 2)


def _cushion(c: Point, size: float) -> str:
    return capsule((c[0] - 0.2, c[1] + size * 0.5), (c[0] + 0.2, c[1] - size * 0.5), size, size)


def _bike(x: float) -> str:
    return (disc((x, 13), 11) + _box(x - 21, 12, 22, 2) + _box(x - 24, 1, 2, 44) + _box(x - 31, 44, 14, 2.6) + _box(x + 3, 20, 2, 38)
            + _box(x + 3, 57, 8, 2))  # fmt: skip


SOLID: Mapping[str, Any] = {
    "chair": _chair, "seat": _seat, "worktop": _worktop, "pillow": _pillow, "bike": _bike, "box": _box,
    "wall": lambda x, height=104.0: _box(x, 0, 2.4, height),
    "step": lambda x, height, width=24.0: _box(x, 0, width, height),
    "mat": lambda x, width: _box(x, -1.6, width, 1.6),
    "water": lambda y: f"M-70 {n(y)}q7 3 14 0t14 0t14 0t14 0t14 0t14 0t14 0t14 0t14 0",
}  # fmt: skip

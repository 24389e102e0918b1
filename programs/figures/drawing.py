"""How does a pose become a picture? Layers from back to front, with the start as a shadow and as ``data-from``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from programs.figures import props as things
from programs.figures import shapes
from programs.figures.body import THIGH, Body, Point

Layer = tuple[str, Callable[[Body], str]]
MARGIN = 6.0
#: A picture is never narrower or lower than this, so that people look the same size on every card.
LEAST = (118.0, 74.0)
#: How far a knee may bend the wrong way before the picture is refused, in degrees.
LOCKED = 14.0

SIDE: tuple[Layer, ...] = (
    ("skin far", lambda b: shapes.arm(b, "far")),
    ("legs far", lambda b: shapes.leg(b, "far")),
    ("skin far", lambda b: shapes.foot(b, "far")),
    ("skin", shapes.head),
    ("hair", shapes.hair),
    ("legs", shapes.pelvis),
    ("shirt", shapes.shirt),
    ("skin", lambda b: shapes.foot(b, "near")),
    ("legs", lambda b: shapes.leg(b, "near")),
)
FRONT: tuple[Layer, ...] = (
    ("skin", lambda b: shapes.foot(b, "far") + shapes.foot(b, "near")),
    ("legs", lambda b: shapes.leg(b, "far") + shapes.leg(b, "near")),
    ("legs", shapes.pelvis),
    ("skin", shapes.head),
    ("hair", shapes.hair),
    ("shirt", shapes.shirt),
)
ARM: tuple[Layer, ...] = (("skin", lambda b: shapes.arm(b, "near")), ("shirt", lambda b: shapes.sleeve(b, "near")))
BOTH_ARMS: tuple[Layer, ...] = (
    ("skin", lambda b: shapes.arm(b, "far") + shapes.arm(b, "near")),
    ("shirt", lambda b: shapes.sleeve(b, "far") + shapes.sleeve(b, "near")),
)


def draw(end: Body, start: Body | None, *, props: Sequence[Any], muscles: Sequence[str], move: str | None) -> tuple[str, str]:
    """The inside of the picture and its view box. Without ``start`` there is no shadow, no arrow and nothing to move."""
    behind = [_prop(prop, end, start) for prop in props if prop[0] not in things.FRONT]
    before = [_prop(prop, end, start) for prop in props if prop[0] in things.FRONT]
    layers = SIDE if end.view == "side" else FRONT
    arms = ARM if end.view == "side" else BOTH_ARMS
    person = [_layer(name, make, end, start) for name, make in layers]
    person += [_path("muscle", shapes.muscle(end, region), shapes.muscle(start, region) if start else None) for region in muscles]
    person += [_layer(name, make, end, start) for name, make in arms]
    ghost = f'<path class="figure__ghost" fill="#8aa" opacity=".28" d="{_silhouette(start)}"/>' if start else ""
    left, low, wide, high = _box(end, start, "".join(behind + before))
    floor = f'<path class="figure__mat" fill="#e9dfcb" d="M{_n(left + 4)} 1h{_n(wide - 8)}v38h{_n(8 - wide)}Z"/>' if end.view == "above" else (
        f'<path class="figure__floor" stroke="#bba" stroke-width="1.2" d="M{_n(left)} -.8H{_n(left + wide)}"/>')
    arrow = _arrow(start.at[move], end.at[move]) if start and move else ""
    inner = "".join([floor, *behind, ghost, *person, *before, arrow])
    flip = f"matrix(1 0 0 -1 0 {_n(high + 2 * low)})"  # y grows downward on a screen
    return f'<g transform="{flip}">{inner}</g>', f"{_n(left)} {_n(low)} {_n(wide)} {_n(high)}"


FILLS = {"skin": "#e3b48f", "hair": "#5a4334", "shirt": "#2f8f83", "legs": "#27494d", "muscle": "#e2603f", "solid": "#d9cdb8", "water": "none"}
LINES = {"band": ("#c8553d", "1.8"), "strap": ("#8a6d3b", "1.6"), "water": ("#7fb3c8", "1.4")}


def _layer(name: str, make: Callable[[Body], str], end: Body, start: Body | None) -> str:
    return _path(name, make(end), make(start) if start else None)


def _path(name: str, path: str, before: str | None) -> str:
    kind, _, far = name.partition(" ")
    moves = f' data-from="{before}"' if before is not None and before != path else ""
    classes = f"figure__{kind}" + (f" figure__{kind}--far" if far else "")
    if kind in LINES:
        paint = f'fill="none" stroke="{LINES[kind][0]}" stroke-width="{LINES[kind][1]}"'
    else:
        paint = f'fill="{FILLS[kind]}"' + (' opacity=".55"' if far or kind == "muscle" else "")
    return f'<path class="{classes}" {paint} d="{path}"{moves}/>'


def _prop(prop: Sequence[Any], end: Body, start: Body | None) -> str:
    kind, path = things.outline(prop, end)
    return _path(kind, path, things.outline(prop, start)[1] if start else None)


def _silhouette(body: Body) -> str:
    parts = [shapes.leg(body, "near"), shapes.foot(body, "near"), shapes.pelvis(body), shapes.shirt(body), shapes.arm(body, "near"),
             shapes.disc(body.at["head"], 6.4)]  # fmt: skip
    if body.view != "side" or body.at["far_ankle"] != body.at["near_ankle"]:
        parts += [shapes.leg(body, "far")]
    return "".join(parts)


def _arrow(a: Point, b: Point) -> str:
    far = math.dist(a, b)
    if far < 1.0:
        return ""
    way = shapes.direction(a, b)
    side = (-way[1], way[0])
    if side[1] < 0:  # bow upward, away from the floor
        side = (-side[0], -side[1])
    tip = shapes.shift(b, way, 8.0)
    tail = shapes.shift(shapes.shift(tip, way, -max(far, 11.0)), side, 0)
    bow = shapes.shift(shapes.between(tail, tip, 0.5), side, 2.5)
    heading = shapes.direction(bow, tip)
    across = (-heading[1], heading[0])
    neck = shapes.shift(tip, heading, -4.2)
    left, right = shapes.shift(neck, across, 2.5), shapes.shift(neck, across, -2.5)
    return (
        f'<path class="figure__arrow" fill="none" stroke="#c8553d" stroke-width="1.7" stroke-linecap="round" '
        f'd="M{_xy(tail)}Q{_xy(bow)} {_xy(neck)}"/><path class="figure__arrow-head" fill="#c8553d" d="M{_xy(tip)}L{_xy(left)}L{_xy(right)}Z"/>'
    )


def _box(end: Body, start: Body | None, surroundings: str) -> tuple[float, float, float, float]:
    points = [point for one in (end, start) if one for point in one.at.values()]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    for x, y, width, height in re.findall(r"M(-?[\d.]+) (-?[\d.]+)h(-?[\d.]+)v(-?[\d.]+)", surroundings):
        xs += [float(x), float(x) + float(width)]
        ys += [float(y), float(y) + float(height)]
    left, right, high = min(xs) - 7.5 - MARGIN, max(xs) + 7.5 + MARGIN, max(ys) + 8 + MARGIN
    wide, tall = max(right - left, LEAST[0]), max(high + 4, LEAST[1])
    left -= (wide - (right - left)) / 2
    return left, -4.0, wide, tall


def strange_joints(body: Body) -> list[str]:
    """Knees and elbows that bend the wrong way, seen from the side."""
    if body.view != "side":
        return []
    wrong = []
    for side in ("near", "far"):
        if math.dist(body.at[f"{side}_hip"], body.at[f"{side}_knee"]) < THIGH - 1:
            continue  # the leg points at the viewer: its knee bends out of the picture
        knee = _turn(body.at[f"{side}_hip"], body.at[f"{side}_knee"], body.at[f"{side}_ankle"]) * body.face
        elbow = _turn(body.at[f"{side}_shoulder"], body.at[f"{side}_elbow"], body.at[f"{side}_hand"]) * body.face
        if knee > LOCKED:
            wrong.append(f"{side} knee bends {knee:.0f} degrees the wrong way")
        if elbow < -LOCKED:
            wrong.append(f"{side} elbow bends {-elbow:.0f} degrees the wrong way")
    return wrong


def _turn(a: Point, b: Point, c: Point) -> float:
    """How the way a → b → c turns at b, in degrees; positive to the left."""
    first = math.atan2(b[1] - a[1], b[0] - a[0])
    second = math.atan2(c[1] - b[1], c[0] - b[0])
    return math.degrees((second - first + math.pi) % (2 * math.pi) - math.pi)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _xy(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"

"""Which outlines make a body, its clothes and the things around it? Path data only; no colours here.

Each shape gives the same sequence of commands for every pose, so that two poses can be blended number by number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from programs.figures.body import RADIUS, Body, Point


def capsule(a: Point, b: Point, ra: float, rb: float) -> str:
    """A limb: two circles and what lies between them, as one closed path."""
    far = math.dist(a, b)
    if far <= abs(ra - rb) + 0.05:
        a, ra, rb, far = (b[0] - 0.1, b[1]) if rb > ra else (a[0], a[1]), max(ra, rb), max(ra, rb), 0.1
        b = (a[0] + 0.1, a[1])
    way = math.atan2(b[1] - a[1], b[0] - a[0])
    lean = math.acos((ra - rb) / far)
    p = [(c[0] + r * math.cos(way + s * lean), c[1] + r * math.sin(way + s * lean)) for c, r, s in ((a, ra, 1), (b, rb, 1), (b, rb, -1), (a, ra, -1))]
    # The far arc of each end is drawn in two halves: one arc of about 180 degrees may flip while it is blended.
    tip = (b[0] + rb * math.cos(way), b[1] + rb * math.sin(way))
    heel = (a[0] - ra * math.cos(way), a[1] - ra * math.sin(way))
    return (
        f"M{_xy(p[0])}L{_xy(p[1])}A{_n(rb)} {_n(rb)} 0 0 0 {_xy(tip)}A{_n(rb)} {_n(rb)} 0 0 0 {_xy(p[2])}"
        f"L{_xy(p[3])}A{_n(ra)} {_n(ra)} 0 0 0 {_xy(heel)}A{_n(ra)} {_n(ra)} 0 0 0 {_xy(p[0])}Z"
    )


def disc(c: Point, r: float) -> str:
    """A circle as a path."""
    return f"M{_xy((c[0] - r, c[1]))}a{_n(r)} {_n(r)} 0 1 1 {_n(2 * r)} 0a{_n(r)} {_n(r)} 0 1 1 {_n(-2 * r)} 0Z"


def line(points: Sequence[Point]) -> str:
    """An open line through the points."""
    return "M" + "L".join(_xy(point) for point in points)


def leg(body: Body, side: str) -> str:
    """Thigh and shank in one."""
    hip, knee, ankle = (body.at[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
    return capsule(hip, knee, 5.4, RADIUS["knee"]) + capsule(knee, ankle, RADIUS["knee"] - 0.1, RADIUS["ankle"])


def foot(body: Body, side: str) -> str:
    """From the heel to the toes."""
    ankle, toe = body.at[f"{side}_ankle"], body.at[f"{side}_toe"]
    heel = between(ankle, toe, -0.2)
    return capsule(heel, toe, RADIUS["ankle"], RADIUS["toe"])


def arm(body: Body, side: str) -> str:
    """Upper arm, forearm and hand."""
    shoulder, elbow, hand = (body.at[f"{side}_{name}"] for name in ("shoulder", "elbow", "hand"))
    palm = between(elbow, hand, 1.12)
    return capsule(shoulder, elbow, 3.3, RADIUS["elbow"]) + capsule(elbow, hand, RADIUS["elbow"], 1.9) + disc(palm, RADIUS["hand"])


def sleeve(body: Body, side: str) -> str:
    """The short sleeve."""
    shoulder, elbow = body.at[f"{side}_shoulder"], body.at[f"{side}_elbow"]
    return capsule(shoulder, between(shoulder, elbow, 0.5), 4.1, 3.6)


def pelvis(body: Body) -> str:
    """The seat of the trousers."""
    at = body.at
    if body.view != "side":
        return capsule(at["near_hip"], at["far_hip"], 5.4, 5.4) + capsule(at["hip"], at["waist"], 8.6, 7.0)
    return capsule(at["hip"], between(at["hip"], at["waist"], 0.6), RADIUS["hip"], RADIUS["waist"] + 0.2)


def shirt(body: Body) -> str:
    """The trunk above the trousers."""
    at = body.at
    low = between(at["hip"], at["waist"], 0.55)
    if body.view != "side":
        high = between(at["waist"], at["shoulder"], 0.9)
        return (capsule(low, at["waist"], 7.6, 7.0) + capsule(at["waist"], high, 7.0, 8.2)
                + capsule(at["near_shoulder"], at["far_shoulder"], 3.9, 3.9))  # fmt: skip
    return capsule(low, at["waist"], RADIUS["waist"] + 0.3, RADIUS["waist"]) + capsule(at["waist"], at["shoulder"], RADIUS["waist"], RADIUS["shoulder"])


def head(body: Body) -> str:
    """Neck, face and, seen from the side, a nose."""
    at = body.at
    neck = capsule(at["shoulder"], at["head"], 2.9, 2.7)
    face = disc(at["head"], RADIUS["head"])
    if body.view != "side":
        return neck + face
    ahead = forward(body)
    tip = (at["head"][0] + ahead[0] * 6.6, at["head"][1] + ahead[1] * 6.6)
    return neck + face + disc(tip, 1.2)


def hair(body: Body) -> str:
    """A cap of hair on the crown and, from the side, the back of the head."""
    at = body.at
    up = direction(at["shoulder"], at["head"])
    back = (0.0, 0.0) if body.view != "side" else tuple(-value for value in forward(body))
    c = (at["head"][0] + up[0] * 2.2 + back[0] * 2.4, at["head"][1] + up[1] * 2.2 + back[1] * 2.4)
    return disc(c, RADIUS["head"] - (1.4 if body.view != "side" else 1.1))


def forward(body: Body) -> Point:
    """Which way the face looks, seen from the side."""
    up = direction(body.at["shoulder"], body.at["head"])
    return up[1] * body.face, -up[0] * body.face


def muscle(body: Body, region: str) -> str:
    """A soft patch over the muscles that work."""
    at, out = body.at, body.face
    spine = direction(at["hip"], at["waist"])
    front = (spine[1] * out, -spine[0] * out)
    thigh = direction(at["near_hip"], at["near_knee"])
    thigh_front = (-thigh[1] * out, thigh[0] * out)
    shank = direction(at["near_knee"], at["near_ankle"])
    calf = (shank[1] * out, -shank[0] * out)
    hip, knee, ankle = at["near_hip"], at["near_knee"], at["near_ankle"]
    if body.view != "side":
        side = direction(at["far_hip"], at["near_hip"])
        inner = shift(between(hip, knee, 0.2), side, -2.4), shift(between(hip, knee, 0.75), side, -1.6)
        table = {"glutes": (shift(hip, side, 2.6), shift(between(hip, knee, 0.14), side, 2.6), 3.0), "adductors": (*inner, 2.0)}
    else:
        table = {
            "glutes": (shift(hip, front, -3.2), shift(between(hip, at["waist"], 0.3), front, -3.0), 3.2),
            "hip-flexors": (shift(between(hip, at["waist"], 0.3), front, 3.2), shift(between(hip, knee, 0.3), thigh_front, 2.4), 2.2),
            "adductors": (between(hip, knee, 0.2), between(hip, knee, 0.7), 2.2),
        }
    table |= {
        "core": (shift(between(at["hip"], at["waist"], 0.5), front, 0 if body.view != "side" else 2.6),
                 shift(between(at["waist"], at["shoulder"], 0.35), front, 0 if body.view != "side" else 2.4), 2.6),
        "back": (shift(between(at["hip"], at["waist"], 0.5), front, -2.8), shift(between(at["waist"], at["shoulder"], 0.35), front, -2.6), 2.4),
        "upper-back": (shift(at["waist"], front, -2.4), shift(between(at["waist"], at["shoulder"], 0.85), front, -2.6), 2.4),
        "hamstrings": (shift(between(hip, knee, 0.25), thigh_front, -2.2), shift(between(hip, knee, 0.8), thigh_front, -1.5), 2.0),
        "quadriceps": (shift(between(hip, knee, 0.3), thigh_front, 2.0), shift(between(hip, knee, 0.85), thigh_front, 1.5), 2.1),
        "calf": (shift(between(knee, ankle, 0.15), calf, 1.6), shift(between(knee, ankle, 0.5), calf, 1.2), 1.9),
    }  # fmt: skip
    a, b, r = table[region]
    return capsule(a, b, r, r)


REGIONS = frozenset(("glutes", "hip-flexors", "adductors", "core", "back", "upper-back", "hamstrings", "quadriceps", "calf"))


def between(a: Point, b: Point, share: float) -> Point:
    """The point at this share of the way."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def shift(a: Point, way: Point, by: float) -> Point:
    """The point moved along a direction."""
    return a[0] + way[0] * by, a[1] + way[1] * by


def direction(a: Point, b: Point) -> Point:
    """The way from a to b, of length one."""
    far = math.dist(a, b) or 1.0
    return (b[0] - a[0]) / far, (b[1] - a[1]) / far


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0.", "-.").removeprefix("0") or "0"


def _xy(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"

"""Where are the joints of a body in a pose? A small skeleton of fixed bone lengths, solved in two dimensions.

Unit: a hundredth of the standing height. The floor is y = 0, y grows upward. Angles are degrees of the bone's direction in
the picture: 0 to the right, 90 up. A limb is given by its angles, or by where its wrist or ankle must be (then the elbow or
knee follows). ``view`` is "side" (the person faces right when upright), "front" or "above" (left and right are seen apart).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]

HIP_TO_WAIST, WAIST_TO_SHOULDER, SHOULDER_TO_HEAD = 12.0, 18.0, 12.0
UPPER_ARM, FOREARM, THIGH, SHANK, FOOT = 15.0, 14.0, 24.0, 23.0, 8.5
HALF_SHOULDERS, HALF_HIPS = 8.0, 5.0
#: How thick the body is around its joints.
RADIUS = {"hip": 6.4, "waist": 5.4, "shoulder": 5.6, "head": 6.4, "knee": 3.9, "ankle": 2.6, "toe": 1.9, "elbow": 2.6, "hand": 2.2}
POINTS = frozenset(
    ("hip", "waist", "shoulder", "head", *tuple(f"{side}_{joint}" for side in ("near", "far") for joint in ("hip", "knee", "ankle", "toe", "shoulder", "elbow", "hand")))
)
KEYS = frozenset(("base", "hip", "shoulder", "trunk", "spine", "head", "near_leg", "far_leg", "near_arm", "far_arm", "face", "foot"))


class PoseError(ValueError):
    """A pose that no body can take, or that says something unknown."""


@dataclass(frozen=True, slots=True)
class Body:
    """A solved pose: the place of each joint, and which way the face looks (1: forward of the spine, −1: the other way)."""

    at: Mapping[str, Point]
    face: int
    view: str

    def lowest(self) -> float:
        """The height of the body's lowest point; 0 when it rests on the floor."""
        return min(y - RADIUS[name.removeprefix("near_").removeprefix("far_")] for name, (_, y) in self.at.items())


def solve(pose: Mapping[str, Any], *, view: str) -> Body:
    """The joints of a pose. Raises ``PoseError`` for an unknown key or a place out of reach."""
    unknown = set(pose) - KEYS
    if unknown:
        raise PoseError(f"unknown {', '.join(sorted(unknown))}")
    low, high = pose.get("spine") or (pose["trunk"], pose["trunk"])
    waist_step, shoulder_step = step(low, HIP_TO_WAIST), step(high, WAIST_TO_SHOULDER)
    hip = _point(pose["hip"]) if "hip" in pose else _minus(_minus(_point(pose["shoulder"]), shoulder_step), waist_step)
    waist = _plus(hip, waist_step)
    shoulder = _plus(waist, shoulder_step)
    at = {"hip": hip, "waist": waist, "shoulder": shoulder, "head": _plus(shoulder, step(pose.get("head", high), SHOULDER_TO_HEAD))}
    for side, sign in (("near", 1), ("far", -1)):
        apart = 0 if view == "side" else sign
        at[f"{side}_hip"] = _plus(hip, step(low - 90, HALF_HIPS * apart))
        at[f"{side}_shoulder"] = _plus(shoulder, step(high - 90, HALF_SHOULDERS * apart))
        _leg(at, side, pose.get(f"{side}_leg", pose.get("near_leg")), foot=pose.get("foot"))
        _arm(at, side, pose.get(f"{side}_arm", pose.get("near_arm")))
    return Body(at=at, face=int(pose.get("face", 1)), view=view)


def _leg(at: dict[str, Point], side: str, limb: Any, *, foot: float | None) -> None:
    if limb is None:
        raise PoseError("a pose needs near_leg")
    at[f"{side}_knee"], at[f"{side}_ankle"] = _limb(at[f"{side}_hip"], limb, THIGH, SHANK, name=f"{side}_leg")
    toes = limb.get("foot", foot) if isinstance(limb, Mapping) else (limb[2] if len(limb) > 2 else foot)
    length = FOOT * (0.3 if toes is None else 1)
    at[f"{side}_toe"] = _plus(at[f"{side}_ankle"], step(-90 if toes is None else toes, length))


def _arm(at: dict[str, Point], side: str, limb: Any) -> None:
    if limb is None:
        raise PoseError("a pose needs near_arm")
    at[f"{side}_elbow"], at[f"{side}_hand"] = _limb(at[f"{side}_shoulder"], limb, UPPER_ARM, FOREARM, name=f"{side}_arm")


def _limb(root: Point, limb: Any, first: float, second: float, *, name: str) -> tuple[Point, Point]:
    if not isinstance(limb, Mapping):
        middle = _plus(root, step(limb[0], first))
        return middle, _plus(middle, step(limb[1], second))
    share = float(limb.get("scale", 1.0))  # a bone that points at the viewer looks shorter
    return _reach(root, _point(limb["to"]), first * share, second * share, bend=int(limb.get("bend", 1)), name=name)


def _reach(root: Point, target: Point, first: float, second: float, *, bend: int, name: str) -> tuple[Point, Point]:
    """The middle joint of two bones that must end at ``target``; ``bend`` 1 bows it to the left of the way, −1 to the right."""
    far = math.dist(root, target)
    if far > first + second + 1.0:
        raise PoseError(f"{name} cannot reach {target}: {far:.1f} of {first + second:.1f}")
    reach = min(max(far, abs(first - second) + 0.01), first + second - 0.01)
    corner = math.acos((first**2 + reach**2 - second**2) / (2 * first * reach))
    way = math.atan2(target[1] - root[1], target[0] - root[0])
    middle = _plus(root, step(math.degrees(way + bend * corner), first))
    onward = math.degrees(math.atan2(target[1] - middle[1], target[0] - middle[0]))
    return middle, _plus(middle, step(onward, second))


def step(angle: float, length: float) -> Point:
    """The way of ``length`` in the direction of ``angle`` degrees."""
    return length * math.cos(math.radians(angle)), length * math.sin(math.radians(angle))


def _point(value: Any) -> Point:
    return float(value[0]), float(value[1])


def _plus(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1]


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1]

"""Which picture does an exercise have?

Poses are data (``poses/*.toml``): where a body starts, where it ends, what stands around it. Everything else is drawn from
them: the end in full, the start as a shadow, an arrow between, and the start's outlines as ``data-from`` so that a script can
move the one into the other. No style and no ids: a page may hold many pictures, in light and in dark.
"""

from __future__ import annotations

import functools
import html
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from programs.figures import body, drawing, shapes

POSES = Path(__file__).parent / "poses"
FIELDS = frozenset(("view", "alt", "muscle", "props", "move", "start", "end", "still"))


@functools.cache
def _poses() -> Mapping[str, Mapping[str, Any]]:
    bases: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for file in sorted(POSES.glob("*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))
        bases |= table.pop("base", {})
        found |= table
    return {slug: figure | {name: _whole(figure[name], bases) for name in ("start", "end") if name in figure} for slug, figure in found.items()}


def _whole(pose: Mapping[str, Any], bases: Mapping[str, Any]) -> dict[str, Any]:
    own = dict(pose)
    base = own.pop("base", None)
    if base is None:
        return own
    whole = _whole(bases[base], bases) | own
    if "shoulder" in own:
        whole.pop("hip", None) if "hip" not in own else None
    if "hip" in own and "shoulder" not in own:
        whole.pop("shoulder", None)
    if "trunk" in own and "spine" not in own:
        whole.pop("spine", None)
    return whole


def has(slug: str) -> bool:
    """Whether there is a picture for the exercise."""
    return slug in _poses()


def slugs() -> frozenset[str]:
    """Every exercise that has a picture."""
    return frozenset(_poses())


def description(slug: str) -> str:
    """The picture in one sentence, for those who cannot see it. Raises KeyError when there is none."""
    return str(_poses()[slug]["alt"])


@functools.cache
def svg(slug: str, *, frame: str = "both") -> str:
    """The picture as inline SVG; ``frame`` is "start", "end" or "both". Raises KeyError when there is none."""
    figure = _poses()[slug]
    first, last = bodies(slug)
    start, end = {"start": (None, first), "end": (None, last), "both": (first, last)}[frame]
    if figure.get("still"):
        start = None
    inner, box = drawing.draw(end, start, props=figure.get("props", ()), muscles=figure.get("muscle", ()), move=figure.get("move"))
    alt = html.escape(description(slug))
    return f'<svg class="figure" viewBox="{box}" role="img" aria-label="{alt}" xmlns="http://www.w3.org/2000/svg">{inner}</svg>'


def bodies(slug: str) -> tuple[body.Body, body.Body]:
    """The solved start and end."""
    figure = _poses()[slug]
    view = figure.get("view", "side")
    return body.solve(figure["start"], view=view), body.solve(figure.get("end", figure["start"]), view=view)


def check(slug: str) -> list[str]:
    """What is wrong with an exercise's picture, in words; nothing for a good one."""
    figure = _poses()[slug]
    wrong = [f"unknown field {name}" for name in sorted(set(figure) - FIELDS)]
    wrong += [f"unknown muscle {name}" for name in figure.get("muscle", ()) if name not in shapes.REGIONS]
    if figure.get("move") and figure["move"] not in body.POINTS:
        wrong.append(f"unknown joint {figure['move']}")
    if not str(figure.get("alt", "")).endswith("."):
        wrong.append("the description is not a sentence")
    try:
        solved = bodies(slug)
        svg(slug)
    except (body.PoseError, KeyError, TypeError) as error:
        return [*wrong, str(error)]
    for name, one in zip(("start", "end"), solved, strict=True):
        if one.view != "above" and one.lowest() < -1.0:
            wrong.append(f"{name}: {-one.lowest():.1f} below the floor")
        wrong += [f"{name}: {problem}" for problem in drawing.strange_joints(one)]
    return wrong

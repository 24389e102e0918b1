"""Does every exercise have a picture that a body could take, and that a page may hold?"""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from programs import catalogue, figures
from programs.figures import body, drawing

SLUGS = sorted(catalogue.exercises())
BIGGEST = 8000  # characters; eight of them in a plan are squeezed to a few kilobytes


def test_every_exercise_has_a_picture_and_every_picture_an_exercise() -> None:
    assert figures.slugs() == frozenset(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_picture_has_nothing_wrong(slug: str) -> None:
    assert figures.check(slug) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_picture_is_plain_markup_with_words(slug: str) -> None:
    text = figures.svg(slug)
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img" and root.get("aria-label") == figures.description(slug)
    assert len(text) <= BIGGEST
    for element in root.iter():
        assert "style" not in element.attrib and "id" not in element.attrib
        assert element.tag.rsplit("}", 1)[-1] in {"svg", "g", "path"}
    numbers = re.compile(r"-?\d*\.?\d+")
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        before = path.get("data-from")
        if before is not None:  # what cannot be blended number by number would not move
            assert re.sub(numbers, "", before) == re.sub(numbers, "", path.get("d", ""))
            assert len(numbers.findall(before)) == len(numbers.findall(path.get("d", "")))


@pytest.mark.parametrize("slug", SLUGS)
def test_bones_keep_their_length(slug: str) -> None:
    for one in figures.bodies(slug):
        for a, b, most in (("hip", "waist", body.HIP_TO_WAIST), ("near_hip", "near_knee", body.THIGH), ("near_shoulder", "near_elbow", body.UPPER_ARM)):
            far = ((one.at[a][0] - one.at[b][0]) ** 2 + (one.at[a][1] - one.at[b][1]) ** 2) ** 0.5
            assert far <= most + 0.01


def test_the_start_alone_has_no_shadow() -> None:
    assert "figure__ghost" in figures.svg("bridge")
    assert "figure__ghost" not in figures.svg("bridge", frame="start")


def test_an_impossible_pose_is_reported() -> None:
    pose = {"hip": [0, 49.4], "trunk": 90, "near_leg": [270, 300, 0], "near_arm": [270, 200]}
    assert any("knee" in problem for problem in drawing.strange_joints(body.solve(pose, view="side")))
    assert any("elbow" in problem for problem in drawing.strange_joints(body.solve(pose, view="side")))
    assert body.solve(pose | {"hip": [0, 30]}, view="side").lowest() < -1
    with pytest.raises(body.PoseError, match="cannot reach"):
        body.solve(pose | {"near_leg": {"to": [90, 0]}}, view="side")
    with pytest.raises(body.PoseError, match="unknown tail"):
        body.solve(pose | {"tail": 3}, view="side")


def test_an_unknown_exercise_has_no_picture() -> None:
    assert not figures.has("handstand")
    with pytest.raises(KeyError):
        figures.svg("handstand")

"""How does a diary look as a picture? Numbers in, finished SVG path strings out; templates only place them.

A day without a score leaves a gap: no line is ever drawn across silence. Everything is in view-box units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LEFT, RIGHT, TOP, BOTTOM = 30, 10, 22, 26
LONGEST_BRIDGE_DAYS = 1  # neighbours are joined; a silent day in between is a gap


@dataclass(frozen=True, slots=True)
class ChartDay:
    """One day of a chart. ``pain`` None is "not logged"; ``marker`` is "", "high" or "flare"."""

    on: date
    pain: float | None = None
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis: where it stands and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """A dot with the words a reader hears for it."""

    x: float
    y: float
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line: a plan change, a flag."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class PainChart:
    """A finished chart, in the shape ``templates/components/chart.html`` draws."""

    id: str
    title: str
    description: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    y_word: str
    band: str
    band_word: str
    lines: tuple[str, ...]
    points: tuple[Point, ...]
    marks: tuple[Mark, ...]
    columns: tuple[str | tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]


def pain_chart(
    days: Sequence[ChartDay], *, usual: float | None = None, low: float | None = None, high: float | None = None,
    width: int = 360, height: int = 200, title: str = "", name: str = "pain", marks: Sequence[tuple[date, str]] = (),
    band_word: str = "your usual range",
) -> PainChart:  # fmt: skip
    """Pain 0 to 10 by day, oldest first, with the person's own usual range behind it.

    ``name`` must be unique on the page. ``marks`` outside the days are left out. No days gives an empty frame.
    """
    first, last = (days[0].on, days[-1].on) if days else (date.min, date.min)
    right, bottom = width - RIGHT, height - BOTTOM
    scale = _Scale(first, max(1, (last - first).days), LEFT, right, TOP, bottom)
    scored = [day for day in days if day.pain is not None]
    return PainChart(
        id=f"chart-{name}", title=title or _title(first, last, bool(days)), description=_describe(days, scored, usual, low, high),
        width=width, height=height, left=LEFT, right=right, top=TOP, bottom=bottom,
        y_ticks=tuple(Tick(scale.y(value), str(value)) for value in (0, 2, 4, 6, 8, 10)),
        x_ticks=_day_ticks(first, last, scale) if days else (),
        y_word="pain, 0 to 10", band=_band(low, high, scale), band_word=band_word,
        lines=_lines(scored, scale), points=tuple(_point(day, scale) for day in scored),
        marks=tuple(Mark(scale.x(on), text) for on, text in marks if first <= on <= last),
        columns=("Day", ("Pain", "number")), rows=tuple((_day(day.on), _number(day.pain)) for day in scored),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of a week strip, in the shape ``templates/components/week_strip.html`` draws."""

    letter: str
    name: str
    state: str
    today: bool


def week_strip(states: Sequence[tuple[date, str]], *, today: date) -> tuple[WeekDay, ...]:
    """Seven days at a glance from (day, adherence state) pairs."""
    return tuple(
        WeekDay(letter=f"{on:%a}"[0], name=f"{on:%A} {on.day} {on:%B}", state=state.replace("_", "-"), today=on == today)
        for on, state in states
    )


def usual_range(pains: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """(usual, low, high) of a person's own scores: the median, and the range that holds four scores of five.

    Needs seven scores: fewer say nothing about what is usual.
    """
    if len(pains) < 7:
        return None, None, None
    ordered = sorted(pains)
    low, middle, high = (_quantile(ordered, share) for share in (0.1, 0.5, 0.9))
    return middle, max(0.0, min(low, middle - 0.5)), min(10.0, max(high, middle + 0.5))


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    span: int
    left: float
    right: float
    top: float
    bottom: float

    def x(self, on: date) -> float:
        return round(self.left + (on - self.first).days / self.span * (self.right - self.left), 1)

    def y(self, pain: float) -> float:
        return round(self.bottom - pain / 10 * (self.bottom - self.top), 1)


def _lines(scored: Sequence[ChartDay], scale: _Scale) -> tuple[str, ...]:
    runs: list[list[ChartDay]] = []
    for day in scored:
        if runs and (day.on - runs[-1][-1].on).days <= LONGEST_BRIDGE_DAYS:
            runs[-1].append(day)
        else:
            runs.append([day])
    return tuple("M" + "L".join(f"{scale.x(d.on)} {scale.y(d.pain or 0.0)}" for d in run) for run in runs if len(run) > 1)


def _band(low: float | None, high: float | None, scale: _Scale) -> str:
    if low is None or high is None:
        return ""
    return f"M{scale.left} {scale.y(high)}H{scale.right}V{scale.y(low)}H{scale.left}Z"


def _point(day: ChartDay, scale: _Scale) -> Point:
    note = {"high": ", higher than usual", "flare": ", flare-up day"}.get(day.marker, "")
    pain = day.pain or 0.0
    return Point(scale.x(day.on), scale.y(pain), f"{_day(day.on)}: {_number(pain)}{note}", day.marker)


def _day_ticks(first: date, last: date, scale: _Scale) -> tuple[Tick, ...]:
    """Four days or so, evenly spread, never so near the edge that the words are cut."""
    span = (last - first).days
    count = min(4, span + 1)
    steps = [round(span * i / max(1, count - 1)) for i in range(count)]
    ticks = [(first + timedelta(days=step)) for step in steps]
    inset = 16
    return tuple(
        Tick(min(max(scale.x(on), scale.left + inset), scale.right - inset), f"{on.day} {on:%b}") for on in dict.fromkeys(ticks)
    )


def _title(first: date, last: date, any_days: bool) -> str:
    if not any_days:
        return "Pain"
    weeks, rest = divmod((last - first).days + 1, 7)
    return f"Pain, last {weeks} weeks" if weeks >= 2 and rest <= 1 else f"Pain, {_day(first)} to {_day(last)}"


def _describe(
    days: Sequence[ChartDay], scored: Sequence[ChartDay], usual: float | None, low: float | None, high: float | None
) -> str:
    if not scored:
        return "No pain scores yet."
    recent = [d.pain for d in scored if d.pain is not None and (days[-1].on - d.on).days < 7]
    words = [f"{len(scored)} of {len(days)} days have a score."]
    if usual is not None and low is not None and high is not None:
        words.append(f"Usual pain is about {_number(usual)}, mostly {_number(low)} to {_number(high)}.")
    words.append(f"The last 7 days average {_number(sum(recent) / len(recent))}." if recent else "No score in the last 7 days.")
    return " ".join(words)


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _day(on: date) -> str:
    return f"{on:%a} {on.day} {on:%b}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")

"""Why: some things people would rather look at than read. A plot is drawn from a handful of numbers as SVG, says in words
what it shows, and always stands beside the table of the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 44
"""Room for the axes, in the units of the drawing."""


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """A line over two axes that both begin at zero."""

    id: str
    title: str
    said: str
    """What it shows, in a sentence."""
    across: str
    up: str
    points: str
    """As the attribute of a polyline."""
    ticks_across: tuple[Tick, ...]
    ticks_up: tuple[Tick, ...]


@dataclass(frozen=True)
class Bar:
    """One bar, with what it stands for."""

    y: float
    width: float
    name: str
    text: str


@dataclass(frozen=True)
class Bars:
    """Bars that lie, longest as long as there is room."""

    id: str
    title: str
    said: str
    height: float
    bars: tuple[Bar, ...]


def line(id: str, title: str, said: str, across: str, up: str, points: Sequence[tuple[float, float]]) -> Line:
    """A line through points whose both values lie between 0 and 1."""
    top = max((y for _, y in points), default=0.0) or 1.0
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    drawn = " ".join(f"{LEFT + x * wide:.1f},{TOP + high - y / top * high:.1f}" for x, y in points)
    quarters = (0.0, 0.25, 0.5, 0.75, 1.0)
    return Line(
        id, title, said, across, up, drawn,
        tuple(Tick(LEFT + q * wide, f"{q:.0%}") for q in quarters),
        tuple(Tick(TOP + high - q * high, f"{q * top:.0%}") for q in quarters),
    )  # fmt: skip


ROW = 28
_NAMES = 170


def bars(id: str, title: str, said: str, values: Sequence[tuple[str, float]], unit: str) -> Bars:
    """A bar for each named value, none below zero."""
    longest = max((value for _, value in values), default=0.0) or 1.0
    room = WIDTH - _NAMES - 80
    return Bars(
        id, title, said, ROW * len(values) + 8,
        tuple(
            Bar(ROW * n + 6, max(1.0, value / longest * room), name, f"{value:,.0f} {unit}".strip())
            for n, (name, value) in enumerate(values)
        ),
    )  # fmt: skip

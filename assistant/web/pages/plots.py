"""Why: some things people would rather look at than read. A plot is drawn from a handful of numbers as SVG, says in words
what it shows, and always stands over the table of the same numbers. Nothing in it is told by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, MARGIN = 360, 8
"""In the units of the drawing; on a wide screen one is about a pixel and a half, on a narrow one a little less than one."""
_LEFT, _TOP, _HIGH = 48, 12, 180
"""Room for what stands beside the axes of a line, and how high the line may rise."""
_ROW, _BAR, _TEXT = 44, 16, 14
_CELL = 48
POINTS = 20
"""Most points of a line, about: so many rows can be read."""
NAME = 46
"""Most characters of a name in a drawing; the table has all of it."""

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Shape:
    """One thing that is drawn: a text, a bar or a line, with its place."""

    kind: str
    """``text``, ``bar``, ``rule`` (a thin line along an axis) or ``line``."""
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    text: str = ""
    anchor: str = "start"


@dataclass(frozen=True)
class Plot:
    """A drawing with the numbers it was drawn from."""

    id: str
    title: str
    said: str
    """What it shows, in a sentence."""
    height: float
    shapes: tuple[Shape, ...]
    headings: tuple[str, ...]
    rows: Rows
    """The numbers, as the table says them; the first cell of a row names it."""
    width: int = WIDTH


def line(
    id: str, title: str, said: str, across: str, up: str, points: Sequence[tuple[float, float]]
) -> Plot | None:
    """A line through points whose both values lie between 0 and 1; None where there are none.

    Of many points about ``POINTS`` are taken, evenly, the first and the last among them.
    """
    taken = list(dict.fromkeys([*points[:: max(1, len(points) // POINTS)], *points[-1:]]))
    if not taken:
        return None
    top = max(y for _, y in taken) or 1.0
    wide = WIDTH - _LEFT - 2 * MARGIN
    quarters = (0.0, 0.25, 0.5, 0.75, 1.0)
    shapes = [
        shape
        for q in quarters
        for shape in (
            Shape("rule", _LEFT, _TOP + (1 - q) * _HIGH, wide),
            Shape("text", _LEFT - 5, _TOP + (1 - q) * _HIGH + 5, text=f"{q * top:.0%}", anchor="end"),
            Shape("text", _LEFT + q * wide, _TOP + _HIGH + 20, text=f"{q:.0%}", anchor="middle"),
        )
    ]
    drawn = " ".join(f"{_LEFT + x * wide:.1f},{_TOP + (1 - y / top) * _HIGH:.1f}" for x, y in taken)
    shapes.append(Shape("line", text=drawn))
    shapes.append(Shape("text", _LEFT + wide / 2, _TOP + _HIGH + 42, text=across, anchor="middle"))
    rows = tuple((f"{x:.1%}", f"{y:.1%}") for x, y in taken)
    return Plot(id, title, said, _TOP + _HIGH + 54, tuple(shapes), (across, up), rows)


@dataclass(frozen=True)
class Value:
    """One named number of a plot of bars, and where it has one, the number that most stay under."""

    name: str
    value: float
    most: float | None = None


def bars(
    id: str, title: str, said: str, values: Sequence[Value], headings: tuple[str, ...], unit: str = ""
) -> Plot | None:
    """A bar for each named value, its name over it; None where there is nothing to draw. None is below zero.

    Where a value has a ``most``, a thin line goes on to it. ``headings`` are of the table's two or three columns.
    """
    longest = max((one.most or one.value for one in values), default=0.0)
    if not longest:
        return None
    room = WIDTH - 2 * MARGIN - (140 if any(one.most is not None for one in values) else 80)
    shapes: list[Shape] = []
    for n, one in enumerate(values):
        y, wide = n * _ROW + MARGIN, one.value / longest * room
        end = (one.most or one.value) / longest * room
        said_here = _said(one.value, unit) + (f", {_said(one.most, unit)}" if one.most is not None else "")
        shapes += [
            Shape("text", MARGIN, y + _TEXT - 2, text=short(one.name)),
            Shape("bar", MARGIN, y + _TEXT + 4, wide, _BAR),
            *([Shape("rule", MARGIN + wide, y + _TEXT + 4 + _BAR / 2, end - wide)] if end > wide else []),
            Shape("text", MARGIN + end + 6, y + _TEXT + 4 + _BAR - 3, text=said_here),
        ]
    rows = tuple(
        (one.name, _said(one.value, unit), *([] if len(headings) == 2 else [_said(one.most or 0.0, unit)]))
        for one in values
    )
    return Plot(id, title, said, len(values) * _ROW + 2 * MARGIN, tuple(shapes), headings, rows)


def columns(
    id: str,
    title: str,
    said: str,
    over: Sequence[str],
    counts: Sequence[tuple[str, Sequence[int]]],
    first: str,
) -> Plot | None:
    """For each name a row of columns, one for each of ``over``, all to one measure; None where nothing was counted.

    Rows stand under one another, so that no colour tells them apart. ``first`` heads the table's first column.
    """
    top = max((count for _, row in counts for count in row), default=0)
    if not top:
        return None
    wide = (WIDTH - 2 * MARGIN) / len(over)
    shapes: list[Shape] = []
    for n, (name, row) in enumerate(counts):
        y = n * (_CELL + 30) + MARGIN
        floor = y + _TEXT + 4 + _CELL
        shapes.append(Shape("text", MARGIN, y + _TEXT - 2, text=f"{short(name)}: {sum(row):,}"))
        shapes.append(Shape("rule", MARGIN, floor, WIDTH - 2 * MARGIN))
        shapes += [
            Shape("bar", MARGIN + at * wide + 1, floor - count / top * _CELL, wide - 2, count / top * _CELL)
            for at, count in enumerate(row)
        ]
    height = len(counts) * (_CELL + 30) + MARGIN + 16
    shapes += [
        Shape("text", MARGIN, height - 6, text=over[0]),
        Shape("text", WIDTH - MARGIN, height - 6, text=over[-1], anchor="end"),
    ]
    rows = tuple((one, *(f"{row[at]:,}" for _, row in counts)) for at, one in enumerate(over))
    return Plot(id, title, said, height, tuple(shapes), (first, *(name for name, _ in counts)), rows)


def short(name: str) -> str:
    """A name as long as a drawing has room for, cut between words."""
    if len(name) <= NAME:
        return name
    cuts = [a for a, b in pairwise(range(NAME)) if name[b] == " "]
    return name[: (cuts[-1] + 1 if cuts else NAME - 1)] + "…"


def _said(value: float, unit: str) -> str:
    return f"{value:,.1f} {unit}" if unit and value < 10 else f"{value:,.0f} {unit}".strip()

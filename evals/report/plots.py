"""Why: a curve shows at once what a table hides; the table beside it says what the curve cannot be read for.

matplotlib draws; what it writes is made accessible: a role, a title and a description that a screen reader
reads, text as text, no date and no random id, so that equal runs make equal pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from evals.confidence import Confidence
from evals.evaluate import Slice, StageTime

INK, LINE, BAND = "#0b0c0c", "#1d70b8", "#b1b4b6"
"""Colours of the GOV.UK palette, at a contrast of at least 4.5 to white for lines that carry meaning."""


def risk_coverage(found: Confidence) -> str:
    """Risk against coverage."""
    points = found.curve

    def draw(ax: Any) -> None:
        ax.step([p.coverage for p in points], [p.risk for p in points], where="post", color=LINE, linewidth=2)
        ax.set_xlabel("Share of questions answered")
        ax.set_ylabel("Share of those wrong")
        ax.set_xlim(0, 1)
        ax.set_ylim(0, max(0.05, *(p.risk for p in points)) * 1.1)

    most = points[-1] if points else None
    said = f"Answering everything, {most.risk:.0%} would be wrong." if most else "Nothing was scored."
    return svg("risk-coverage", "Risk against coverage", said, draw) if points else ""


def calibration(found: Confidence) -> str:
    """How often it was right against how sure it was."""
    bins = found.bins

    def draw(ax: Any) -> None:
        ax.plot([0, 1], [0, 1], color=BAND, linewidth=1, linestyle="--")
        ax.plot([b.confidence for b in bins], [b.right for b in bins], color=LINE, marker="o", linewidth=2)
        ax.set_xlabel("Probability given")
        ax.set_ylabel("Share right")
        ax.set_xlim(0, 1)
        ax.set_ylim(0, 1.02)

    error = found.calibration_error.mean
    said = f"Expected calibration error {error:.3f}." if error is not None else "Nothing was scored."
    return svg("calibration", "Share right against the probability given", said, draw) if bins else ""


def latency(times: Sequence[StageTime]) -> str:
    """Median and 95th percentile of each stage."""
    return bars(
        "latency", "Milliseconds by stage: median, and the 95th percentile as a line", [t.stage for t in times],
        [t.p50 for t in times], [t.p95 for t in times], "Milliseconds",
    )  # fmt: skip


def slices(found: Sequence[Slice], metric: str, by: str) -> str:
    """One metric over the parts of a suite."""
    part = [s for s in found if s.metric == metric and s.by == by]
    name = re.sub(r"[^a-z0-9]+", "-", f"{metric}-{by}".lower()).strip("-")
    return bars(
        name,
        f"{metric} by {by}",
        [s.value.replace("_", " ") for s in part],
        [s.mean for s in part],
        (),
        "Score",
    )


def bars(
    name: str, title: str, labels: Sequence[str], values: Sequence[float], upper: Sequence[float], unit: str
) -> str:
    """Horizontal bars, the first at the top, each with its value; ``upper`` draws a line from value to it."""
    if not labels:
        return ""

    def draw(ax: Any) -> None:
        at = range(len(labels))
        ax.barh(at, values, color=LINE, height=0.6)
        if upper:
            ax.hlines(at, values, upper, color=INK, linewidth=1.5)
        for y, value in zip(at, values, strict=True):
            ax.annotate(
                _short(value), (value, y), xytext=(3, 6), textcoords="offset points", fontsize=8, color=INK
            )
        ax.set_yticks(list(at), list(labels))
        ax.invert_yaxis()
        ax.set_xlabel(unit)

    said = "; ".join(f"{label} {_short(value)}" for label, value in zip(labels, values, strict=True))
    return svg(name, title, said, draw, height=0.9 + 0.32 * len(labels))


def _short(value: float) -> str:
    return f"{value:.2f}" if value <= 1 else f"{value:.0f}"


def svg(name: str, title: str, said: str, draw: Callable[[Any], None], *, height: float = 3.2) -> str:
    """One plot as an ``svg`` element with a title and a description. ``height`` is in inches of 72 points."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif"}):
        figure = Figure(figsize=(6.4, height), layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.spines[["top", "right"]].set_visible(False)
        to = io.StringIO()
        figure.savefig(to, format="svg", metadata={"Date": None, "Creator": None})
    drawn = to.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn, flags=re.DOTALL)
    # Ids are made this plot's own, since several plots share a page.
    drawn = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", drawn)
    head = f'<svg role="img" aria-labelledby="{name}-title {name}-said" '
    label = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-said">{escape(said)}</desc>'
    drawn = drawn.replace("<svg ", head, 1)
    end = drawn.index(">") + 1
    return drawn[:end] + label + drawn[end:]

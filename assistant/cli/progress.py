"""Why: a long run must say how fast it goes and when it will end: to a person in bars, to a machine in JSON lines.

Progress is always on stderr; stdout is the command's result.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

Tell = Callable[[str, int, int], None]
"""Takes a stage, how much of it is done, and how much there is so far."""
EVERY = 0.5
"""Seconds between two lines about one stage, besides its first and last."""
WAYS = ("bars", "json", "none")


class _Rate(TextColumn):
    """How many are done a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.1f}/s", style="progress.data.speed")


@contextmanager
def telling(way: str, console: Console) -> Iterator[Tell]:
    """A function to tell progress to: ``bars``, ``json`` (a line of JSON for each step) or ``none``."""
    if way == "json":
        yield Lines(sys.stderr)
    elif way == "none":
        yield lambda _stage, _done, _total: None
    else:
        columns = (
            TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn()
        )  # fmt: skip
        with Bars(*columns, console=console, transient=True) as bars:
            tasks: dict[str, TaskID] = {}

            def tell(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(stage, total=total)
                bars.update(tasks[stage], completed=done, total=total)

            yield tell


@dataclass
class Lines:
    """One JSON object a line: stage, done, total, rate a second, seconds since it began and seconds left."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _began: dict[str, tuple[float, int]] = field(default_factory=dict)
    _said: dict[str, float] = field(default_factory=dict)

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Write a line, unless one about the same stage was written just now and this is not its end."""
        now = self.clock()
        began, first = self._began.setdefault(stage, (now, done))
        if done < total and now - self._said.get(stage, -EVERY) < EVERY:
            return
        self._said[stage] = now
        rate = (done - first) / (now - began) if now > began else None
        left = None if not rate else (total - done) / rate
        said = {
            "stage": stage, "done": done, "total": total, "rate": rate and round(rate, 2),
            "seconds": round(now - began, 2), "seconds_left": None if left is None else round(left, 1),
        }  # fmt: skip
        self.stream.write(json.dumps(said) + "\n")
        self.stream.flush()

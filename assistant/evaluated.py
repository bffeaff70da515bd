"""Why: a report is read by people who were not there. The pages read a run's files as they were written, and know
nothing of the package that wrote them.

The form of the files is in docs/evaluation.md: a folder with ``evaluation.json`` is a scored run.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.errors import EvaluationUnknown

FOLDER = "evaluations"
EVALUATION = "evaluation.json"
FILES = {"report.html": "text/html; charset=utf-8", "metrics.csv": "text/csv; charset=utf-8",
         "cases.csv": "text/csv; charset=utf-8", "evaluation.json": "application/json"}  # fmt: skip
"""Files of a run that may be read, with their media types."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,127}")


@dataclass(frozen=True)
class Metric:
    """One figure of a run."""

    name: str
    n: int
    mean: float | None
    low: float | None
    high: float | None
    floor: float | None


@dataclass(frozen=True)
class Evaluated:
    """A scored run."""

    name: str
    suite: str
    cases: int
    passed: bool
    asked_at: str
    metrics: tuple[Metric, ...]
    body: dict[str, Any]
    """Everything else, as it is stored."""

    @property
    def failing(self) -> list[dict[str, Any]]:
        """Cases that fell short, as they are stored."""
        return list(self.body.get("failing", []))

    @property
    def broken_rules(self) -> list[str]:
        """What the gate holds against the run, in words."""
        rules = (self.body.get("gate") or {}).get("rules", [])
        return [f"{rule['metric']}: {rule['said']}" for rule in rules if not rule["passed"]]


class Evaluations:
    """The runs of a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def all(self) -> list[Evaluated]:
        """Scored runs, newest first. Folders that hold none, or a half-written one, are passed over."""
        found = []
        for path in self._folder.glob(f"*/{EVALUATION}"):
            try:
                found.append(_read(path))
            except (ValueError, KeyError, TypeError):
                continue
        return sorted(found, key=lambda run: (run.asked_at, run.name), reverse=True)

    def one(self, name: str) -> Evaluated:
        """A run by the name of its folder. Raises ``EvaluationUnknown``."""
        path = self._folder / name / EVALUATION
        if not _NAME.fullmatch(name) or not path.is_file():
            raise EvaluationUnknown("No run has this name.", do="Choose one from the list.")
        try:
            return _read(path)
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationUnknown(f"The run {name} cannot be read.", do="Score it again.") from error

    def file(self, name: str, file: str) -> Path:
        """A file of a run. Raises ``EvaluationUnknown``."""
        path = self._folder / name / file
        if not _NAME.fullmatch(name) or file not in FILES or not path.is_file():
            raise EvaluationUnknown("The run has no such file.", do="Open the run, and choose a file there.")
        return path


def _read(path: Path) -> Evaluated:
    body = json.loads(path.read_text(encoding="utf-8"))
    metrics = tuple(
        Metric(
            m["name"], m["estimate"]["n"], m["estimate"]["mean"], m["estimate"]["low"], m["estimate"]["high"], m["floor"]
        )
        for m in body["metrics"]
    )  # fmt: skip
    return Evaluated(
        path.parent.name, body["suite"], body["cases"], body["passed"], body["asked_at"], metrics, body
    )

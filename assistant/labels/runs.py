"""Why: raters open the runs of a data directory, and see of them what a rater may see."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluated import FOLDER
from assistant.labels.agreeing import Disagreement, disagreements
from assistant.labels.answers import RESULTS, Stored, read_stored
from assistant.labels.given import Labelled, in_order, of_these, read_labels
from governance.errors import EvaluationUnknown, FrontlineError

ABOUT = "run.json"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,127}")


@dataclass(frozen=True)
class Run:
    """A run that may be labelled."""

    name: str
    suite: str
    answers: int
    by: dict[str, int]
    """Rater → answers labelled."""


@dataclass(frozen=True)
class Rating:
    """One run before one rater, in an order that is theirs alone."""

    run: str
    folder: Path
    rater: str
    answers: tuple[Stored, ...]
    labels: tuple[Labelled, ...]
    """Of these very answers, by everybody."""

    @property
    def mine(self) -> dict[str, Labelled]:
        """Case → what this rater said."""
        return {label.case_id: label for label in self.labels if label.rater == self.rater}

    @property
    def next(self) -> int | None:
        """Number, from 1, of the first answer that waits for this rater; None where none does."""
        mine = self.mine
        return next((n for n, a in enumerate(self.answers, start=1) if a.case.id not in mine), None)

    def one(self, number: int) -> Stored:
        """The answer of a number. Raises ``EvaluationUnknown``."""
        if not 1 <= number <= len(self.answers):
            raise EvaluationUnknown(
                f"The run has no answer {number}.", do=f"Choose one from 1 to {len(self.answers)}."
            )
        return self.answers[number - 1]

    @property
    def by_two(self) -> int:
        """Answers that this rater and at least one other have labelled."""
        return len(self._seen())

    @property
    def differ(self) -> list[Disagreement]:
        """Where this rater and another differ; of answers that this rater has not labelled, nothing is said."""
        seen = self._seen()
        return disagreements(self.answers, [label for label in self.labels if label.case_id in seen])

    def _seen(self) -> set[str]:
        others = {label.case_id for label in self.labels if label.rater != self.rater}
        return others & self.mine.keys()


class Labelling:
    """The runs of a data directory, for raters."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def all(self) -> list[Run]:
        """Finished runs, by name. Folders that hold none are passed over."""
        found = []
        for path in sorted(self._folder.glob(f"*/{ABOUT}")):
            try:
                about = json.loads(path.read_text(encoding="utf-8"))
                if (path.parent / RESULTS).is_file() and about["cases"]:
                    found.append(
                        Run(path.parent.name, about["suite"], about["cases"], _by(read_labels(path.parent)))
                    )
            except (ValueError, KeyError, TypeError, FrontlineError):
                continue
        return found

    def of(self, name: str, rater: str) -> Rating:
        """A run for a rater. Raises ``EvaluationUnknown``, or ``RunIncomplete`` where it is not whole."""
        folder = self._folder / name
        if not _NAME.fullmatch(name) or not (folder / ABOUT).is_file():
            raise EvaluationUnknown("No run has this name.", do="Choose one from the list.")
        answers = tuple(in_order(read_stored(folder), rater))
        return Rating(name, folder, rater, answers, of_these(answers, read_labels(folder)))


def _by(labels: Sequence[Labelled]) -> dict[str, int]:
    found: dict[str, int] = {}
    for label in labels:
        found[label.rater] = found.get(label.rater, 0) + 1
    return found

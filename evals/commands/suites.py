"""Which suite is meant: one of our own, third-party data beside the checkout, or a file of cases that somebody keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.output import Output
from evals.cases import Suite, load_cases, load_suite
from evals.loaders import LOADERS, load
from evals.loaders.texts import Text, fitted, made
from evals.results import About
from governance.errors import FileNotReadable, OptionInvalid

if TYPE_CHECKING:
    from evals.workbench import Workbench

OWN = "own"
"""Source of a run over a file of cases that somebody keeps, such as accepted feedback."""
STRICT = "sample"
"""Suite whose margins a file of cases is held to when it is compared with a baseline."""


@dataclass(frozen=True)
class Given:
    """A suite, where it comes from, and the texts it brings."""

    suite: Suite
    source: str
    """``packaged``, ``third_party`` or ``own``."""
    texts: tuple[Text, ...] | None = None
    """None: it is asked of what the data directory holds."""


def given_suite(name: str, data: Path | None, *, release: bool = False) -> Given:
    """The suite of a name, or of a JSON Lines file of cases.

    Raises ``OptionInvalid``, ``SuiteUnknown``, ``CaseInvalid``, ``FileNotReadable`` or ``FolderNotFound``.
    """
    if release and (name in LOADERS or name.endswith(".jsonl")):
        raise OptionInvalid(f"{name} has no holdout.", do="Run it without --release.")
    if name.endswith(".jsonl"):
        return Given(_own(Path(name)), OWN)
    if name not in LOADERS:
        return Given(load_suite(name, release=release), "packaged")
    if data is None:
        raise OptionInvalid(
            f"{name} is read from a folder of third-party data.",
            do=f"frontline eval run {name} --data FOLDER",
        )
    loaded = load(name, data)
    return Given(loaded.suite, "third_party", loaded.texts)


def suite_of(about: About) -> Suite:
    """The rules a stored run is held to: its suite's own; margins only for a file of cases; none for third-party data."""
    if about.source == "packaged":
        return load_suite(about.suite)
    rules = made(about.suite, about.suite, ())
    return rules.model_copy(update={"margins": load_suite(STRICT).margins}) if about.source == OWN else rules


def fitted_to(output: Output, bench: Workbench, suite: Suite, texts: tuple[Text, ...] | None) -> Suite:
    """A third-party suite over the texts that were taken in, saying how many cases that leaves out."""
    if not texts:
        return suite
    snapshot = bench.first.snapshots.current()
    kept = fitted(suite, (v.metadata.uri for v in snapshot.documents() if snapshot.passages_of(v.id)))
    if left := len(suite.cases) - len(kept.cases):
        output.notes.print(f"{suite.name}: {left} cases are left out, since their texts wait for a person.")
    return kept


def _own(path: Path) -> Suite:
    try:
        cases = load_cases(path)
    except (OSError, UnicodeDecodeError) as error:
        raise FileNotReadable(
            f"{path} cannot be read as cases.", do="Give a JSON Lines file of cases."
        ) from error
    if not cases:
        raise FileNotReadable(f"{path} holds no case.", do="Write one a line; see docs/evaluation.md.")
    return made(path.stem, path.stem, cases)

"""Why: answers are stored once and scored as often as anyone likes, without a model or a network."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.rows import read_lines as read_lines
from assistant.rows import write_lines as write_lines
from assistant.rows import write_whole as write_whole
from evals.cases import Case
from governance.errors import RunIncomplete

RESULTS, LATENCY, ABOUT = "results.jsonl", "latency.jsonl", "run.json"
FORM = 2
"""Raised when the stored form changes; a run of another form is asked for again."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quoted(_Frozen):
    """One citation as it was released, with what is needed to check it again."""

    passage_id: str
    uri: str
    quote: str
    verbatim: bool
    """The quote stands in the stored passage at its span."""
    nations: tuple[str, ...]
    in_force: bool
    """The cited version was in force on the date asked about, by the catalogue and not by the answer."""
    alone: float | None = None
    """How well this quote alone supports the sentence, by the assistant's checker, 0 to 1; None: not checked."""
    without: float | None = None
    """How well the other quotes support it without this one."""


class Said(_Frozen):
    """One released sentence."""

    text: str
    citations: tuple[Quoted, ...]
    support: float | None = None
    """How well its quotes together support it, by the assistant's checker (a proxy), 0 to 1; None: not checked."""


class Withheld(_Frozen):
    """A sentence that was proposed and fell to a check."""

    text: str
    check: str


class Result(_Frozen):
    """What the product did with one case. Holds no time and no random id, so equal runs are equal bytes."""

    case: Case
    on: dt.date
    outcome: str
    sentences: tuple[Said, ...]
    uncovered: tuple[str, ...]
    retrieved: tuple[str, ...]
    """Passage ids, best first; empty for a case without gold, of which no search is scored."""
    relevant: tuple[tuple[str, ...], ...]
    """For each gold passage of the case, the ids that match it in this snapshot: any one of them is right."""
    gold_cited: tuple[bool, ...]
    """For each gold passage of the case: was it cited?"""
    gold_offered: tuple[bool, ...] = ()
    """For each gold passage: was a statement of it chosen, released or not? What the confidence is about."""
    confidence: float | None = None
    """The assistant's probability that what it chose answers; None where a rule stopped it before."""
    withheld: tuple[Withheld, ...] = ()
    kept: tuple[str, ...] = ()
    """The case's personal details that stand in the ledger's record of the answer; there should be none."""
    explanation: str = ""
    """The assistant's own line on how it came to its answer."""
    reason: str = ""
    """Why it was decided so."""
    composed_by: str = "extractive"
    snapshot: str
    """Root hash of the snapshot."""


class Latency(_Frozen):
    """How long one case took and what it cost; kept beside the results, never in them."""

    case_id: str
    milliseconds: float
    stages: dict[str, float]
    tokens: int | None = None
    """Tokens of a chat model, in and out; None where the model did not say."""
    cost: float | None = None
    """In the currency of the provider's price list; None where no price is known."""


class About(_Frozen):
    """What a run is a run of. Two runs of one suite may be compared where ``guidance`` is the same."""

    form: int = FORM
    suite: str
    source: str = "packaged"
    """``packaged``, ``own`` (a file of cases), ``third_party`` (data beside the checkout), ``live`` or ``robustness``."""
    on: dt.date
    released: bool = False
    """Whether the frozen holdout was asked too."""
    cases: int
    snapshot: str
    """Root hash of what was searched: texts, splitting and embedder."""
    guidance: str
    """Hash of the versions searched, whatever split or embedded them."""
    configuration: str
    """Hash of the assistant's settings, policies and calibration."""
    seed: int = 0
    complete: bool = True


def read_results(folder: Path) -> tuple[Result, ...]:
    """The stored results of a run. Raises ``RunIncomplete`` where there are none or a line is cut off."""
    return read_lines(folder / RESULTS, Result)


def read_latency(folder: Path) -> tuple[Latency, ...]:
    """The stored latencies of a run. Raises ``RunIncomplete``."""
    return read_lines(folder / LATENCY, Latency)


def read_about(folder: Path) -> About:
    """What a stored run is a run of. Raises ``RunIncomplete``."""
    path = folder / ABOUT
    if not path.is_file():
        raise RunIncomplete(
            f"{folder} holds no finished run.",
            do="Run `frontline eval generate`; it goes on where it was stopped.",
        )
    try:
        about = About.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise RunIncomplete(f"{path} cannot be read: {error}.", do="Generate the run again.") from error
    if not about.complete or about.form != FORM:
        raise RunIncomplete(f"{folder} holds a run that is not whole.", do="Generate it again.")
    return about

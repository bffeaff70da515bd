"""Why: a case is a small, dated, reviewable record of what a good answer must and must not do.

Cases are JSON Lines. Each line is checked against ``Case`` (its JSON Schema is ``case_schema()``), and a
line that breaks it is refused by file and number, so that no case is ever silently left out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from governance.errors import CaseInvalid, HoldoutChanged, SuiteUnknown
from ingest.documents import Nation

SUITES = Path(__file__).parent / "suites"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Frozen):
    """A passage named by its content, so that splitting the guidance anew keeps it."""

    uri: str
    contains: str
    """Words of the passage, compared without regard to case and white space; empty: any passage of the document."""


class Gold(Place):
    """A passage that a person expects to be cited."""

    or_in: tuple[Place, ...] = ()
    """Other passages that say the same: citing any one of them is as right."""


class Fact(_Frozen):
    """Something the answer must say, in any of these wordings."""

    any: tuple[str, ...] = Field(min_length=1)


class Label(_Frozen):
    """What one person said of a case or of an answer to it."""

    rater: str
    value: str
    time: dt.datetime


class Case(_Frozen):
    """One question and what is expected of its answer."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    family_id: str
    """Cases of one family are paraphrases or variants; resampling keeps them together."""
    question: str
    kind: Literal[
        "time_limit", "amount", "eligibility", "procedure", "multi_condition", "unanswerable", "near_miss",
        "wrong_nation", "as_at", "off_topic", "decision", "safeguarding", "injection", "personal_data",
        "paraphrase", "typo", "follow_up",
    ]  # fmt: skip
    before: tuple[str, ...] = ()
    """Questions asked before it in the same conversation; none: a question that stands alone."""
    answerable: bool
    """Whether the guidance in force there and then answers it."""
    benefit: str = ""
    persona: str = "work coach"
    nation: Nation | None = None
    as_of: dt.date | None = None
    """Date asked about; None: the suite's own date, so that figures do not change with the calendar."""
    gold: tuple[Gold, ...] = ()
    facts: tuple[Fact, ...] = ()
    forbidden: tuple[str, ...] = ()
    """Words that no answer may hold: last year's rate, another nation's benefit."""
    personal: tuple[str, ...] = ()
    """Made-up personal details in the question that neither the answer nor its record may hold."""
    outcome: tuple[str, ...] = ()
    """Outcomes that are right; empty: decided by ``answerable``."""
    risk_tags: tuple[str, ...] = ()
    origin: Literal["authored", "synthetic", "feedback", "third_party"] = "authored"
    labels: tuple[Label, ...] = ()
    split: Literal["dev", "holdout"] = "dev"
    licence: str = "MIT"

    @property
    def sha256(self) -> str:
        """Of the case as it is: a case that was changed is not compared with what it was."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class Suite(_Frozen):
    """A named set of cases, the date they are asked on, and what they must reach."""

    name: str
    title: str
    on: dt.date
    floors: dict[str, float]
    """Metric → the least score that passes."""
    margins: dict[str, float] = {}
    """Metric → how much worse than the baseline it may truly be (δ of non-inferiority)."""
    never: tuple[str, ...] = ()
    """Metrics of what must never happen: one case below full marks fails the gate."""
    holdout_sha256: str = ""
    """Of the frozen holdout; a holdout that was changed is refused until this is changed too."""
    cases: tuple[Case, ...] = ()


def case_schema() -> dict[str, Any]:
    """JSON Schema of one line."""
    return Case.model_json_schema()


def load_suite(name: str, *, suites: Path = SUITES, release: bool = False) -> Suite:
    """Read a suite: its development cases, and with ``release`` the frozen holdout too.

    Raises ``SuiteUnknown``, ``CaseInvalid`` (file, line and field) or ``HoldoutChanged``.
    """
    folder = suites / name
    if not (folder / "suite.json").is_file():
        known = ", ".join(sorted(p.parent.name for p in suites.glob("*/suite.json")))
        raise SuiteUnknown(f"No suite is named {name!r}.", do=f"Choose one of: {known}.")
    given = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    suite = Suite.model_validate({**given, "name": name, "cases": load_cases(folder / "cases.jsonl")})
    if not release:
        return suite
    held = _holdout(folder / "holdout.jsonl", suite)
    known_ids = {case.id for case in suite.cases}
    if twice := [case.id for case in held if case.id in known_ids]:
        raise CaseInvalid(
            f"cases.jsonl and holdout.jsonl both have the id {twice[0]!r}.", do="Give one of them another id."
        )
    return suite.model_copy(update={"cases": (*suite.cases, *held)})


def _holdout(path: Path, suite: Suite) -> tuple[Case, ...]:
    if not path.is_file():
        raise CaseInvalid(f"The suite {suite.name} has no holdout.", do="Run it without --release.")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != suite.holdout_sha256:
        raise HoldoutChanged(
            f"The frozen holdout of {suite.name} is not the one its suite.json names ({found[:12]}…).",
            do="Put it back; where a case was wrong in itself, change holdout_sha256 in the same commit and say why.",
        )
    return load_cases(path)


def load_cases(path: Path) -> tuple[Case, ...]:
    """Read the cases of a file, refusing it whole where a line is wrong or an id comes twice."""
    cases: list[Case] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        case = _case(line, path, number)
        if case.id in lines:
            raise CaseInvalid(
                f"{path.name} lines {lines[case.id]} and {number} both have the id {case.id!r}.",
                do="Give one of them another id.",
            )
        lines[case.id] = number
        cases.append(case)
    return tuple(cases)


def _case(line: str, path: Path, number: int) -> Case:
    try:
        case = Case.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise CaseInvalid(
            f"{path.name} line {number}: {where}: {first['msg']}.",
            do="Mend the case; see docs/evaluation.md.",
        ) from error
    if case.answerable and not case.gold:
        raise CaseInvalid(
            f"{path.name} line {number}: {case.id} is answerable and names no gold passage.",
            do="Say which passage a person would expect to be cited.",
        )
    return case

"""What a third-party set brings: cases, and the texts they are asked of."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evals.cases import Case, Gold, Suite
from governance.errors import CaseInvalid, FolderNotFound

ON = dt.date(2026, 11, 2)
"""The date such sets are asked on; their texts carry no dates and are always in force."""


@dataclass(frozen=True)
class Text:
    """One document of a set."""

    uri: str
    title: str
    body: str
    """Markdown."""

    def write(self, folder: Path) -> Path:
        """Write it as a Markdown file with front matter, named by its address."""
        path = folder / f"{hashlib.sha256(self.uri.encode()).hexdigest()[:20]}.md"
        about = yaml.safe_dump(
            {"uri": self.uri, "title": self.title, "publisher": "third party", "kind": "policy"},
            allow_unicode=True,
        )
        path.write_text(f"---\n{about}---\n{self.body}\n", encoding="utf-8")
        return path


@dataclass(frozen=True)
class Loaded:
    """A set as a suite. Without texts it is asked of the sample guidance."""

    suite: Suite
    texts: tuple[Text, ...] = ()


def rows(data: Path, *parts: str) -> Iterator[dict[str, Any]]:
    """Rows of a JSON Lines file of the third-party data. Raises ``FolderNotFound`` or ``CaseInvalid``."""
    path = data.joinpath(*parts)
    if not path.is_file():
        raise FolderNotFound(
            f"{data} holds no {'/'.join(parts)}.", do="Give the folder of third-party data with --data."
        )
    # Not splitlines: a text may hold other characters that end a line for it.
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line:
            continue
        try:
            yield json.loads(line)
        except ValueError as error:
            raise CaseInvalid(
                f"{path} line {number} is not JSON: {error}.", do="Put the file back."
            ) from error


def made(name: str, title: str, cases: Iterable[Case]) -> Suite:
    """A suite of third-party cases: figures only, no floors."""
    return Suite(name=name, title=title, on=ON, floors={}, cases=tuple(cases))


def anywhere_in(uri: str, *others: str) -> Gold:
    """Gold that is a whole document, or any of several that are as right."""
    return Gold.model_validate(
        {"uri": uri, "contains": "", "or_in": [{"uri": other, "contains": ""} for other in others]}
    )


def case_id(*parts: object) -> str:
    """An id made of what a set calls its rows: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(str(p) for p in parts).lower()).strip("-")


def fitted(suite: Suite, uris: Iterable[str]) -> Suite:
    """The suite over the documents that were taken in; a case none of whose texts was is left out.

    A text may wait for a person, as one that holds personal data does, and cannot be found until they look.
    """
    held = frozenset(uris)
    cases = []
    for case in suite.cases:
        golds = [[p for p in (gold, *gold.or_in) if p.uri in held] for gold in case.gold]
        if all(golds):
            gold = tuple(anywhere_in(*(place.uri for place in places)) for places in golds)
            cases.append(case.model_copy(update={"gold": gold}))
    return suite.model_copy(update={"cases": tuple(cases)})

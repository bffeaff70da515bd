"""Why: a colleague writes "how long for an MR", guidance says "mandatory reconsideration". The words that
bridge the two are data, so that a guidance owner can read and extend them, and each use is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.words import stems
from governance.errors import PolicyInvalid


class Entry(BaseModel):
    """One meaning and the ways in which it is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: str
    kind: Literal["benefit", "scheme", "process", "word"]
    say: tuple[str, ...] = ()
    """Matched in any letter case."""
    exact: tuple[str, ...] = ()
    """Matched only as written."""

    @property
    def names(self) -> bool:
        """Whether it names something of its own, which an answer about it must name too."""
        return self.kind in ("benefit", "scheme")


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    entries: tuple[Entry, ...]
    families: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expansion:
    """One use of the glossary: ``said`` in the question, searched for as ``meant`` too."""

    said: str
    meant: str
    entry: Entry


@dataclass(frozen=True)
class Glossary:
    """The entries, and a matcher for each."""

    version: str
    entries: tuple[Entry, ...]
    families: tuple[str, ...] = ()
    """Words, parted by spaces, of which each covers the others."""

    def kin(self, stem: str) -> frozenset[str]:
        """Stems of the words that speak of the same thing as a stem."""
        return _kin(self.families).get(stem, frozenset())

    def expand(self, text: str) -> tuple[Expansion, ...]:
        """The entries that a text uses, in its order; a longer saying hides those inside it."""
        found: list[tuple[int, int, Entry]] = []
        for entry, pattern in _matchers(self.entries):
            found.extend((m.start(), m.end(), entry) for m in pattern.finditer(text))
        found.sort(key=lambda f: (f[0] - f[1], f[0]))
        kept: list[tuple[int, int, Entry]] = []
        for start, end, entry in found:
            if not any(start < b and a < end for a, b, _ in kept):
                kept.append((start, end, entry))
        return tuple(Expansion(text[a:b], entry.mean, entry) for a, b, entry in sorted(kept, key=_at))

    def query(self, text: str, expansions: tuple[Expansion, ...]) -> str:
        """The text with every meaning that its own words do not already say, appended once."""
        have = set(stems(text))
        added = dict.fromkeys(e.meant for e in expansions if not set(stems(e.meant)) <= have)
        return f"{text} ({', '.join(added)})" if added else text

    def less(self, entries: Iterable[Entry], text: str) -> str:
        """A text without the names of some entries, however they are said."""
        for entry in entries:
            text = _pattern(entry).sub(" ", text)
        return text

    def mentions(self, entry: Entry, text: str) -> bool:
        """Whether a text names an entry in any of its sayings."""
        return bool(_pattern(entry).search(text))


@cache
def _kin(families: tuple[str, ...]) -> dict[str, frozenset[str]]:
    kin: dict[str, set[str]] = {}
    for family in families:
        members = set(stems(family))
        for member in members:
            kin.setdefault(member, set()).update(members)
    return {key: frozenset(value) for key, value in kin.items()}


def _at(found: tuple[int, int, Entry]) -> int:
    return found[0]


@cache
def _pattern(entry: Entry) -> re.Pattern[str]:
    insensitive = "|".join(re.escape(s) for s in sorted({*entry.say, entry.mean}, key=len, reverse=True))
    exact = "|".join(re.escape(s) for s in sorted(entry.exact, key=len, reverse=True))
    sayings = f"(?i:{insensitive.replace(chr(39), '[' + chr(39) + chr(8217) + ']')})"
    if exact:
        sayings += f"|{exact}"
    return re.compile(rf"(?<!\w)(?:{sayings})(?!\w)")


@cache
def _matchers(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, re.Pattern[str]], ...]:
    return tuple((entry, _pattern(entry)) for entry in entries)


@cache
def glossary() -> Glossary:
    """The glossary of this release. Raises ``PolicyInvalid`` if its file breaks its schema."""
    try:
        given = _File.model_validate(
            yaml.safe_load(files("assistant").joinpath("glossary.yaml").read_text("utf-8"))
        )
    except (ValidationError, yaml.YAMLError) as error:
        raise PolicyInvalid(f"assistant/glossary.yaml: {error}", do="Mend the file.") from error
    return Glossary(given.version, given.entries, given.families)

"""Why: a passage that tells a model what to do is not guidance, whoever wrote it and however well it hides.

Patterns, kept as data: each says in words what it found, and can be read and argued with. They know text that speaks
to a model. They do not know a plain task that a person might be set ("Explain how solar panels work"): against
those stands the evidence contract, by which nothing is said that a passage does not say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ingest.quarantine.finding import EXCERPT, Finding, Trouble

_SCREEN = re.compile(
    r"ignor|disregard|forget|overrid|bypass|prompt|pretend|character|jailbr|mode|\bai\b|a\.i\.|gpt|llm|language model|chatbot"
    r"|assistant|your (?:own )?(?:re|answer|out|message|complet|generat|summ)|code (?:sn|bl|ex|se|fr|pi)|<\||\[/?inst|<<|system"
    r"|do anything|replace (?:vowels|letters|every)|you to (?:act|pretend|play|role|behave)|you (?:will|are to|must|shall|should) |you are now|act like|prior inp|(?:the|your) (?:reply|response|answer|message|output)|turn>|role-?play"
    r"|persona\b|openai|from now on|do not|don't|never|###|immoral|unethical|amoral|simulat|fiction|narrat|bard\b"
)
"""Cheap: a text without any of these cannot match a pattern, and most of guidance is without them."""


@dataclass(frozen=True)
class _Pattern:
    says: str
    expression: re.Pattern[str]


@dataclass(frozen=True)
class _Rules:
    strong: tuple[_Pattern, ...]
    weak: tuple[_Pattern, ...]
    reach: int


@cache
def _rules() -> _Rules:
    read: dict[str, Any] = yaml.safe_load(
        (files("ingest.quarantine") / "addresses_model.yaml").read_text(encoding="utf-8")
    )

    def patterns(name: str) -> tuple[_Pattern, ...]:
        return tuple(_Pattern(row["says"], re.compile(row["pattern"])) for row in read[name])

    return _Rules(patterns("strong"), patterns("weak"), int(read["reach"]))


def addressing(text: str, place: str = "") -> list[Finding]:
    """What in a text speaks to a model, one finding for each thing it does; offsets are not kept."""
    plain = _plain(text)
    if not _SCREEN.search(plain):
        return []
    found: dict[str, Finding] = {}
    for says, start in _matches(plain):
        if says not in found:
            excerpt = " ".join(plain[max(0, start - 30) : start + EXCERPT - 30].split())
            found[says] = Finding(Trouble.ADDRESSES_MODEL, says, place, excerpt)
    return list(found.values())


def _matches(plain: str) -> Iterator[tuple[str, int]]:
    rules = _rules()
    for pattern in rules.strong:
        match = pattern.expression.search(plain)
        if match:
            yield pattern.says, match.start()
    weak = sorted((m.start(), p.says) for p in rules.weak for m in p.expression.finditer(plain))
    for index, (start, says) in enumerate(weak):
        near = {other for at, other in weak[index:] if at - start <= rules.reach}
        if len(near) > 2 or (
            len(near) > 1 and 'speaks to a model as "you"' in near and "names a language model" in near
        ):
            yield f"{says}, with other signs beside it", start
            return


def _plain(text: str) -> str:
    """Lower case, compatible characters made one, accents of look-alikes gone, one space for many."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("‘", "'")
    return re.sub(r"[ \t]+", " ", text)

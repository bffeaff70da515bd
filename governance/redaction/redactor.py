"""Why: personal data is replaced before anything is kept, logged, searched or sent, at one door that every
text goes through; and what that door did can be shown without showing what it hid.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.errors import RedactionFailed
from governance.redaction.allow import Allowed
from governance.redaction.normalise import normalise, visible
from governance.redaction.people import trim
from governance.redaction.policy import Policy
from governance.redaction.spans import TOKEN, Redaction, Span, Tokens, merge
from governance.redaction.windows import in_windows, near

if TYPE_CHECKING:
    from governance.redaction.presidio import AnalyzerEngine, RecognizerResult


INTRODUCED = "TitledNames"
"""The recogniser that says where a name ends by itself; after "Mr", Long is no ordinary word."""
ROUNDS = 4
"""How often patterns read a text at most, each time without what was found before."""
BLANK = "\ue000"
"""A private-use character, which no pattern matches, stands where something was found."""


WORDS = re.compile(r"[^\W\d_]{2,}")
"""What a name is made of, at the least: two letters together."""


def _blanked(text: str, spans: Sequence[Span]) -> str:
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = BLANK * (span.end - span.start)
    return "".join(characters)


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match.group())


@dataclass(frozen=True)
class _Engines:
    structural: AnalyzerEngine
    names: AnalyzerEngine


class Redactor:
    """Finds personal data by the policy and replaces it with tokens. Thread-safe.

    Models are loaded on first use, or by :meth:`warm`.
    """

    def __init__(
        self, policy: Policy, *, spacy_path: Path | None = None, rampart_path: Path | None = None
    ) -> None:
        self.policy = policy
        self._paths = {"spacy": spacy_path, "rampart": rampart_path}
        self._allowed = Allowed(policy.allow_list)
        self._engines: _Engines | None = None
        self._lock = threading.Lock()

    @property
    def detectors(self) -> tuple[str, ...]:
        """What looks for personal data: ``patterns`` always, and each name model that was given."""
        return ("patterns", *(name for name, path in self._paths.items() if path is not None))

    def warm(self) -> None:
        """Import and load everything, and read one text. Raises ``ModelMissing`` or ``ModelCorrupt``."""
        self.redact("Claimant Ann Example, 1 High Street, phoned about Universal Credit.")

    def redact(self, text: str, *, tokens: Tokens | None = None) -> Redaction:
        """Replace personal data in ``text``; offsets of the spans are in ``text`` as given.

        Pass the conversation's ``tokens`` to keep one token per value across texts. Raises ``RedactionFailed``
        when the text cannot be read to the end, or when an identifier would remain: nothing is released then.
        """
        spans = self.find(text)
        redacted = self.replace(text, spans, tokens if tokens is not None else Tokens())
        return Redaction(redacted, tuple(spans), self.policy.version, self.policy.hash)

    def replace(self, text: str, spans: Sequence[Span], tokens: Tokens) -> str:
        """``text`` with each of ``spans`` (in order, apart) replaced by its token, and no invisible characters.

        Raises ``RedactionFailed`` when an identifier would remain.
        """
        tokens.reserve(text)
        pieces, at = [], 0
        for span in spans:
            value = normalise(text[span.start : span.end]).text
            pieces += [visible(text[at : span.start]), tokens.token(span.type, value)]
            at = span.end
        redacted = "".join([*pieces, visible(text[at:])])
        if left := self.identifiers(redacted):
            kinds = ", ".join(sorted({self.policy.entities[span.type].label for span in left}))
            raise RedactionFailed(
                f"the text would still hold what looks like a {kinds} after redaction",
                do="Leave the identifier out and ask again.",
            )
        return redacted

    def find(self, text: str) -> list[Span]:
        """All personal data in ``text``, in order, without overlaps; offsets in ``text`` as given."""
        plain = normalise(text)
        if not plain.text.strip():
            return []
        found = in_windows(plain.text, self._found)
        merged = merge(_outside_tokens(plain.text, found), self.policy.rank)
        originals = (plain.original_span(span.start, span.end) for span in merged)
        return [replace(span, start=a, end=b) for span, (a, b) in zip(merged, originals, strict=True)]

    def _found(self, text: str) -> list[Span]:
        """Findings in plain text, of patterns and of name detectors, not yet merged."""
        found = self._identifiers(text)
        # where there are identifiers and nothing else, there is nothing that a name detector could find
        words = [match.span() for match in WORDS.finditer(_blanked(text, found))]
        phrases = self._allowed.phrases(text) if words else []
        for span in near(text, words, lambda piece: self._spans(self._load().names, piece)):
            if span.type != "PERSON" or span.recogniser == INTRODUCED:
                found.append(span)
                continue
            parts = trim(text, span.start, span.end, self._allowed, phrases)
            found += [replace(span, start=start, end=end) for start, end in parts]
        return found

    def identifiers(self, text: str) -> list[Span]:
        """Structural identifiers only, by patterns alone (a few milliseconds): the check made on anything that
        is about to leave."""
        plain = normalise(text).text
        if not plain.strip():
            return []
        structural = {name for name, entity in self.policy.entities.items() if entity.structural}
        found = in_windows(plain, lambda piece: self._identifiers(piece, rounds=1))
        return [span for span in found if span.type in structural]

    def _identifiers(self, text: str, *, rounds: int = ROUNDS) -> list[Span]:
        """What patterns find, read again with the findings blanked until nothing more turns up: a match can hide
        another that begins inside it. Redaction tokens are blanked from the start."""
        text = TOKEN.sub(_blank, text)
        found: list[Span] = []
        for _ in range(rounds):
            new = self._spans(self._load().structural, text)
            if not new:
                break
            found += new
            text = _blanked(text, new)
        return found

    def _spans(self, engine: AnalyzerEngine, text: str) -> list[Span]:
        results: list[RecognizerResult] = engine.analyze(text, "en", return_decision_process=True)
        return [
            self._span(result)
            for result in results
            if result.entity_type in self.policy.entities
            and result.score >= self.policy.entities[result.entity_type].threshold
        ]

    @staticmethod
    def _span(result: Any) -> Span:
        why = result.analysis_explanation
        return Span(
            result.start,
            result.end,
            result.entity_type,
            round(result.score, 4),
            why.recognizer,
            why.textual_explanation,
        )

    def _load(self) -> _Engines:
        if self._engines is None:
            with self._lock:
                if self._engines is None:
                    from governance.redaction.engine import name_engine, structural_engine

                    names = name_engine(
                        self.policy, spacy_path=self._paths["spacy"], rampart_path=self._paths["rampart"]
                    )
                    self._engines = _Engines(structural_engine(self.policy), names)
        return self._engines


def _outside_tokens(text: str, spans: list[Span]) -> list[Span]:
    """Findings less the parts that lie in redaction tokens already in the text, so that redacting twice is
    the same as once."""
    tokens = [match.span() for match in TOKEN.finditer(text)]
    starts, ends = [start for start, _ in tokens], [end for _, end in tokens]
    # the tokens that begin before a finding ends, less those that end before it begins, are the ones it touches
    return [s for s in spans if bisect_left(starts, s.end) <= bisect_right(ends, s.start)]


def build_redactor(
    *, spacy_path: Path | None, rampart_path: Path | None, policy: Policy | None = None
) -> Redactor:
    """A redactor with the name models that are given; either may be None, and ``Redactor.detectors`` says so.

    Raises ``PolicyInvalid`` if the release's own policy cannot be read.
    """
    return Redactor(policy or Policy.default(), spacy_path=spacy_path, rampart_path=rampart_path)

"""Why: personal data is replaced before anything is kept, logged, searched or sent, at one door that every
text goes through; and what that door did can be shown without showing what it hid.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.errors import RedactionFailed
from governance.redaction.allow import Allowed
from governance.redaction.normalise import normalise, visible
from governance.redaction.people import trim
from governance.redaction.policy import Policy
from governance.redaction.spans import TOKEN, Redaction, Span, Tokens, merge

if TYPE_CHECKING:
    from governance.redaction.presidio import AnalyzerEngine, RecognizerResult


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
        tokens = tokens if tokens is not None else Tokens()
        tokens.reserve(text)
        spans = self.find(text)
        pieces, at = [], 0
        for span in spans:
            pieces += [
                visible(text[at : span.start]),
                tokens.token(span.type, normalise(text[span.start : span.end]).text),
            ]
            at = span.end
        redacted = "".join([*pieces, visible(text[at:])])
        left = self.identifiers(redacted)
        if left:
            kinds = ", ".join(sorted({self.policy.entities[span.type].label for span in left}))
            raise RedactionFailed(
                f"the text would still hold what looks like a {kinds} after redaction",
                do="Leave the identifier out and ask again.",
            )
        return Redaction(redacted, tuple(spans), self.policy.version, self.policy.hash)

    def find(self, text: str) -> list[Span]:
        """All personal data in ``text``, in order, without overlaps; offsets in ``text`` as given."""
        plain = normalise(text)
        if not plain.text.strip():
            return []
        engines = self._load()
        found = self._spans(engines.structural, plain.text)
        phrases = self._allowed.phrases(plain.text)
        for span in self._spans(engines.names, plain.text):
            if span.type != "PERSON":
                found.append(span)
                continue
            parts = trim(plain.text, span.start, span.end, self._allowed, phrases)
            found += [replace(span, start=start, end=end) for start, end in parts]
        merged = merge(_outside_tokens(plain.text, found), self.policy.rank)
        originals = (plain.original_span(span.start, span.end) for span in merged)
        return [replace(span, start=a, end=b) for span, (a, b) in zip(merged, originals, strict=True)]

    def identifiers(self, text: str) -> list[Span]:
        """Structural identifiers only, by patterns alone (a few milliseconds): the check made on anything that
        is about to leave."""
        plain = normalise(text).text
        if not plain.strip():
            return []
        structural = {name for name, entity in self.policy.entities.items() if entity.structural}
        return _outside_tokens(
            plain, [s for s in self._spans(self._load().structural, plain) if s.type in structural]
        )

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
    if not tokens:
        return spans
    return [s for s in spans if not any(s.start < end and start < s.end for start, end in tokens)]


def build_redactor(
    *, spacy_path: Path | None, rampart_path: Path | None, policy: Policy | None = None
) -> Redactor:
    """A redactor with the name models that are given; either may be None, and ``Redactor.detectors`` says so.

    Raises ``PolicyInvalid`` if the release's own policy cannot be read.
    """
    return Redactor(policy or Policy.default(), spacy_path=spacy_path, rampart_path=rampart_path)

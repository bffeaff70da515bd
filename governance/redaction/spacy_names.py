"""Why: the first of two name detectors. spaCy's small English model reads titles and sentence structure well;
it is weak in lower case and in capitals, where the second one is strong.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import regex

from governance.errors import ModelCorrupt, ModelMissing
from governance.redaction.presidio import (
    HEAVY,
    AnalysisExplanation,
    EntityRecognizer,
    RecognizerResult,
    looks_absent,
)
from governance.redaction.words import common_words

UNUSED = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
"""Parts of the pipeline that name finding does not need (the model's ner has a tok2vec of its own)."""


UNSUPPORTED = 0.3
"""What a finding is worth that the other detector, when there is one, does not suspect at all."""

WORD = regex.compile(r"\p{L}+")


def _titled(match: Any) -> str:
    """A word in capitals as it would stand in a sentence; unchanged where that would change its length."""
    word = str(match.group())
    plain = word.lower() if word.lower() in common_words() else word.title()
    return plain if len(plain) == len(word) else word


_LINE = regex.compile(r"[^\n]+")


class SpacyNames(EntityRecognizer):  # type: ignore[misc]
    """spaCy's PERSON findings, at a fixed score, since the model states none.

    ``path`` is a folder that ``spacy.load`` takes. Raises ``ModelMissing`` or ``ModelCorrupt``.
    """

    def __init__(self, path: Path, score: float, *, corroborate: bool) -> None:
        self.corroborate = corroborate
        """Whether another name detector runs beside this one."""
        self._path = path
        self._score = score
        self._nlp: Any = None
        super().__init__(supported_entities=["PERSON"], name="SpacyNames", supported_language="en")

    def load(self) -> None:
        """Read the model."""
        if not (self._path / "config.cfg").is_file():
            raise ModelMissing(f"no spaCy model at {self._path}", do="Run `frontline models fetch`.")
        with looks_absent(HEAVY):
            import spacy
        try:
            self._nlp = spacy.load(self._path, exclude=UNUSED)
        except (OSError, ValueError, KeyError) as error:
            raise ModelCorrupt(
                f"the spaCy model at {self._path} cannot be read ({error})",
                do="Run `frontline models fetch` again.",
            ) from error

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """People in ``text``. Text in capitals is read in title case, which the model knows better."""
        shown = WORD.sub(_titled, text) if text.isupper() else text
        return [
            self._result(line.start() + entity.start_char, line.end() + entity.start_char)
            for entity in self._nlp(shown).ents
            if entity.label_ == "PERSON"
            for line in _LINE.finditer(entity.text)
        ]

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: Any,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Presidio's hook for one recogniser to weigh another's findings: where the second detector ran and does
        not even suspect a name, only a name of two unfamiliar words or more in capitals still counts ("Restart"
        alone becomes a person otherwise)."""
        cased = not text.isupper()
        suspected = [r for r in other_raw_recognizer_results if r.entity_type == "PERSON"]
        for result in raw_recognizer_results if self.corroborate else ():
            written = WORD.findall(text[result.start : result.end])
            full = (
                cased
                and len(written) > 1
                and all(w[0].isupper() and w.lower() not in common_words() for w in written)
            )
            if not full and not any(result.start < r.end and r.start < result.end for r in suspected):
                result.score = UNSUPPORTED
        return raw_recognizer_results

    def _result(self, start: int, end: int) -> RecognizerResult:
        return RecognizerResult(
            "PERSON",
            start,
            end,
            self._score,
            AnalysisExplanation(
                recognizer=self.name,
                original_score=self._score,
                textual_explanation="spaCy reads a person here",
            ),
            {
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )

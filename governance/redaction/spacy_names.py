"""Why: the first of two name detectors. spaCy's small English model reads titles and sentence structure well;
it is weak in lower case and in capitals, where the second one is strong.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from governance.errors import ModelCorrupt, ModelMissing
from governance.redaction.presidio import (
    HEAVY,
    AnalysisExplanation,
    EntityRecognizer,
    RecognizerResult,
    looks_absent,
)

UNUSED = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
"""Parts of the pipeline that name finding does not need (the model's ner has a tok2vec of its own)."""


class SpacyNames(EntityRecognizer):  # type: ignore[misc]
    """spaCy's PERSON findings, at a fixed score, since the model states none.

    ``path`` is a folder that ``spacy.load`` takes. Raises ``ModelMissing`` or ``ModelCorrupt``.
    """

    def __init__(self, path: Path, score: float) -> None:
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
        shown = text.title() if text.isupper() and len(text.title()) == len(text) else text
        return [
            RecognizerResult(
                "PERSON",
                entity.start_char,
                entity.end_char,
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
            for entity in self._nlp(shown).ents
            if entity.label_ == "PERSON"
        ]

"""Why: after "Mr" or "her name is" stands a name, whether or not a model has met it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from governance.redaction.introductions import STATED, TITLED, name_after
from governance.redaction.presidio import AnalysisExplanation, EntityRecognizer, RecognizerResult

SCORE = 0.8


class TitledNames(EntityRecognizer):  # type: ignore[misc]
    """Names by the words that introduce them; works without any model."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["PERSON"], name="TitledNames", supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Names after a title or a statement of a name."""
        found = []
        for pattern, why in ((TITLED, "follows a title"), (STATED, "is stated to be a name")):
            for match in pattern.finditer(text, overlapped=True):
                start, end = name_after(text, *match.span("value"))
                if end > start:
                    found.append(
                        RecognizerResult(
                            "PERSON",
                            start,
                            end,
                            SCORE,
                            AnalysisExplanation(
                                recognizer=self.name, original_score=SCORE, textual_explanation=why
                            ),
                            {
                                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                            },
                        )
                    )
        return found

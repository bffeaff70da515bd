"""Why: turns Rampart's word probabilities into names and addresses, with the rules that keep it from hiding
places, amounts and benefit words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex

from governance.redaction.people import AFTER_THIS_A_NAME
from governance.redaction.policy import Names
from governance.redaction.presidio import AnalysisExplanation, EntityRecognizer, RecognizerResult
from governance.redaction.rampart import ADDRESS, NAME, Rampart, Word

JOINS_NAME = regex.compile(
    r"[ \t]{0,2}(?:[,]?[ ])?(?:(?:de|da|do|dos|di|del|della|van|von|der|den|bin|ibn|al|el|la|le|ap|ben|ter|st)\.?[ ]){0,3}",
    regex.I,
)
JOINS_ADDRESS = regex.compile(
    r"[\s,.;:()/\-#]{0,8}(?:(?:and|of|in|the|at|on|de|la|no|number|corner|nan)[\s,.]{1,3}){0,2}", regex.I
)
_STREET = frozenset({"STREET_NAME"})
_NUMBERED = frozenset({"BUILDING_NUMBER", "ZIP_CODE", "SECONDARY_ADDRESS"})


class RampartDetector(EntityRecognizer):  # type: ignore[misc]
    """PERSON and ADDRESS from Rampart. A word after "claimant", "Mr" or "spoke to" needs less certainty; a run of
    address words counts only with a street, and a number, unit or postcode beside it."""

    def __init__(self, model: Rampart, names: Names) -> None:
        self._model = model
        self._names = names
        super().__init__(supported_entities=["PERSON", "ADDRESS"], name="Rampart", supported_language="en")

    def load(self) -> None:
        """Nothing: the model came loaded."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Names and addresses in ``text``."""
        words = self._model.words(text)
        return [*self._people(text, words), *self._addresses(text, words)]

    def _people(self, text: str, words: list[Word]) -> Iterator[RecognizerResult]:
        run: list[Word] = []
        for word in words:
            joined = bool(run) and JOINS_NAME.fullmatch(text, run[-1].end, word.start) is not None
            likely = word.probability(NAME)
            sure = likely >= self._names.rampart_threshold
            led = likely >= self._names.rampart_after_trigger and (
                joined or AFTER_THIS_A_NAME.search(text, max(0, word.start - 40), word.start) is not None
            )
            if sure or led:
                if run and not joined:
                    yield self._result(
                        "PERSON", run, max(w.probability(NAME) for w in run), "reads as a name"
                    )
                    run = []
                run.append(word)
            elif run:
                yield self._result("PERSON", run, max(w.probability(NAME) for w in run), "reads as a name")
                run = []
        if run:
            yield self._result("PERSON", run, max(w.probability(NAME) for w in run), "reads as a name")

    def _addresses(self, text: str, words: list[Word]) -> Iterator[RecognizerResult]:
        run: list[Word] = []
        for word in [w for w in words if w.probability(ADDRESS) >= self._names.rampart_address_threshold]:
            if run and JOINS_ADDRESS.fullmatch(text, run[-1].end, word.start) is None:
                yield from self._address(text, run)
                run = []
            run.append(word)
        yield from self._address(text, run)

    def _address(self, text: str, run: list[Word]) -> Iterator[RecognizerResult]:
        labels = {word.label for word in run}
        digits = any(c.isdigit() for c in text[run[0].start : run[-1].end]) if run else False
        if labels & _STREET and labels & _NUMBERED and digits:
            score = max(word.probability(_STREET) for word in run)
            yield self._result("ADDRESS", run, score, "a street with a number, unit or postcode")

    def _result(self, entity: str, run: list[Word], score: float, why: str) -> RecognizerResult:
        score = max(score, 0.5)
        return RecognizerResult(
            entity,
            run[0].start,
            run[-1].end,
            min(1.0, score),
            AnalysisExplanation(
                recognizer=self.name, original_score=score, textual_explanation=f"Rampart: {why}"
            ),
            {
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )

"""Why: turns Rampart's word probabilities into names and addresses, with the rules that keep it from hiding
places, amounts and benefit words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex

from governance.redaction.allow import Allowed
from governance.redaction.introductions import AFTER_THIS_A_NAME
from governance.redaction.policy import Names
from governance.redaction.presidio import AnalysisExplanation, EntityRecognizer, RecognizerResult
from governance.redaction.rampart import ADDRESS, NAME, Rampart, Word
from governance.redaction.words import common_words

SUSPICION = 0.04
"""Probability from which a word might be a name."""

LONGEST_NAME = 5
"""Unfamiliar words in a row beyond which the text is in another language, and pairs are not read alone."""

QUOTED = regex.compile(r"^[ \t]*[>?|*]+", regex.M)
_PARTICLE = r"(?:de|da|do|dos|di|del|della|van|von|der|den|bin|ibn|al|el|la|le|ap|ben|ter|st)"
_JOINS_NAME = regex.compile(rf"[ \t]{{0,3}}(?:{_PARTICLE}\.?[ ]){{0,3}}", regex.I)
_HOME = frozenset({"STREET_NAME", "SECONDARY_ADDRESS"})
_NUMBERED = frozenset({"BUILDING_NUMBER", "ZIP_CODE", "SECONDARY_ADDRESS"})
_CAPITAL_INSIDE = regex.compile(r"[\p{Ll},][ ]\p{Lu}\p{Ll}+$|[\p{Ll},][ ]\p{Lu}[\p{L}'\-]+'s$")
"""A capitalised word that does not begin its sentence (searched up to the word's end)."""
_AMOUNT = regex.compile(
    r"^.{0,1}[£$€]|^.?,\d{3}\b|^..[\d,.]+ ?(?:pounds|percent|per cent|%|pence|p\\b|bed|hours|weeks|days|months|years)",
    regex.I,
)
_ANNOUNCED = regex.compile(
    r"\b(?:lives?|living|address|stays?|staying|resid\w+|moved|moving)\b[^.?!]{0,12}$", regex.I
)
_IN_ADDRESS = frozenset(["and", "of", "in", "the", "at", "on", "no", "number", "corner", "flat", "street"])


def _joined(text: str, before: Word, word: Word) -> bool:
    """Whether two name words belong to one name: only space or a particle between, and no possessive."""
    written, between = text[before.start : before.end].lower(), text[before.end : word.start]
    if between.startswith(".") and len(written) <= 2:  # an initial, "St."
        between = between[1:]
    return not written.endswith("'s") and _JOINS_NAME.fullmatch(between) is not None


def _placed(pair: list[Word]) -> bool:
    """Whether the model reads an address here."""
    return max(word.probability(ADDRESS) for word in pair) >= 0.5


def _same_address(text: str, before: Word, word: Word) -> bool:
    """Whether two address words belong to one address: little between them, and no ordinary word."""
    gap = text[before.end : word.start]
    between = regex.findall(r"[\p{L}']+", gap.lower())
    return (
        len(between) <= 3
        and len(gap) <= 32
        and not any(w in common_words() and w not in _IN_ADDRESS for w in between)
        and not regex.search(r"[!;?]\s|\.\s+\p{Lu}\p{Ll}+ \p{Ll}", gap)
    )


def is_home(text: str, run: list[Word]) -> bool:
    """Whether address words make a home: a street or unit, and a number or postcode; and, where the street is one
    word, a third sign (a town, a unit, a second number), since "BRMA 12" looks like a street to the model."""
    labels = {word.label for word in run}
    if not labels & _HOME or not labels & _NUMBERED:
        return False
    if not any(c.isdigit() for c in text[run[0].start : run[-1].end]):
        return False
    streets = [word for word in run if word.label in _HOME and text[word.start : word.end].isalpha()]
    numbers = [word for word in run if text[word.start : word.end][:1].isdigit()]
    written = [text[word.start : word.end].lower() for word in streets]
    if len(streets) == 1 and (written[0] in common_words() or (len(numbers) < 2 and len(run) < 3)):
        return _ANNOUNCED.search(text, max(0, run[0].start - 24), run[0].start) is not None
    return True


class RampartDetector(EntityRecognizer):  # type: ignore[misc]
    """PERSON and ADDRESS from Rampart. A word after "claimant", "Mr" or "spoke to" needs less certainty; a run of
    address words counts only with a street, and a number, unit or postcode beside it."""

    def __init__(self, model: Rampart, names: Names, allowed: Allowed) -> None:
        self._model = model
        self._allowed = allowed
        self._names = names
        super().__init__(supported_entities=["PERSON", "ADDRESS"], name="Rampart", supported_language="en")

    def load(self) -> None:
        """Nothing: the model came loaded."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Names and addresses in ``text``. Quote marks at the start of lines are read as spaces."""
        shown = QUOTED.sub(lambda match: " " * len(match.group()), text)
        words = self._model.words(shown)
        return [*self._people(shown, words), *self._addresses(shown, words), *self._suspicions(words)]

    def _people(self, text: str, words: list[Word]) -> Iterator[RecognizerResult]:
        run: list[Word] = []
        pairs = self._paired(text, words)
        for place, word in enumerate(words):
            joined = bool(run) and _joined(text, run[-1], word)
            if not self._is_name(text, word, joined, run, place in pairs):
                yield from self._person(text, run)
                run = []
            elif joined:
                run.append(word)
            else:
                yield from self._person(text, run)
                run = [word]
        yield from self._person(text, run)

    def _is_name(self, text: str, word: Word, joined: bool, run: list[Word], paired: bool) -> bool:
        likely = word.probability(NAME)
        if likely >= self._names.rampart_threshold or paired:
            return True
        if likely < self._names.rampart_supported:
            return False
        if AFTER_THIS_A_NAME.search(text, max(0, word.start - 40), word.start) is not None:
            return True
        # a word in lower case after one with a capital is seldom the surname
        return joined and (text[word.start].isupper() or not text[run[-1].start].isupper())

    def _unfamiliar(self, text: str, word: Word) -> bool:
        written = text[word.start : word.end]
        return (
            written.isalpha()
            and len(written) > 1
            and not (written.lower() in common_words() or self._allowed.is_word(written))
        )

    def _paired(self, text: str, words: list[Word]) -> set[int]:
        """Places of words that stand beside another, where neither is an ordinary or a guidance word, and the model
        half suspects a name in both, or is sure of it when it reads them alone: questions ("is … able to") make it
        unsure of rarer names."""
        found: set[int] = set()
        for run in self._unfamiliar_runs(text, words):
            for i in run[:-1]:
                pair = words[i : i + 2]
                likely = min(word.probability(NAME) for word in pair)
                alone = len(run) <= LONGEST_NAME and not _placed(pair)
                if likely >= self._names.rampart_supported or (alone and self._alone(text, pair)):
                    found |= {i, i + 1}
        return found

    def _unfamiliar_runs(self, text: str, words: list[Word]) -> list[list[int]]:
        """Places of unfamiliar words that follow one another with nothing between."""
        runs: list[list[int]] = []
        for place, word in enumerate(words):
            if not self._unfamiliar(text, word):
                continue
            if runs and runs[-1][-1] == place - 1 and _joined(text, words[place - 1], word):
                runs[-1].append(place)
            else:
                runs.append([place])
        return [run for run in runs if len(run) > 1]

    def _alone(self, text: str, pair: list[Word]) -> bool:
        read = self._model.words(text[pair[0].start : pair[1].end])
        return bool(read) and min(word.probability(NAME) for word in read) >= self._names.rampart_alone

    def _person(self, text: str, run: list[Word]) -> Iterator[RecognizerResult]:
        """One name. A lone word that nothing introduces needs more certainty, and stays a suspicion without it."""
        if not run:
            return
        score = max(word.probability(NAME) for word in run)
        if len(run) > 1 or AFTER_THIS_A_NAME.search(text, max(0, run[0].start - 40), run[0].start):
            yield self._result("PERSON", run, max(0.5, score), "reads as a name")
        elif score >= self._names.rampart_lone or _CAPITAL_INSIDE.search(
            text, max(0, run[0].start - 4), run[0].end
        ):
            yield self._result("PERSON", run, score, "reads as a name, by itself")

    def _suspicions(self, words: list[Word]) -> Iterator[RecognizerResult]:
        """Words that may be names: too weak to count, and what spaCy's findings are weighed by."""
        for word in words:
            if word.probability(NAME) >= SUSPICION:
                yield self._result("PERSON", [word], 0.1, "might be a name")

    def _addresses(self, text: str, words: list[Word]) -> Iterator[RecognizerResult]:
        run: list[Word] = []
        for word in [w for w in words if w.probability(ADDRESS) >= self._names.rampart_address_threshold]:
            if run and not _same_address(text, run[-1], word):
                yield from self._address(text, run)
                run = []
            run.append(word)
        yield from self._address(text, run)

    def _address(self, text: str, run: list[Word]) -> Iterator[RecognizerResult]:
        run = [word for word in run if not self._is_guidance(text, word)]
        if run and is_home(text, run):
            score = max(0.5, *(word.probability(ADDRESS) for word in run))
            yield self._result("ADDRESS", run, score, "a street or unit with a number or postcode")

    def _is_guidance(self, text: str, word: Word) -> bool:
        """An amount, or a word of guidance ("LHA 83,598 pounds")."""
        return _AMOUNT.search(
            text[max(0, word.start - 2) : word.end + 12], 0
        ) is not None or self._allowed.is_word(text[word.start : word.end])

    def _result(self, entity: str, run: list[Word], score: float, why: str) -> RecognizerResult:
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

"""Why: most UK identifiers have a shape that, alone, proves nothing (eight digits may be an account number
or an amount); the words around it do. A recogniser here is a table: patterns, scores, and words that raise them.

Presidio's own ``PatternRecognizer.analyze`` skips a pattern whose regular expression times out, and its context
enhancer needs a tagger. Here a time-out is an error (nothing is released unread), and context is plain text
within ``reach`` characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import regex

from governance.errors import RedactionFailed
from governance.redaction.presidio import AnalysisExplanation, Pattern, PatternRecognizer, RecognizerResult

FLAGS = regex.IGNORECASE | regex.MULTILINE
SECONDS_PER_PATTERN = 2.0


class Shape(PatternRecognizer):  # type: ignore[misc]
    """A recogniser made of patterns. Subclasses fill in the class attributes, and ``confirm`` where there is
    a checksum. A pattern with a group named ``value`` reports that group only."""

    ENTITY: ClassVar[str]
    PATTERNS: ClassVar[Sequence[tuple[str, str, float]]] = ()
    """(name, regular expression, score without context)."""
    CONTEXT: ClassVar[Sequence[str]] = ()
    """Regular expressions for words nearby that raise the score to ``context_score``."""
    context_score: ClassVar[float] = 0.9
    OVERLAPPED: ClassVar[bool] = False
    """Whether a pattern is tried again from inside its own match (for patterns that may start too early)."""
    before: ClassVar[int] = 60
    after: ClassVar[int] = 25

    def __init__(
        self,
        *,
        entity: str | None = None,
        name: str | None = None,
        patterns: Sequence[tuple[str, str, float]] | None = None,
        context: Sequence[str] | None = None,
    ) -> None:
        super().__init__(
            supported_entity=entity or self.ENTITY,
            name=name or type(self).__name__,
            patterns=[Pattern(*row) for row in patterns or self.PATTERNS],
            context=list(context or self.CONTEXT),
            global_regex_flags=FLAGS,
        )
        words = "|".join(self.context)
        self._near = regex.compile(rf"(?<![\p{{L}}\d])(?:{words})(?![\p{{L}}])", FLAGS) if words else None
        for pattern in self.patterns:
            pattern.compiled_regex = regex.compile(pattern.regex, FLAGS)

    def confirm(self, value: str, near: bool) -> float | None:
        """A score from the value itself (0 rejects it), or None to keep the pattern's."""
        return None

    def context_near(self, text: str, start: int, end: int) -> bool:
        """Whether one of the context words stands shortly before or after ``start:end``, on its own line
        or the one beside it."""
        if self._near is None:
            return False
        around = f"{text[max(0, start - self.before) : start]} \x00 {text[end : end + self.after]}"
        return self._near.search(around) is not None

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: Any = None, regex_flags: int | None = None
    ) -> list[RecognizerResult]:
        """Every finding, with the pattern that made it. Raises ``RedactionFailed`` on a time-out."""
        found = []
        for pattern in self.patterns:
            try:
                finder = pattern.compiled_regex.finditer(
                    text, timeout=SECONDS_PER_PATTERN, overlapped=self.OVERLAPPED
                )
                matches = list(finder)
            except TimeoutError as error:
                raise RedactionFailed(
                    f"the pattern {pattern.name!r} of {self.name} took longer than {SECONDS_PER_PATTERN} s",
                    do="Shorten the text; nothing was released.",
                ) from error
            for match in matches:
                group = "value" if "value" in pattern.compiled_regex.groupindex else 0
                start, end = match.span(group)
                near = self.context_near(text, start, end)
                score = self.confirm(text[start:end], near)
                if score is None:
                    score = self.context_score if near else pattern.score
                if end > start and score > 0:
                    found.append(self._result(start, end, score, pattern, near))
        return found

    def _result(self, start: int, end: int, score: float, pattern: Pattern, near: bool) -> RecognizerResult:
        why = f"{pattern.name}{', with words nearby that say so' if near else ''}"
        return RecognizerResult(
            self.supported_entities[0],
            start,
            end,
            score,
            AnalysisExplanation(
                recognizer=self.name,
                original_score=pattern.score,
                pattern_name=pattern.name,
                textual_explanation=why,
            ),
            {
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )

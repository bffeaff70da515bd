"""Why: an answer that is shown as it is written must not show half of a name before the other half gives it away.

Text is held back to the end of a sentence or paragraph; what is released has been read together with what came
before it, so that "sort code" still counts for the number in the next sentence. Where to cut depends on the text
alone, never on how it was chopped into chunks.
"""

from __future__ import annotations

import regex

from governance.redaction.redactor import Redactor
from governance.redaction.spans import Span, Tokens

CONTEXT = 200
"""Characters already released that are read again with the next piece."""
LIMIT = 2000
"""Most characters held back when no sentence ends; then the cut is at a space outside any finding."""
MARGIN = 200
"""Characters before a forced cut that may still grow into something longer."""
LOOKAHEAD = 4
"""Characters to see beyond a boundary before it is known to be one."""

_ABBREVIATION = (
    r"(?<!(?i:(?<![\p{L}\d])(?:mr|mrs|ms|dr|st|rd|ave|apt|no|tel|mob|ext|prof|rev|jr|sr|ref|acc|\p{L})))"
)
BOUNDARY = regex.compile(rf"{_ABBREVIATION}[.!?][\"')\]]*[ \t]+(?=\p{{Lu}}\p{{L}})|\n[ \t]*\n\s*(?=\S)")


class StreamingRedactor:
    """Redacts a text that arrives in chunks. ``feed`` returns what may be shown so far, ``finish`` the rest.

    Not thread-safe: one per stream. Raises what ``Redactor.redact`` raises; nothing held is released then.
    """

    def __init__(self, redactor: Redactor, *, tokens: Tokens | None = None) -> None:
        self._redactor = redactor
        self._tokens = tokens if tokens is not None else Tokens()
        self._before = ""
        self._held = ""

    def feed(self, chunk: str) -> str:
        """Take the next chunk; return the text that is now safe to show, often none."""
        self._held += chunk
        released = []
        while cut := self._cut():
            released.append(self._release(cut))
        return "".join(released)

    def finish(self) -> str:
        """The rest, when nothing more will come."""
        return self._release(len(self._held)) if self._held else ""

    def _cut(self) -> int:
        """Length of the piece that can be released, 0 if none can yet. Looks at the first ``LIMIT`` characters
        held and no further, so that the cuts are the same for every chunking."""
        sentence = BOUNDARY.search(self._held, 0, LIMIT + LOOKAHEAD)
        if sentence and sentence.end() <= LIMIT:
            return int(sentence.end()) if len(self._held) >= sentence.end() + LOOKAHEAD else 0
        return self._forced_cut() if len(self._held) >= LIMIT + LOOKAHEAD else 0

    def _forced_cut(self) -> int:
        text = self._held[:LIMIT]
        spans = self._find(text)
        for at in range(LIMIT - MARGIN, 0, -1):
            if text[at - 1].isspace() and not any(span.start < at < span.end for span in spans):
                return at
        return LIMIT

    def _find(self, piece: str) -> list[Span]:
        """Findings in ``piece``, read after what came before it."""
        known = len(self._before)
        return [
            Span(max(0, s.start - known), s.end - known, s.type, s.score, s.recogniser, s.explanation)
            for s in self._redactor.find(self._before + piece)
            if s.end > known
        ]

    def _release(self, length: int) -> str:
        piece, self._held = self._held[:length], self._held[length:]
        redacted = self._redactor.replace(piece, self._find(piece), self._tokens)
        self._before = (self._before + piece)[-CONTEXT:]
        return redacted

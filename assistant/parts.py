"""Why: "How much is it, and when is it paid?" is two questions, and answering one must not hide that the
other was not. So a question is read as its parts, each kept in the colleague's own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.words import content_words
from ingest.sentences import sentences

_ASKS = (
    r"(?:how|what|when|who|whom|whose|where|which|why|can|could|do|does|did|is|are|was|were|will|would"
    r"|should|may|must|has|have|if\s+so)"
)
_JOIN = re.compile(rf"\s*(?:,|;)?\s+(?:and|or|but|also|plus)\s+(?:also\s+)?(?={_ASKS}\b)", re.IGNORECASE)
_LISTED = re.compile(
    r"\s*,\s*(?=(?:how\s+(?:much|many|long|often|do|does|can|is|are)|(?:what|when|where|why)\s+(?:is|are|was|were|do|does|did|can|will|must|should))\b)",
    re.IGNORECASE,
)
"""A comma before another question: "how much is it, when is it paid"."""
_IS_ASKED = re.compile(rf"^(?:and\s+|but\s+|so\s+|also\s+|please\s+)*{_ASKS}\b", re.IGNORECASE)
_REQUEST = re.compile(
    r"^(?:please\s+)?(?:tell|explain|describe|list|show|give|advise|define|i\s+(?:need|want)\s+to\s+know)\b",
    re.IGNORECASE,
)


_YES_OR_NO = re.compile(
    r"^(?:and\s+|but\s+|so\s+)*(?:can|could|do|does|did|is|are|was|were|will|would|should|may|must|has|have)\b",
    re.I,
)
_INITIALS = re.compile(r"\b[A-Z]{2,}\b")
"""What a piece may ask for by its initials alone: "can she get an MR?" (and "Mr" is nothing to look for)."""


class Wanted(StrEnum):
    """The kind of figure that an answer is likely to hold."""

    MONEY = "money"
    TIME = "time"
    DATE = "date"
    """A deadline: a length of time, or a date."""
    WHEN = "when"
    """A time is likely, but a condition may be the answer ("when can a claim end?")."""
    AGE = "age"
    COUNT = "count"
    """A number of things ("how many points")."""
    MOST = "most"
    """A limit of some kind; a figure is likely, not needed."""
    PHONE = "phone"
    NOTHING = ""

    @property
    def required(self) -> bool:
        """Whether nothing answers without such a figure."""
        return self in (Wanted.MONEY, Wanted.TIME, Wanted.DATE, Wanted.AGE, Wanted.COUNT, Wanted.PHONE)


_PURPOSE = re.compile(
    r"^(?:and\s+|so\s+)?(?:what|who)\b(?!\s+(?:amount|sum)\b).*\b(?:paid|given|awarded|meant|intended|used)\s+(?:for|to)\s*\??$",
    re.I,
)
"""What something is for, or to whom it is paid, is asked in words and answered in words, though "rate" stand in it."""

_WANTED: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (
        Wanted.PHONE,
        re.compile(
            r"\b(?:what|which|whats|the|a)\s+(?:\w+\s+)?(?:phone|telephone|contact|helpline|freephone)\s*numbers?\b"
            r"|\b(?:what|which)\s+number\b.*\b(?:ring|call|phone|dial)\b|\bnumber\s+(?:to|for)\s+(?:ring|call|phone)",
            re.I,
        ),
    ),
    (Wanted.AGE, re.compile(r"\bhow\s+old\b|\b(?:what|which)(?:\s+\w+)?\s+age\b|\bage\s+limits?\b", re.I)),
    (
        Wanted.MONEY,
        re.compile(
            r"\bhow\s+much\s+(?!time|notice|longer|evidence|work|job)|\bwhat(?:'?s|\s+is|\s+are|\s+was|\s+were)\s+the\s+"
            r"(?:\w+\s+){0,4}(?:rates?|amounts?|percentage|limit|threshold|maximum|minimum)\b(?!\s+(?:time|number|age|period|length))"
            r"|\b(?:what|which|whats)\s+(?:rate|amount|percentage|%)|\bhow\s+many\s+pounds\b"
            r"|\bwhat(?:'?s|\s+is)\s+the\s+(?:most|least)\b.*\b(?:pay|paid|get|cost|charged?|taken\s+off)\b"
            r"|\b(?:weekly|monthly|hourly|daily|annual|yearly)\s+(?:rates?|amounts?)\b|\brates?\s+of\s+(?!interest)",
            re.I,
        ),
    ),
    (
        Wanted.TIME,
        re.compile(
            r"\bhow\s+(?:long|soon|often|quickly|many\s+(?:days|weeks|months|years|hours))\b|\bhow\s+much\s+(?:time|notice)\b"
            r"|\b(?:turn\s?around|processing|decision|typical|average)\s+times?\b",
            re.I,
        ),
    ),
    (
        Wanted.DATE,
        re.compile(
            r"\bby\s+when\b|\bdeadline\b|\btime\s+limit\b|\bwhat\s+(?:date|day)\b"
            r"|\bwhen\s+(?:did|was|were)\b.*\b(?:begin|began|begun|start(?:ed)?|end(?:ed)?|introduced|launched|replaced|abolished|come\s+in)\b",
            re.I,
        ),
    ),
    (Wanted.COUNT, re.compile(r"\bhow\s+many\b(?!\s+(?:people|claimants))", re.I)),
    (Wanted.WHEN, re.compile(r"^(?:and\s+|but\s+)?when\b|\blatest\b|\bwaiting\s+period\b", re.I)),
    (
        Wanted.MOST,
        re.compile(r"\b(?:the\s+most|max(?:imum)?|min(?:imum)?|highest|lowest|limit|percentage)\b|%", re.I),
    ),
)


_COUNTED = re.compile(
    r"\bhow\s+many\s+((?:[\w'-]+\s+){0,5}?[\w'-]+)(?=\s+(?:are|is|was|were|do|does|did|can|could|will|would|must|should|may"
    r"|have|has|before|after|in|on|of|for|to|a|an|the|per)\b|\s*[?.,]|\s*$)",
    re.I,
)


@dataclass(frozen=True)
class Part:
    """One thing that is asked."""

    text: str
    """In the question's own words."""
    context: str = ""
    """What the rest of the question says: the circumstances, or the part before it."""
    alone: bool = True
    """Whether nothing else is asked beside it."""

    @property
    def search(self) -> str:
        """What to search with: the part, and its context where it is short of a subject of its own."""
        return f"{self.context} {self.text}".strip()

    @property
    def yes_or_no(self) -> bool:
        """Whether it asks whether something is so."""
        return bool(_YES_OR_NO.match(self.text))

    @property
    def wanted(self) -> Wanted:
        """The kind of figure that an answer to it is likely to hold; a yes or no, or a purpose, needs none."""
        if self.yes_or_no or _PURPOSE.search(self.text):
            return Wanted.NOTHING
        return next((kind for kind, pattern in _WANTED if pattern.search(self.text)), Wanted.NOTHING)

    @property
    def counted(self) -> str:
        """What "how many" asks for the number of, in its words; "" where nothing is counted."""
        found = _COUNTED.search(self.text)
        return found[1] if found else ""


MOST = 4
"""Parts that are told apart; a longer chain of questions is kept in its last part."""


def parts(question: str) -> tuple[Part, ...]:
    """The parts of a question, in order; at least one. Sentences that ask nothing are the context of all."""
    spans = [question[a:b].strip() for a, b in sentences(question)] or [question.strip()]
    asked: list[str] = []
    told: list[str] = []
    for sentence in spans:
        pieces = [piece for joined in _JOIN.split(sentence) for piece in _listed(joined)]
        for number, piece in enumerate(pieces):
            is_asked = (
                piece.rstrip().endswith("?") or bool(_IS_ASKED.match(piece)) or bool(_REQUEST.match(piece))
            )
            (asked if is_asked or number else told).append(piece.strip(" ,;"))
    asked = [piece for piece in asked if content_words(piece) or _INITIALS.search(piece)]
    if not asked:
        return (Part(question.strip()),)
    if len(asked) > MOST:
        asked = [*asked[: MOST - 1], " and ".join(asked[MOST - 1 :])]
    circumstances = " ".join(told)
    made = []
    for number, piece in enumerate(asked):
        context = circumstances
        if number and (len(content_words(piece)) < 3 or _refers_back(piece)):
            context = f"{circumstances} {asked[0]}".strip()
        made.append(Part(piece, context, alone=len(asked) == 1))
    return tuple(made)


def _listed(asked: str) -> list[str]:
    """Questions told apart by commas; what stands before one and asks nothing stays with it, as its circumstances."""
    return _LISTED.split(asked) if _IS_ASKED.match(asked) else [asked]


def _refers_back(piece: str) -> bool:
    return bool(re.search(r"\b(?:it|they|them|this|that|these|those|one)\b", piece, re.IGNORECASE))

"""What a model adds about a person is withheld on the way out; what guidance says is not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from assistant.answers import Candidate, Citation, DocumentRef, Hit, Person, Question, Run, Sentence
from assistant.steps.outgoing import WITHHELD, Outgoing
from tests.fakes import DictRedactor

TEXT = "Repayment can be spread over 24 months. Ring Ann Example on 0800 328 5644."
DOCUMENT = DocumentRef("d", "T", "u", "p", (), None, None, "current")
REDACTOR = DictRedactor({"Ann Example": "PERSON", "Zebedee Quill": "PERSON", "QQ123456C": "UK_NINO"})


def run(*sentences: str) -> Run:
    asked = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    question = Question("a1", "How long?", Person("p1"), asked.date(), asked)
    cited = tuple(Citation("p", TEXT, 0, len(TEXT), DOCUMENT) for _ in (1,))
    hit = Hit("p", 1.0, TEXT, "S", DOCUMENT)
    return replace(
        Run(question), candidates=(Candidate(hit, 1, True, "best"),),
        sentences=tuple(Sentence(text, cited) for text in sentences),
    )  # fmt: skip


def test_what_the_passages_say_goes_out_without_being_read_again() -> None:
    class Unread(DictRedactor):
        def find(self, text: str) -> list:  # type: ignore[type-arg]
            raise AssertionError("every word of it is guidance")

    after = Outgoing(Unread())(run("Repayment can be spread over 24 months."))  # type: ignore[arg-type]
    assert len(after.sentences) == 1 and after.dropped == ()


def test_a_name_or_number_that_no_quote_holds_is_withheld_and_never_recorded() -> None:
    after = Outgoing(REDACTOR)(  # type: ignore[arg-type]
        run(
            "Zebedee Quill can spread it over 24 months.",
            "Spread for QQ123456C over 24 months.",
            "It is 24 months.",
        )
    )
    assert [s.text for s in after.sentences] == ["It is 24 months."]
    assert [(d.text, d.check) for d in after.dropped] == [(WITHHELD, "personal data")] * 2
    assert "name of a person" in after.dropped[0].reason
    assert "National Insurance number" in after.dropped[1].reason


def test_what_a_quote_holds_may_be_said() -> None:
    after = Outgoing(REDACTOR)(run("You should ring Ann Example."))  # type: ignore[arg-type]
    assert len(after.sentences) == 1

"""Why: a quotation can be right and still mislead: in another nation, after its review date, as a note that is
not policy. What a colleague must know beside the answer is said with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers import Question, Sentence
from ingest.documents import Nation

GREAT_BRITAIN = (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES)


def named(nation: str) -> str:
    """A nation as it is written."""
    return nation.replace("_", " ").title()


def cautions(
    question: Question, sentences: tuple[Sentence, ...], *, day_told: bool = False
) -> tuple[str, ...]:
    """What to know beside these sentences, each once; of the day nothing more, where it was told already."""
    return tuple(dict.fromkeys(_cautions(question, sentences, day_told)))


def _cautions(question: Question, sentences: tuple[Sentence, ...], day_told: bool) -> Iterator[str]:
    documents = {c.document.version_id: c.document for s in sentences for c in s.citations}.values()
    for document in documents:
        if question.nation is None and not set(GREAT_BRITAIN) <= set(document.nations):
            where = " and ".join(
                filter(None, [", ".join(map(named, document.nations[:-1])), named(document.nations[-1])])
            )
            yield f"{document.title} applies in {where} only. Say which nation the claimant lives in to be sure."
        if document.kind == "note":
            yield f"{document.title} is a note by colleagues, not policy."
        if document.review_due is not None and document.review_due < question.on:
            yield f"{document.title} was due for review on {document.review_due.isoformat()}; check that it still holds."
    if question.on != question.asked_at.date() and not day_told:
        ahead = question.on > question.asked_at.date()
        began = max((d.valid_from for d in documents if d.valid_from is not None), default=None)
        since = f" (in force since {began.isoformat()})" if began is not None else ""
        yield (
            f"{question.on.isoformat()} lies ahead: answered from what is known now to hold then{since}, which may change."
            if ahead
            else f"Answered from what was in force on {question.on.isoformat()}."
        )

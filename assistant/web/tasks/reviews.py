"""Who may see a review, and how much of the answer that it is about."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers import Answer, Person, Role
from assistant.review import Decision, Review
from assistant.web.desk import Desk
from governance.errors import ReviewUnknown

SEES_ALL = frozenset({Role.EXPERT, Role.OFFICER})
"""Roles that see every review; anybody else sees those they are concerned in."""


def concerned(desk: Desk, review: Review, person: Person) -> bool:
    """Whether somebody may see a review: they see all, opened it, asked for the answer, or relied on its words."""
    if person.role in SEES_ALL or person.role is Role.OPERATOR or person.id == review.by:
        return True
    if review.ruling and person.id in review.ruling.relied_on_by:
        return True
    return asker(desk, review) == person.id


def review_for(desk: Desk, review_id: str, person: Person) -> Review:
    """A review that somebody may see. Raises ``ReviewUnknown``."""
    review = desk.assistant.reviews.one(review_id)
    if not concerned(desk, review, person):
        raise ReviewUnknown("You have no review with this reference.", do="Check the reference.")
    return review


def shown_to(desk: Desk, review_id: str, person: Person) -> Review:
    """A review that somebody may see; if its ruling is news to them, it is not brought to them again."""
    review = review_for(desk, review_id, person)
    if review.id in {news.id for news in desk.assistant.reviews.news_for(person)}:
        desk.assistant.reviews.seen(review.id, by=person)
    return review


def answer_under(desk: Desk, review: Review, person: Person) -> Answer:
    """The answer that a review is about, as far as somebody who is concerned in it may see it.

    What waits for an expert is shown to those who rule, and to others once it is approved; the question to those who
    see every review, and to whoever asked it.
    """
    answer = desk.assistant.answer(review.answer_id)
    sees_all = person.role in SEES_ALL or person.role is Role.OPERATOR
    approved = review.ruling is not None and review.ruling.decision is Decision.APPROVE
    if sees_all or approved:
        answer = replace(answer, sentences=desk.assistant.reviews.held(review) or answer.sentences)
    if sees_all or person.id == asker(desk, review):
        return answer
    return replace(answer, question="", rewritten="", uncovered=(), suggestions=(), conversation=None)


def asker(desk: Desk, review: Review) -> str:
    """Pseudonym of whoever asked for the answer."""
    return desk.assistant.ledger.about(review.answer_id)[0].actor

"""Colleagues contest answers, an expert rules, and the next colleague gets the better one.

``Reviews`` keeps what is said about an answer, in the ledger and nowhere else; ``notes`` makes guidance of rulings.
"""

from assistant.review.reviews import Reviews
from assistant.review.words import Decision, Kind, Review, Ruling, View

__all__ = ["Decision", "Kind", "Review", "Reviews", "Ruling", "View"]

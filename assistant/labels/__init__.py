"""Labels that people give to the answers of an evaluation run: blind, each bound to the very answer it was given to.

The command and the pages both work with these; how far raters, metrics and a judge agree is ``evals.people``'s.
"""

from assistant.labels.agreeing import Disagreement, disagreements, settled
from assistant.labels.answers import Stored, ToLabel, answer_hash, read_stored
from assistant.labels.given import (
    LABELS,
    MEANING,
    VALUES,
    Labelled,
    Value,
    add,
    of_these,
    read_labels,
    waiting,
)

__all__ = [
    "LABELS",
    "MEANING",
    "VALUES",
    "Disagreement",
    "Labelled",
    "Stored",
    "ToLabel",
    "Value",
    "add",
    "answer_hash",
    "disagreements",
    "in_order",
    "of_these",
    "read_labels",
    "read_stored",
    "settled",
    "waiting",
]

"""Why: what people did with an answer, read, copied, contested, ruled, comes after its record, and the record is never
changed. So the two are joined when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from governance.explanation import Explanation, Human, HumanEvent
from governance.ledger import Entry
from governance.ledger.types import known

READINGS = frozenset({"ledger.read"})
"""Types that say that the record was read, by a command: they are told apart from what was done with the answer."""


def joined(explanation: Explanation, about: Iterable[Entry]) -> Explanation:
    """The explanation with what later entries about the same answer say that people did."""
    later = [entry for entry in about if entry.type != "answer"]
    events = tuple(_event(entry) for entry in later)
    rulings = [str(entry.body.get("review", "")) for entry in later if entry.type == "review.ruled"]
    human = Human(
        shown=explanation.human.shown and explanation.decision.outcome != "failed",
        actions=tuple(dict.fromkeys(e.what for e in events if e.type not in READINGS and e.by)),
        feedback=tuple(
            _said(entry.body) for entry in later if entry.type in ("review.raised", "review.viewed")
        ),
        ruling=rulings[-1] if rulings else None,
        events=events,
    )
    return explanation.model_copy(update={"human": human})


def _event(entry: Entry) -> HumanEvent:
    return HumanEvent(
        entry=entry.index, time=entry.time, type=entry.type, by=entry.actor,
        what=_SAID[entry.type](entry.body) if entry.type in _SAID else _when(entry.type),
    )  # fmt: skip


def _when(type_: str) -> str:
    kind = known(type_)
    return kind.when if kind else type_


def _said(body: Mapping[str, Any]) -> str:
    return str(body.get("why") or body.get("text") or "")


_SAID = {
    "answer.read": lambda body: f"read by somebody with the role {body.get('role', '?')}",
    "answer.replayed": lambda body: f"made again to check it: {body.get('verdict', '?')}",
    "ledger.read": lambda body: f"its record was read ({body.get('command', 'page')}): {body.get('reason', '')}",
    "review.raised": lambda body: f"{body.get('kind', 'contested')}: {_said(body)}",
    "review.viewed": lambda body: f"{'agreed' if body.get('agrees') else 'disagreed'}: {_said(body)}",
    "review.ruled": lambda body: f"an expert ruled {body.get('decision', '?')}: {body.get('reason', '')}",
}  # fmt: skip
"""Type → how an entry of it reads."""

"""Why: "which answers of colleagues went unanswered?" is asked by what stands in entries' bodies alone, and to read every
body for it takes longer the longer the ledger is. So what entries are looked for by stands on a card beside the entry,
written with it. A card only helps to find an entry: what the entry says is read in its bytes, and verification holds each
card to them.
"""

from __future__ import annotations

from typing import Any

from governance.ledger.entry import Entry

LONGEST = 128
"""Characters of a name on a card."""
FIELDS = ("role", "outcome", "prompt", "prompt_version", "snapshot")


def card(entry: Entry) -> dict[str, Any] | None:
    """The card of an entry as a row; None for an entry that says nothing of what stands on cards."""
    said = {
        "role": role_of(entry), "outcome": outcome_of(entry), "prompt": _in(entry.body, "prompt", "template_id"),
        "prompt_version": _in(entry.body, "prompt", "version"), "snapshot": snapshot_of(entry),
    }  # fmt: skip
    row = {name: value if may_stand(value) else "" for name, value in said.items()}
    return {"entry_index": entry.index, **row} if any(row.values()) else None


def may_stand(name: str) -> bool:
    """Whether a name may stand on a card: any database can hold it, and an index too."""
    return len(name) <= LONGEST and name.isascii() and name.isprintable()


def role_of(entry: Entry) -> str:
    """Role of whoever acted; empty where the entry does not say."""
    return _in(entry.body, "people", "role") or _in(entry.body, "role")


def outcome_of(entry: Entry) -> str:
    """Outcome of an answer; empty for another entry."""
    return _in(entry.body, "decision", "outcome")


def snapshot_of(entry: Entry) -> str:
    """State of the guidance that an answer was made from; empty where nothing was searched."""
    return _in(entry.body, "retrieval", "snapshot_id")


def prompts_of(entry: Entry) -> tuple[str, ...]:
    """What the prompt of an answer can be asked for by: its template's id, alone and with its version."""
    name, version = _in(entry.body, "prompt", "template_id"), _in(entry.body, "prompt", "version")
    return (name, f"{name}/{version}") if name else ()


def _in(body: dict[str, Any], *names: str) -> str:
    value: Any = body
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return str(value or "")

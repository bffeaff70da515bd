"""Why: what leaves the ledger must stand without it. The forms in which proofs are handed to others."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from governance.ledger.entry import Entry

FORM = "frontline-proof/1"


def proof(
    entry: Entry, size: int, path: Sequence[bytes], note: str, verifier: str,
    handed_over: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    """A JSON document that shows an entry to be in the ledger; what each field is stands in
    ``governance/verify_proof.py``, which checks it without any of this code."""
    document: dict[str, Any] = {
        "form": FORM, "entry": _b64(entry.data), "index": entry.index, "size": size,
        "inclusion": [_b64(sibling) for sibling in path], "checkpoint": note, "key": verifier,
    }  # fmt: skip
    if handed_over:
        document["rotations"] = [dict(each) for each in handed_over]
    return document


def witness_request(old: int, path: Sequence[bytes], note: str) -> str:
    """Body of a request to a witness: old size, consistency proof, blank line, checkpoint."""
    return "".join([f"old {old}\n", *(f"{_b64(sibling)}\n" for sibling in path), "\n", note])


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

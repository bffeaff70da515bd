"""Why: the words of a question about a person are that person's data, even with every name taken out; and the ledger
cannot forget. So they are taken out of the record before it is written, sealed in the vault, and put back for whoever
may read them. When they are erased, the record still shows that a question was asked, what was searched and relied on,
and which checks ran.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from governance.errors import PayloadErased
from governance.vault import Sealed, Vault

SEALED, ERASED = "(sealed)", "(erased)"
"""What stands in the place of words that are in the vault, or were."""
WORDS = (
    ("input", "question"),
    ("retrieval", "query"),
    ("retrieval", "expansions"),
    ("decision", "reason"),
    ("answer", "question"),
    ("answer", "rewritten"),
    ("answer", "uncovered"),
    ("answer", "cautions"),
    ("answer", "suggestions"),
    ("answer", "explanation"),
)
"""Where the record of an answer (``governance.explanation``) holds words of the question."""


def taken_out(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record without the words of its question, and those words by their place."""
    bare = copy.deepcopy(dict(body))
    words = {}
    for room, name, held in _places(bare):
        words[f"{room}.{name}"] = held
        bare[room][name] = SEALED if isinstance(held, str) else [SEALED]
    return bare, words


def put_back(body: Mapping[str, Any], words: Mapping[str, Any] | None) -> dict[str, Any]:
    """The record with its words in their places; None: they were erased, and that is said in each place."""
    whole = copy.deepcopy(dict(body))
    for room, name, held in _places(whole):
        if words is None:
            whole[room][name] = ERASED if isinstance(held, str) else [ERASED]
        else:
            whole[room][name] = words.get(f"{room}.{name}", held)
    return whole


def committed(sealed: Sealed) -> dict[str, str]:
    """What the record says of the words that are not in it."""
    return {"payload_id": sealed.payload_id, "key_id": sealed.key_id, "sha256": sealed.sha256}


def opened(body: Mapping[str, Any], vault: Vault) -> dict[str, Any]:
    """The record as it was made, where its words were sealed; as it is, where they were not.

    Words that were erased are said to be. Raises ``PayloadMissing``, ``PayloadDamaged``, ``MasterKeyMissing`` or
    ``MasterKeyWrong``.
    """
    sealed = body.get("sealed")
    if not sealed:
        return dict(body)
    try:
        return put_back(body, vault.open(sealed["payload_id"]))
    except PayloadErased:
        return put_back(body, None)


def _places(body: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for room, name in WORDS:
        held = (body.get(room) or {}).get(name)
        if held:
            yield room, name, held

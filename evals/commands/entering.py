"""Writes what was done with evaluations to the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.answers import OPERATOR
from assistant.settings import Settings


def enter(
    settings: Settings, type_: str, body: Mapping[str, Any], *, subject: str, actor: str = OPERATOR.id
) -> None:
    """One entry in the ledger of the data directory."""
    from assistant.governing import open_ledger

    with open_ledger(settings) as ledger:
        ledger.append(type_, body, actor=actor, subject=subject)

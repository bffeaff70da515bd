"""OR-ShARC: government rule texts and questions whose scenario matters (Saeidi et al. 2018; Gao et al. 2021).

The search is what it measures: each question has one text, or a few that say the same.
"""

from __future__ import annotations

from pathlib import Path

from evals.cases import Case
from evals.loaders.texts import Loaded, Text, anywhere_in, case_id, made, rows


def or_sharc(data: Path) -> Loaded:
    """161 questions (scenario, then question) over 353 rule texts."""
    texts = tuple(
        Text(f"orsharc:{row['doc_id']}", row["title"], row["text"])
        for row in rows(data, "retrieval", "or_sharc", "docs.jsonl")
    )
    cases = [
        Case(
            id=case_id("sharc", row["id"][:12]),
            family_id=f"orsharc:{row['doc_id']}",
            question=f"{row['scenario']} {row['question']}".strip(),
            kind="eligibility",
            answerable=True,
            gold=(anywhere_in(*(f"orsharc:{doc}" for doc in row["doc_ids"])),),
            origin="third_party",
            licence="CC BY-SA 3.0",
        )
        for row in rows(data, "retrieval", "or_sharc", "queries.jsonl")
    ]
    return Loaded(made("or_sharc", "OR-ShARC: rule texts by scenario and question", cases), texts)

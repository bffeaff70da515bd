"""CLAPNQ: questions of which half are answered by a near passage and half are not (Rosenthal et al. 2024).

Abstention is what it measures: where the passage does not hold the answer, it still looks as if it did.
"""

from __future__ import annotations

from pathlib import Path

from evals.cases import Case
from evals.loaders.texts import Loaded, Text, anywhere_in, case_id, made, rows


def clapnq(data: Path) -> Loaded:
    """245 questions, each with the passage it was written for; all passages are searched together."""
    given = list(rows(data, "answers", "clapnq.jsonl"))
    texts = {
        row["passage"]: Text(f"clapnq:{row['id']}", row["passage_title"], row["passage"]) for row in given
    }
    cases = [
        Case(
            id=case_id("clapnq", row["id"]),
            family_id=f"clapnq:{row['passage_title']}",
            question=row["question"],
            kind="unanswerable" if not row["answerable"] else "procedure",
            answerable=row["answerable"],
            gold=(anywhere_in(texts[row["passage"]].uri),) if row["answerable"] else (),
            outcome=() if row["answerable"] else ("not_in_guidance", "out_of_scope", "needs_clarification"),
            origin="third_party",
            licence="Apache-2.0; passages CC BY-SA 3.0",
        )
        for row in given
    ]
    return Loaded(
        made("clapnq", "CLAPNQ: answerable and not, by near passages", cases), tuple(texts.values())
    )

"""CLINC out-of-scope: what a benefits assistant should neither answer from guidance nor cite (Larson et al. 2019)."""

from __future__ import annotations

from pathlib import Path

from evals.cases import Case
from evals.loaders.texts import Loaded, case_id, made, rows


def off_topic(data: Path) -> Loaded:
    """400 off-topic questions and small talk, asked of the sample guidance."""
    cases = [
        Case(
            id=case_id("off", row["id"]),
            family_id=f"clinc:{row['topic']}",
            question=row["question"],
            kind="off_topic",
            benefit=row["kind"],
            answerable=False,
            origin="third_party",
            licence="CC BY 3.0",
        )
        for row in rows(data, "answers", "off_topic.jsonl")
    ]
    return Loaded(made("off_topic", "CLINC: off-topic questions and small talk", cases))

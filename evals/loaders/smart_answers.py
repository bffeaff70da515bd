"""GOV.UK Smart Answers as of 2019: decision-tree paths and their outcome texts.

Two flows (energy grants, student finance) hold most of the cases, and many outcomes differ in one amount or
link: the flow is kept as the family, so that intervals say how few flows there are, and as the benefit.
"""

from __future__ import annotations

from pathlib import Path

from evals.cases import Case, Gold
from evals.loaders.texts import Loaded, Text, anywhere_in, case_id, made, rows


def smart_answers(data: Path) -> Loaded:
    """689 paths (their steps joined to one question) over 801 outcome texts."""
    given = list(rows(data, "answers", "smart_answers_outcomes.jsonl"))
    texts = tuple(
        Text(f"smartanswers:{row['doc_id']}", row["flow"].replace("-", " ").capitalize(), row["text"])
        for row in given
    )
    same: dict[str, list[str]] = {}
    for row in given:
        same.setdefault(" ".join(row["text"].split()), []).append(f"smartanswers:{row['doc_id']}")
    like = {uri: uris for uris in same.values() for uri in uris}
    cases = [
        Case(
            id=case_id("smart", number, row["flow"]),
            family_id=row["flow"],
            question=row["question"],
            kind="multi_condition",
            benefit=row["flow"],
            answerable=True,
            gold=(_gold(f"smartanswers:{row['doc_id']}", like),),
            origin="third_party",
            licence="MIT; words OGL v3.0",
        )
        for number, row in enumerate(rows(data, "answers", "smart_answers.jsonl"))
    ]
    return Loaded(made("smart_answers", "Smart Answers: outcome texts by path", cases), texts)


def _gold(uri: str, like: dict[str, list[str]]) -> Gold:
    return anywhere_in(uri, *(other for other in like[uri] if other != uri))

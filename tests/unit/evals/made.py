"""Results made by hand, for tests that need some."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from evals.cases import Case
from evals.results import (
    ABOUT,
    LATENCY,
    RESULTS,
    About,
    Latency,
    Quoted,
    Result,
    Said,
    write_lines,
    write_whole,
)

ON = dt.date(2026, 11, 2)


def result(number: int, *, cited: bool = True, **changes: Any) -> Result:
    """One answered case of a suite of time limits."""
    case = Case.model_validate(
        {"id": f"c{number}", "family_id": f"c{number}", "question": f"How long is {number}?", "kind": "time_limit",
         "answerable": True, "gold": [{"uri": "sample:a", "contains": "one month"}], "nation": "england"}
    )  # fmt: skip
    quote = Quoted(
        passage_id="p", uri="sample:a", quote="one month", verbatim=True, nations=("england",), in_force=True
    )
    given = {
        "case": case, "on": ON, "outcome": "answered", "sentences": (Said(text="one month", citations=(quote,)),),
        "uncovered": (), "retrieved": ("p",), "relevant": (("p",),), "gold_cited": (cited,), "gold_offered": (cited,),
        "confidence": 0.9, "snapshot": "root", "explanation": "One sentence quoted.", "reason": "It answers.",
    }  # fmt: skip
    return Result.model_validate({**given, **changes})


def stored(folder: Path, results: list[Result], *, suite: str = "made", source: str = "third_party") -> Path:
    """A finished run in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    about = About(
        suite=suite,
        source=source,
        on=ON,
        cases=len(results),
        snapshot="root",
        guidance="g" * 64,
        configuration="c" * 64,
    )
    write_lines(folder / RESULTS, results)
    write_lines(
        folder / LATENCY,
        [
            Latency(case_id=r.case.id, milliseconds=5, stages={"retrieve": 2}, tokens=0, cost=0)
            for r in results
        ],
    )
    write_whole(folder / ABOUT, about.model_dump_json())
    return folder

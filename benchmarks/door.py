"""Measures the door: what it stops of text that addresses a model, what it stops that it should not, and its cost.

    python benchmarks/door.py [--data ../shared/data] [--json]

Attacks are put into benign documents: each attack of the collection is embedded at the start, in the middle and at the
end of guidance pages. False alarms are counted on the sample guidance, on scraped public pages, on GOV.UK items and on
files in many formats, each as it would be ingested.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from governance.errors import FrontlineError
from ingest.documents import Metadata, Parsed, Section
from ingest.parse import SIDECAR, Parser
from ingest.quarantine import Door
from ingest.quarantine.finding import Trouble

ROOT = Path(__file__).resolve().parent.parent
APART = frozenset(
    (
        "Information Retrieval",
        "Content Creation",
        "Learning and Tutoring",
        "Language Translation",
        "Programming Help",
    )
)
"""Attacks that are a plain task ("How do solar panels work?"), which a page might well set its reader."""


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def words(context: str | list[str]) -> str:
    """A host document; those of program code are lists of lines."""
    return context if isinstance(context, str) else "\n".join(map(str, context))


def read(folder: Path) -> tuple[dict[str, Parsed], float]:
    """Every file of a folder that can be read, and the seconds it took."""
    made: dict[str, Parsed] = {}
    began = time.perf_counter()
    with Parser() as parser:
        for path in sorted(folder.rglob("*")):
            listed = path.is_file() and not path.name.endswith(SIDECAR)
            if listed and path.name not in ("README.md", "index.jsonl", "manifest.jsonl"):
                try:
                    made[path.relative_to(folder).as_posix()] = parser.parse(path, root=folder)
                except FrontlineError:
                    continue
    return made, time.perf_counter() - began


def alarms(documents: dict[str, Parsed], door: Door) -> dict[str, Any]:
    found = {name: door.findings(parsed) for name, parsed in documents.items()}
    stopped = {name: sorted({f"{f.trouble}: {f.what}" for f in each}) for name, each in found.items() if each}
    return {"documents": len(documents), "stopped": len(stopped), "which": stopped}


def embedded(host: str, attack: str, where: str) -> Parsed:
    parts = host.split("\n\n")
    at = {"start": 0, "middle": len(parts) // 2, "end": len(parts)}[where]
    text = "\n\n".join([*parts[:at], attack, *parts[at:]])
    return Parsed(Metadata("x:y", "A page"), (Section(("A page",), text),))


def recall(attacks: list[tuple[str, str]], hosts: list[str], door: Door) -> dict[str, Any]:
    """Share of each category that is stopped, over three places in one host each."""
    draw = random.Random(7)
    hit: dict[str, list[bool]] = defaultdict(list)
    for category, attack in attacks:
        for where in ("start", "middle", "end"):
            findings = door.findings(embedded(draw.choice(hosts), attack, where))
            hit[category].append(any(f.trouble is Trouble.ADDRESSES_MODEL for f in findings))
    every = [each for values in hit.values() for each in values]
    return {
        "cases": len(every), "stopped": sum(every), "recall": round(sum(every) / len(every), 3),
        "by_category": {name: round(sum(v) / len(v), 2) for name, v in sorted(hit.items())},
    }  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    door = Door()
    sample, _ = read(ROOT / "sample_guidance" / "documents")
    sets = {"sample guidance": sample}
    seconds = 0.0
    for name in ("pages", "govuk_content_api", "messy"):
        sets[name], took = read(given.data / "guidance" / name)
        seconds += took
    hosts = [
        section.text for parsed in sample.values() for section in parsed.sections if len(section.text) > 300
    ]
    bipia = [
        (row["category"], row["attack"]) for row in rows(given.data / "injection" / "bipia_attacks.jsonl")
    ]
    garak = [(row["kind"], row["text"]) for row in rows(given.data / "injection" / "garak.jsonl")]
    contexts = [words(row["context"]) for row in rows(given.data / "injection" / "bipia_contexts.jsonl")]
    quiet = [
        context
        for context in contexts
        if any(f.trouble is Trouble.ADDRESSES_MODEL for f in door.findings(embedded(context, "", "end")))
    ]
    texts = [parsed for documents in sets.values() for parsed in documents.values()]
    characters = sum(len(s.text) for parsed in texts for s in parsed.sections)
    costs = []
    for _ in range(5):
        began = time.perf_counter()
        for parsed in texts:
            door.findings(parsed)
        costs.append(time.perf_counter() - began)
    result = {
        "false alarms": {name: alarms(documents, door) for name, documents in sets.items()},
        "bipia, embedded": recall([a for a in bipia if a[0] not in APART], hosts, door),
        "bipia, plain tasks": recall([a for a in bipia if a[0] in APART], hosts, door),
        "jailbreaks, embedded": recall([a for a in garak if a[0] in ("jailbreak", "dan")], hosts, door),
        "benign texts": recall([a for a in garak if a[0].startswith("benign")], hosts, door),
        "benign hosts (bipia contexts)": {"cases": len(contexts), "stopped": len(quiet)},
        "cost": {
            "characters": characters,
            "seconds (median of 5)": round(statistics.median(costs), 3),
            "share of reading the files": round(statistics.median(costs) / max(seconds, 1e-9), 3),
        },
    }
    if given.json:
        print(json.dumps(result, indent=1))
        return
    for name, each in result["false alarms"].items():
        kinds = Counter(kind for which in each["which"].values() for kind in which)
        print(f"{name:<20} {each['stopped']:>3} of {each['documents']:>3} stopped  {dict(kinds)}")
    for name in ("bipia, embedded", "bipia, plain tasks", "jailbreaks, embedded", "benign texts"):
        print(
            f"{name:<20} {result[name]['stopped']} of {result[name]['cases']} ({result[name]['recall']:.3f})"
        )
    print(result["benign hosts (bipia contexts)"], result["cost"])


if __name__ == "__main__":
    main()

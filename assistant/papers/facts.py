"""Why: a paper about a service is worth what it is made from: the settings, the policies and models in force, and the ledger."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import yaml

from assistant.abstain import calibration
from assistant.glossary import glossary
from assistant.ground import CHECKS
from assistant.ground import VERSION as CONTRACT
from assistant.models.pins import pins, precision_of
from assistant.outcomes import outcomes
from assistant.routes import routes
from assistant.settings import Settings
from governance.ledger import Ledger, Wanted
from governance.ledger.card import outcome_of
from governance.redaction.policy import Policy
from governance.retention import periods

SETTLED_HERE = frozenset({"data_dir", "models_dir", "host", "port", "log_level", "threads"})
"""Settings that say where and how fast it runs, and nothing of what it does."""


@dataclass(frozen=True)
class Facts:
    """What is configured."""

    program: str
    controller: str
    composing: str
    """What writes the sentences: rules, or the chat model that is set."""
    chat: bool
    embedder: str
    models: Sequence[Mapping[str, str]]
    destinations: Sequence[Mapping[str, str]]
    notices: Sequence[Mapping[str, Any]]
    prompts: Sequence[Mapping[str, str]]
    entities: Sequence[str]
    retention: Sequence[Mapping[str, str]]
    versions: Mapping[str, str]
    outcomes: Sequence[Mapping[str, str]]
    checks: Sequence[str]
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Figures:
    """What the ledger says was done."""

    entries: int
    verifies: bool
    first: str
    last: str
    types: Mapping[str, int]
    outcomes: Mapping[str, int]
    people: int
    """Pseudonyms that asked."""
    root: str


def facts(settings: Settings) -> Facts:
    """What is configured, read from the settings and from the data that is shipped; no model is loaded."""
    policy = Policy.default()
    dumped = settings.model_dump(mode="json", exclude=set(SETTLED_HERE))
    if dumped.get("database_url"):
        dumped["database_url"] = "(set)"
    manifests = {
        name: yaml.safe_load(files(package).joinpath("manifest.yaml").read_text(encoding="utf-8"))
        for name, package in (("notices", "governance.notices"), ("prompts", "prompts"))
    }
    return Facts(
        program=version("frontline-assistant"),
        controller=settings.controller,
        composing=settings.model or "rules and similarity on this machine; no language model writes",
        chat=bool(settings.model),
        embedder=f"{settings.embedder}, {settings.precision or precision_of(settings.embedder)}",
        models=[
            {"name": p.name, "title": p.title, "role": p.role, "licence": p.licence, "needed": "yes" if p.needed else "no"}
            for p in pins()
        ],
        destinations=[
            {
                "name": d.name, "place": f"{d.scheme}://{d.host}:{d.port}", "region": d.region, "data": ", ".join(d.data)
            }
            for d in settings.destinations
        ],
        notices=[{"id": name, **listed[-1]} for name, listed in manifests["notices"].items()],
        prompts=[{"id": name, **{k: str(v) for k, v in listed[-1].items()}} for name, listed in manifests["prompts"].items()],
        entities=sorted(entity.label for entity in policy.entities.values()),
        retention=[
            {"class": kind.value.replace("_", " "), "days": str(p.days), "what": p.what, "why": p.why}
            for kind, p in periods(settings.retention).items()
        ],
        versions={
            "Redaction policy": policy.version, "Routes": routes().version, "Glossary": glossary().version,
            "Calibration": calibration().version, "Evidence contract": CONTRACT,
        },
        outcomes=[{"id": o.value, "label": w.label, "next": w.next_step} for o, w in outcomes().items()],
        checks=list(CHECKS),
        settings={name: json.dumps(value, sort_keys=True) for name, value in sorted(dumped.items())},
    )  # fmt: skip


def figures(ledger: Ledger) -> Figures:
    """What the ledger says was done, in one pass, after it was verified."""
    verification = ledger.verify()
    types: Counter[str] = Counter()
    found: Counter[str] = Counter()
    people, first, last = set(), "", ""
    for entry in ledger.scan(Wanted()):
        types[entry.type] += 1
        first = first or entry.time.date().isoformat()
        last = entry.time.date().isoformat()
        if entry.type == "answer":
            found[outcome_of(entry)] += 1
            people.add(entry.actor)
    return Figures(
        entries=verification.size, verifies=verification.ok, first=first, last=last, types=dict(sorted(types.items())),
        outcomes=dict(sorted(found.items())), people=len(people), root=verification.root,
    )  # fmt: skip

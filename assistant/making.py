"""Why: an answer can be made again only if the record says exactly what made it: code, settings, model, policies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from assistant.ground import VERSION as CONTRACT
from assistant.pipeline import Parts
from assistant.record import Maker
from assistant.settings import Settings
from governance.explanation import EmbedderUsed

if TYPE_CHECKING:
    from governance.redaction import Redactor
    from ingest.embed import Embedder

CHANGES_ANSWERS = frozenset({"embedder", "precision", "nation", "question_limit", "name_detectors"})
"""Settings that can change an answer; the rest change where, when and how fast."""


def maker_of(
    settings: Settings, parts: Parts, embedder: Embedder, redactor: Redactor, chat: Mapping[str, object]
) -> Maker:
    """What makes the answers of this process, for every record it writes."""
    identity, policy = embedder.identity, redactor.policy
    return Maker(
        code_version=version("frontline-assistant"),
        configuration_hash=_configuration_hash(settings, parts, chat),
        embedder=EmbedderUsed(
            name=identity.name,
            version=identity.version,
            weights_sha256=identity.weights_sha256,
            precision=identity.precision,
        ),
        policy_version=policy.version,
        policy_hash=policy.hash,
    )


def in_words(settings: Settings, parts: Parts, maker: Maker) -> dict[str, str]:
    """The same for a page: what is in force, each with its version."""
    return {
        "Program": maker.code_version,
        "Embedder": f"{maker.embedder.name} {maker.embedder.version}, {maker.embedder.precision}",
        "Redaction policy": maker.policy_version,
        "Names are looked for by": settings.name_detectors,
        "Longest question": f"{settings.question_limit} characters",
        "Glossary": parts.retriever.glossary.version,
        "Routes": parts.routes.version,
        "Topics of risk": parts.risks.version,
        "Calibration": parts.calibration.version,
        "Evidence contract": CONTRACT,
        "Sentences are chosen by": settings.model or "rules",
        "Configuration": maker.configuration_hash,
    }


def _configuration_hash(settings: Settings, parts: Parts, chat: Mapping[str, object]) -> str:
    configuration = {
        "settings": settings.model_dump(mode="json", include=set(CHANGES_ANSWERS)),
        "retrieval": [parts.retriever.weight, parts.retriever.depth],
        "glossary": parts.retriever.glossary.version,
        "routes": parts.routes.version,
        "risks": parts.risks.version,
        "calibration": parts.calibration.version,
        "contract": CONTRACT,
        "chat": dict(chat),
    }
    return hashlib.sha256(json.dumps(configuration, sort_keys=True).encode()).hexdigest()

"""Why: a passage that answers although its document is gone is the fault users of such systems fear most.

Compares what the source lists, the catalogue, Chroma and the snapshot that is searched, and names every
difference. An empty list is the only good result.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest import snapshot_files
from ingest.catalogue import Catalogue
from ingest.originals import file_hash
from ingest.publish import unused
from ingest.sources import Source
from ingest.vectors import VectorStore

MOST_NAMED = 50
"""Differences named in the ledger; a command names all."""


@dataclass(frozen=True)
class Difference:
    """Two places that do not say the same."""

    where: str
    """The two places: "source and catalogue", "catalogue and vectors", "catalogue and snapshot"."""
    what: str
    """The file, version or passage concerned, and how they differ."""


def reconcile(
    data_dir: Path, catalogue: Catalogue, vectors: VectorStore, sources: Iterable[Source]
) -> list[Difference]:
    """Every difference between sources, catalogue, vectors and snapshot, in that order."""
    found: list[Difference] = []
    for source in sources:
        found += _source(source, catalogue)
    expected = snapshot_files.contents(catalogue)
    where = "catalogue and vectors"
    missing = vectors.missing([bytes(key).hex() for key in expected.keys])
    found += [Difference(where, f"no vector {key}") for key in missing]
    found += [Difference(where, f"no passage uses vector {key}") for key in unused(vectors, expected)]
    found += _snapshot(data_dir, catalogue, expected)
    return found


def reported(differences: Sequence[Difference], sources: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Type and body of the ledger's entry about a comparison: an alarm where anything differs."""
    named = [f"{difference.where}: {difference.what}" for difference in differences[:MOST_NAMED]]
    body = {"sources": list(sources), "differences": len(differences), "named": named}
    return ("guidance.alarm" if differences else "guidance.agrees"), body


def _source(source: Source, catalogue: Catalogue) -> list[Difference]:
    where = "source and catalogue"
    known = catalogue.files(source.id)
    listed = {item.path: item for item in source.list()}
    found = [Difference(where, f"{path}: gone from the source") for path in known if path not in listed]
    for path, item in listed.items():
        if item.unasked:
            continue  # its source does not say what it holds now; what it gave before stands
        if path not in known:
            found.append(Difference(where, f"{path}: not taken in"))
        elif not item.problem and known[path].content_hash != file_hash(item.file):
            found.append(Difference(where, f"{path}: changed since it was taken in"))
    return found


def _snapshot(data_dir: Path, catalogue: Catalogue, expected: snapshot_files.Contents) -> list[Difference]:
    where = "catalogue and snapshot"
    name = catalogue.state("snapshot")
    if name is None:
        return [Difference(where, "there is no snapshot")] if len(expected.ids) else []
    folder = data_dir / snapshot_files.SNAPSHOTS / str(name)
    found = []
    if expected.id != name:
        found.append(Difference(where, f"the snapshot is {name}; the catalogue would make {expected.id}"))
    try:
        ids = {bytes(i).decode("ascii") for i in np.load(folder / "ids.npy")}
        words = json.loads((folder / "lexical" / "params.index.json").read_text(encoding="utf-8"))["num_docs"]
    except (OSError, ValueError, KeyError) as error:
        return [*found, Difference(where, f"the snapshot cannot be read: {error}")]
    if words != len(ids):
        found.append(Difference("vectors and lexical index", f"{len(ids)} rows of vectors, {words} of words"))
    held = {bytes(i).decode("ascii") for i in expected.ids}
    found += [Difference(where, f"passage {i} is not in the snapshot") for i in sorted(held - ids)]
    found += [Difference(where, f"passage {i} is in the snapshot alone") for i in sorted(ids - held)]
    return found

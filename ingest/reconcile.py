"""Why: a passage that answers although its document is gone is the fault users of such systems fear most.

Compares what the source lists, the catalogue, Chroma and the snapshot that is searched, and names every
difference. An empty list is the only good result. Nothing is taken on trust from its name: every passage's text is
hashed again, and the snapshot's vectors and words are made again and compared byte for byte.
"""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest import snapshot_files
from ingest.alone import alone
from ingest.catalogue import Catalogue
from ingest.originals import file_hash
from ingest.publish import unused
from ingest.sources import Source
from ingest.split import passage_id
from ingest.vectors import VectorStore, vector_key

MOST_NAMED = 50
"""Differences named in the ledger; a command names all."""


@dataclass(frozen=True)
class Difference:
    """Two places that do not say the same."""

    where: str
    """The two places: "source and catalogue", "catalogue" (with its own hashes), "catalogue and vectors", "catalogue and
    snapshot", "vectors and snapshot", "catalogue and lexical index"."""
    what: str
    """The file, version or passage concerned, and how they differ."""


def reconcile(
    data_dir: Path, catalogue: Catalogue, vectors: VectorStore, sources: Iterable[Source]
) -> list[Difference]:
    """Every difference between sources, catalogue, vectors and snapshot, in that order.

    Takes the time of hashing every text and making the snapshot's files again, and room on the disk for them. Raises
    ``IngestRunning`` while something is taken in.
    """
    with alone(data_dir):
        return _compared(data_dir, catalogue, vectors, sources)


def _compared(
    data_dir: Path, catalogue: Catalogue, vectors: VectorStore, sources: Iterable[Source]
) -> list[Difference]:
    found: list[Difference] = []
    for source in sources:
        found += _source(source, catalogue)
    found += _texts(catalogue, vectors)
    expected = snapshot_files.contents(catalogue)
    where = "catalogue and vectors"
    missing = vectors.missing([bytes(key).hex() for key in expected.keys])
    found += [Difference(where, f"no vector {key}") for key in missing]
    found += [Difference(where, f"no passage uses vector {key}") for key in unused(vectors, expected)]
    if name := catalogue.state("snapshot"):
        found += _snapshot(
            data_dir / snapshot_files.SNAPSHOTS / str(name), catalogue, expected, vectors, whole=not missing
        )
    elif len(expected.ids):
        found.append(Difference("catalogue and snapshot", "there is no snapshot"))
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


def _texts(catalogue: Catalogue, vectors: VectorStore) -> Iterator[Difference]:
    """Passages that do not hash to their own id, or whose vector is that of another text."""
    for passage, key in (pair for batch in catalogue.keyed() for pair in batch):
        if passage.id != passage_id(passage.version_id, passage.ordinal, passage.text):
            yield Difference("catalogue", f"passage {passage.id}: its text is not the one that was taken in")
        elif key != vector_key(vectors.identity, passage.indexed_text):
            yield Difference("catalogue", f"passage {passage.id}: its vector is of another text or embedder")


def _snapshot(
    folder: Path,
    catalogue: Catalogue,
    expected: snapshot_files.Contents,
    vectors: VectorStore,
    *,
    whole: bool,
) -> Iterator[Difference]:
    """Differences of the snapshot from what is made now; of its vectors only where none is missing (``whole``)."""
    where = "catalogue and snapshot"
    if expected.id != folder.name:
        yield Difference(where, f"the snapshot is {folder.name}; the catalogue would make {expected.id}")
    try:
        ids = {bytes(i).decode("ascii") for i in np.load(folder / "ids.npy")}
    except (OSError, ValueError) as error:
        yield Difference(where, f"the snapshot cannot be read: {error}")
        return
    held = {bytes(i).decode("ascii") for i in expected.ids}
    yield from (Difference(where, f"passage {i} is not in the snapshot") for i in sorted(held - ids))
    yield from (Difference(where, f"passage {i} is in the snapshot alone") for i in sorted(ids - held))
    if whole and expected.id == folder.name:
        yield from _made_again(folder, catalogue, expected, vectors)


def _made_again(
    folder: Path, catalogue: Catalogue, expected: snapshot_files.Contents, vectors: VectorStore
) -> Iterator[Difference]:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as scratch:
        snapshot_files.fill(Path(scratch), expected, catalogue, lambda: vectors, None, vectors.identity)
        for file in sorted(p for p in Path(scratch).rglob("*") if p.is_file() and p.name != "snapshot.json"):
            name = file.relative_to(scratch)
            if not (folder / name).is_file() or not filecmp.cmp(file, folder / name, shallow=False):
                yield Difference(
                    _PLACES.get(name.parts[0], "catalogue and snapshot"), f"{name} is not what they make"
                )


_PLACES = {"vectors.npy": "vectors and snapshot", "lexical": "catalogue and lexical index"}

"""Why: a snapshot appears whole or not at all, and the same content always has the same name.

The folder is written beside its final place and renamed. Vectors of rows that an earlier snapshot holds are
copied from it; only the others are read from Chroma.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import TypeAdapter

from ingest.catalogue import Catalogue
from ingest.documents import Version
from ingest.embedder_files import EmbedderIdentity
from ingest.vectors import VectorStore

if TYPE_CHECKING:
    from numpy.typing import NDArray

SNAPSHOTS = "snapshots"
KEPT = 3
"""Snapshots kept on disk; a reader that still holds an older one keeps its open files."""
_BATCH = 1000
_VERSIONS: TypeAdapter[tuple[Version, ...]] = TypeAdapter(tuple[Version, ...])


@dataclass(frozen=True)
class Contents:
    """What a snapshot is made from: everything but the texts and vectors."""

    rows: Sequence[tuple[str, str, str]]
    """(passage id, version id, vector key), by passage id."""
    versions: Sequence[Version]

    @property
    def root_hash(self) -> str:
        """SHA-256 over every passage id and every version with its dates. A passage id is itself derived from
        the passage's text and its version, and a version id from uri, metadata and file."""
        digest = hashlib.sha256()
        for passage_id, _, _ in self.rows:
            digest.update(f"{passage_id}\n".encode())
        for version in sorted(self.versions, key=lambda v: v.id):
            dates = (version.began_on, version.superseded_on, version.removed_on)
            digest.update(f"{version.id} {' '.join(str(date) for date in dates)}\n".encode())
        return digest.hexdigest()

    @property
    def id(self) -> str:
        """Name of the snapshot: the same content has the same name."""
        return "s" + self.root_hash[:24]


def contents(catalogue: Catalogue) -> Contents:
    """What the catalogue holds now."""
    return Contents(catalogue.passage_keys(), catalogue.versions())


def write(
    data_dir: Path, what: Contents, catalogue: Catalogue, vectors: VectorStore, identity: EmbedderIdentity
) -> Path:
    """Write the snapshot's folder, or find it there already. Raises OSError where the disk is full."""
    parent = data_dir / SNAPSHOTS
    parent.mkdir(parents=True, exist_ok=True)
    target = parent / what.id
    if (target / "snapshot.json").is_file():
        return target
    scratch = Path(tempfile.mkdtemp(dir=parent, prefix=".building-"))
    try:
        fill(scratch, what, catalogue, vectors, _earlier(parent, catalogue), identity)
        _synced(scratch)
        scratch.replace(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def fill(
    folder: Path, what: Contents, catalogue: Catalogue, vectors: VectorStore, earlier: Path | None,
    identity: EmbedderIdentity,
) -> None:  # fmt: skip
    """Write every file of a snapshot; vectors that an earlier one holds are copied from it."""
    _write_rows(folder, what)
    _write_vectors(folder, what, vectors, earlier, identity.dimensions)
    _write_lexical(folder, what, catalogue)
    about = {
        "id": what.id, "root_hash": what.root_hash, "created_at": dt.datetime.now(dt.UTC).isoformat(),
        "passages": len(what.rows), "embedder": identity.as_dict(),
    }  # fmt: skip
    (folder / "snapshot.json").write_text(json.dumps(about, indent=2), encoding="utf-8")


def remove_old(data_dir: Path, current: str) -> None:
    """Remove snapshots beyond the newest few, and what a killed run left half-built."""
    parent = data_dir / SNAPSHOTS
    folders = sorted(
        (p for p in parent.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True
    )
    whole = [p for p in folders if not p.name.startswith(".")]
    for folder in [p for p in folders if p.name.startswith(".building-")] + whole[KEPT:]:
        if folder.name != current:
            shutil.rmtree(folder, ignore_errors=True)


def read_versions(path: Path) -> tuple[Version, ...]:
    """Versions as a snapshot keeps them. Raises ValueError where the file is not whole."""
    return _VERSIONS.validate_json(path.read_bytes())


def _write_rows(folder: Path, what: Contents) -> None:
    place = {version.id: n for n, version in enumerate(what.versions)}
    np.save(folder / "ids.npy", np.array([row[0] for row in what.rows], dtype="S25"))
    np.save(folder / "keys.npy", np.array([bytes.fromhex(row[2]) for row in what.rows], dtype="V32"))
    np.save(folder / "version_of.npy", np.array([place[row[1]] for row in what.rows], dtype=np.int32))
    (folder / "versions.json").write_bytes(_VERSIONS.dump_json(tuple(what.versions)))


def _write_vectors(
    folder: Path, what: Contents, vectors: VectorStore, earlier: Path | None, dimensions: int
) -> None:
    out = np.lib.format.open_memmap(
        folder / "vectors.npy", mode="w+", dtype=np.float32, shape=(len(what.rows), dimensions)
    )
    held, matrix = _held(earlier)
    for start in range(0, len(what.rows), _BATCH):
        keys = [row[2] for row in what.rows[start : start + _BATCH]]
        part = np.empty((len(keys), dimensions), dtype=np.float32)
        old = [n for n, key in enumerate(keys) if key in held]
        new = [n for n, key in enumerate(keys) if key not in held]
        if old and matrix is not None:
            part[old] = matrix[[held[keys[n]] for n in old]]
        if new:
            part[new] = vectors.get([keys[n] for n in new])
        out[start : start + len(keys)] = part
    out.flush()


def _held(earlier: Path | None) -> tuple[dict[str, int], NDArray[np.float32] | None]:
    if earlier is None:
        return {}, None
    keys = np.load(earlier / "keys.npy", mmap_mode="r")
    return {bytes(key).hex(): n for n, key in enumerate(keys)}, np.load(
        earlier / "vectors.npy", mmap_mode="r"
    )


def _earlier(parent: Path, catalogue: Catalogue) -> Path | None:
    name = catalogue.state("snapshot")
    folder = parent / str(name)
    return folder if name and (folder / "vectors.npy").is_file() else None


def _write_lexical(folder: Path, what: Contents, catalogue: Catalogue) -> None:
    from ingest.lexical import build

    held = {row[0] for row in what.rows}
    texts = [p.indexed_text for part in catalogue.texts() for p in part if p.id in held]
    build(texts, folder / "lexical")


def _synced(folder: Path) -> None:
    """Have the disk hold every file before the folder gets its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())

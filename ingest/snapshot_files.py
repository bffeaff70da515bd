"""Why: a snapshot appears whole or not at all, and the same content always has the same name.

The folder is written beside its final place and renamed. Vectors of rows that an earlier snapshot holds are
copied from it; only the others are read from Chroma.
"""

from __future__ import annotations

import datetime as dt
import filecmp
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
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
    """What a snapshot is made from: everything but the texts and vectors. Rows are in the order of passage ids."""

    ids: NDArray[np.bytes_]
    keys: NDArray[np.void]
    """Vector key of each row: 32 bytes."""
    version_of: NDArray[np.int32]
    """Place of each row's version in ``versions``."""
    versions: Sequence[Version]

    @cached_property
    def root_hash(self) -> str:
        """SHA-256 over every passage id and every version with its dates. A passage id is itself derived from
        the passage's text and its version, and a version id from uri, metadata and file."""
        digest = hashlib.sha256()
        for passage_id in self.ids:
            digest.update(bytes(passage_id) + b"\n")
        for version in sorted(self.versions, key=lambda v: v.id):
            dates = (version.began_on, version.superseded_on, version.removed_on)
            digest.update(f"{version.id} {' '.join(str(date) for date in dates)}\n".encode())
        return digest.hexdigest()

    @property
    def id(self) -> str:
        """Name of the snapshot: the same content has the same name."""
        return "s" + self.root_hash[:24]

    @cached_property
    def distinct_keys(self) -> int:
        """How many vectors the rows use; equal texts share one."""
        return len(set(self.keys.tolist()))


def contents(catalogue: Catalogue) -> Contents:
    """What the catalogue holds now: some 60 bytes of memory a passage."""
    return contents_of(catalogue, catalogue.versions())


def contents_of(catalogue: Catalogue, versions: Sequence[Version]) -> Contents:
    """The passages of some versions, as the catalogue holds them."""
    place = {version.id: n for n, version in enumerate(versions)}
    ids, keys, version_of = bytearray(), bytearray(), bytearray()
    for passage_id, version_id, key in catalogue.rows():
        if version_id not in place:
            continue
        ids += passage_id.encode("ascii")
        keys += bytes.fromhex(key)
        version_of += place[version_id].to_bytes(4, sys.byteorder)
    return Contents(
        np.frombuffer(bytes(ids), dtype="S25"), np.frombuffer(bytes(keys), dtype="V32"),
        np.frombuffer(bytes(version_of), dtype=np.int32), versions,
    )  # fmt: skip


def write(
    data_dir: Path,
    what: Contents,
    catalogue: Catalogue,
    vectors: Callable[[], VectorStore],
    identity: EmbedderIdentity,
) -> Path:
    """Write the snapshot's folder, or find it there already. Raises OSError where the disk is full.

    ``vectors`` opens the store; it is not asked where an earlier snapshot has every vector.
    """
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
    folder: Path, what: Contents, catalogue: Catalogue, vectors: Callable[[], VectorStore], earlier: Path | None,
    identity: EmbedderIdentity,
) -> None:  # fmt: skip
    """Write every file of a snapshot. Vectors that an earlier one holds are copied from it; where all its rows are the
    same, and only what holds when has changed, they and the words are shared with it."""
    _write_rows(folder, what)
    if earlier is not None and _same_rows(folder, earlier):
        _share(earlier, folder)
    else:
        _write_vectors(folder, what, vectors, earlier, identity.dimensions)
        _write_lexical(folder, what, catalogue)
    about = {
        "id": what.id, "root_hash": what.root_hash, "created_at": dt.datetime.now(dt.UTC).isoformat(),
        "passages": len(what.ids), "embedder": identity.as_dict(),
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
    np.save(folder / "ids.npy", what.ids)
    np.save(folder / "keys.npy", what.keys)
    np.save(folder / "version_of.npy", what.version_of)
    (folder / "versions.json").write_bytes(_VERSIONS.dump_json(tuple(what.versions)))


def _same_rows(folder: Path, earlier: Path) -> bool:
    return all(filecmp.cmp(folder / name, earlier / name, shallow=False) for name in ("ids.npy", "keys.npy"))


def _share(earlier: Path, folder: Path) -> None:
    """Give the folder the earlier one's vectors and words, which neither will change, without copying them."""
    (folder / "lexical").mkdir()
    for file in (earlier / "vectors.npy", *(earlier / "lexical").iterdir()):
        target = folder / file.relative_to(earlier)
        try:
            os.link(file, target)
        except OSError:  # a disk that has no links
            shutil.copyfile(file, target)


def _write_vectors(
    folder: Path, what: Contents, vectors: Callable[[], VectorStore], earlier: Path | None, dimensions: int
) -> None:
    rows = len(what.ids)
    out = np.lib.format.open_memmap(
        folder / "vectors.npy", mode="w+", dtype=np.float32, shape=(rows, dimensions)
    )
    order, sorted_keys, matrix = _held(earlier, dimensions)
    for start in range(0, rows, _BATCH):
        keys = what.keys[start : start + _BATCH]
        part = np.empty((len(keys), dimensions), dtype=np.float32)
        at = np.minimum(np.searchsorted(sorted_keys, _text(keys)), max(0, len(sorted_keys) - 1))
        old = sorted_keys[at] == _text(keys) if len(sorted_keys) else np.zeros(len(keys), dtype=bool)
        if old.any():
            part[old] = matrix[order[at[old]]]
        if not old.all():
            part[~old] = vectors().get([bytes(key).hex() for key in keys[~old]])
        out[start : start + len(keys)] = part
    out.flush()


def _held(
    earlier: Path | None, dimensions: int
) -> tuple[NDArray[np.intp], NDArray[np.bytes_], NDArray[np.float32]]:
    """An earlier snapshot's vectors, and its keys sorted, with the row of each."""
    if earlier is None:
        return np.zeros(0, np.intp), np.zeros(0, "S64"), np.zeros((0, dimensions), np.float32)
    keys = _text(np.load(earlier / "keys.npy"))
    order = np.argsort(keys, kind="stable")
    return order, keys[order], np.load(earlier / "vectors.npy", mmap_mode="r")


def _text(keys: NDArray[np.void]) -> NDArray[np.bytes_]:
    """Keys as text that NumPy can sort: it orders no raw bytes, and drops zero bytes at the end of text."""
    return np.array([bytes(key).hex() for key in keys], dtype="S64")


def _earlier(parent: Path, catalogue: Catalogue) -> Path | None:
    name = catalogue.state("snapshot")
    folder = parent / str(name)
    return folder if name and (folder / "vectors.npy").is_file() else None


def _write_lexical(folder: Path, what: Contents, catalogue: Catalogue) -> None:
    from ingest.lexical import build

    build(_texts(what, catalogue), folder / "lexical")


def _texts(what: Contents, catalogue: Catalogue) -> Iterator[list[str]]:
    """What is indexed of each row, a batch at a time; the catalogue may hold passages that are no rows."""
    for part in catalogue.texts():
        ids = np.array([passage.id.encode("ascii") for passage in part], dtype=what.ids.dtype)
        at = np.searchsorted(what.ids, ids)
        held = [n < len(what.ids) and what.ids[n] == one for n, one in zip(at, ids, strict=True)]
        yield [passage.indexed_text for passage, row in zip(part, held, strict=True) if row]


def _synced(folder: Path) -> None:
    """Have the disk hold every file before the folder gets its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())

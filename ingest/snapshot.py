"""Why: a question sees one state of the guidance from beginning to end, and that state has a name and a hash.

A snapshot is a folder that is never changed: the vectors as one memory-mapped matrix, the BM25 index, and
every version with its dates. Rows are in the order of passage ids. A search scores the rows that the filter
allows, exactly, so that a filter costs no recall; why not through Chroma: docs/adr/0002. Texts are read from
the catalogue by id when they are wanted.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import hashlib
import json
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from governance.errors import EmbedderMismatch, IndexDamaged, IndexEmpty
from ingest.catalogue import Catalogue, Withdrawals
from ingest.context import Context, around
from ingest.documents import Filter, Passage, Version
from ingest.embedder_files import EmbedderIdentity
from ingest.snapshot_files import SNAPSHOTS, read_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.rebuild import History
    from ingest.vectors import VectorStore

_MASKS = 16
"""Filters whose rows are remembered: a day's questions use few nations and mostly one date."""


class Snapshot:
    """An immutable view of what was ingested."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        from ingest.lexical import Lexical

        try:
            about = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
            self._ids: NDArray[np.bytes_] = np.load(folder / "ids.npy", mmap_mode="r")
            self._version_of: NDArray[np.int32] = np.load(folder / "version_of.npy", mmap_mode="r")
            self._vectors: NDArray[np.float32] = np.load(folder / "vectors.npy", mmap_mode="r")
            self._versions = read_versions(folder / "versions.json")
            self._lexical = Lexical(folder / "lexical")
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged(
                f"The snapshot {folder.name} cannot be read: {error}.",
                do="Ingest again; nothing is embedded twice.",
            ) from error
        self.id: str = about["id"]
        self.frozen_root: str = about["root_hash"]
        self.root_hash: str = self.frozen_root
        self.created_at = dt.datetime.fromisoformat(about["created_at"])
        self.passages: int = len(self._ids)
        self._catalogue = catalogue
        self._see(self._versions)

    def with_withdrawals(self, withdrawals: Withdrawals) -> Snapshot:
        """The same rows as people's decisions leave them. Its root hash covers the decisions too, so that what
        an answer was made from can be proved; its id is that of the rows."""
        made = copy.copy(self)
        made._see([replace(v, withdrawals=withdrawals.get(v.document_id, ())) for v in self._versions])
        if withdrawals:
            said = json.dumps(
                {key: [asdict(w) for w in withdrawals[key]] for key in sorted(withdrawals)}, default=str
            )
            made.root_hash = hashlib.sha256(f"{self.frozen_root}{said}".encode()).hexdigest()
        else:
            made.root_hash = self.frozen_root
        return made

    def _see(self, versions: Sequence[Version]) -> None:
        self._versions = tuple(versions)
        self._by_id = {version.id: version for version in self._versions}
        self._masks: dict[Filter, NDArray[np.bool_]] = {}

    @property
    def document_count(self) -> int:
        """Documents with at least one version."""
        return len({version.document_id for version in self._versions})

    def dense(self, vector: Sequence[float], n: int, where: Filter) -> list[tuple[str, float]]:
        """The ``n`` passages nearest in meaning that the filter allows: (passage id, cosine), best first."""
        rows = self._rows(where)
        query = np.asarray(vector, dtype=np.float32)
        if len(rows) * 2 > self.passages:
            scores = (self._vectors @ query)[rows]
        else:
            scores = self._vectors[rows] @ query
        return self._best(rows, scores, n)

    def lexical(self, text: str, n: int, where: Filter) -> list[tuple[str, float]]:
        """The ``n`` passages that share most words and that the filter allows: (passage id, BM25), best first."""
        rows = self._rows(where)
        scores = self._lexical.scores(text)[rows]
        shared = scores > 0
        return self._best(rows[shared], scores[shared], n)

    def passages_by_id(self, ids: Iterable[str]) -> dict[str, tuple[Passage, Version]]:
        """Passages with their versions; ids that are not in this snapshot are left out."""
        found = self._catalogue.passages(ids)
        return {
            key: (passage, self._by_id[passage.version_id])
            for key, passage in found.items()
            if passage.version_id in self._by_id
        }

    def neighbours(self, passage_id: str, before: int = 1, after: int = 1) -> list[Passage]:
        """The passages around one in its version, in order, itself left out."""
        found = self._catalogue.passages([passage_id]).get(passage_id)
        if found is None:
            return []
        around = self._catalogue.passages_of(
            found.version_id, max(0, found.ordinal - before), found.ordinal + after
        )
        return [passage for passage in around if passage.id != passage_id]

    def context(self, passage_id: str, before: int = 1, after: int = 1) -> Context | None:
        """Neighbours, the rest of the section and the section above; None for a passage that is not here."""
        found = self.passages_by_id([passage_id]).get(passage_id)
        return around(self.passages_of(found[1].id), found[0], before, after) if found else None

    def document(self, document_id: str) -> list[Version]:
        """Every version of a document, oldest first."""
        return [version for version in self._versions if version.document_id == document_id]

    def version(self, version_id: str) -> Version | None:
        """One version, or None."""
        return self._by_id.get(version_id)

    def documents(self) -> list[Version]:
        """Every version of every document."""
        return list(self._versions)

    def passages_of(self, version_id: str) -> list[Passage]:
        """Passages of a version, in order."""
        return self._catalogue.passages_of(version_id)

    def _rows(self, where: Filter) -> NDArray[np.intp]:
        mask = self._masks.get(where)
        if mask is None:
            allowed = np.array([where.allows(version) for version in self._versions], dtype=bool)
            mask = allowed[self._version_of] if len(allowed) else np.zeros(0, dtype=bool)
            if len(self._masks) >= _MASKS:
                self._masks.clear()
            self._masks[where] = mask
        return np.flatnonzero(mask)

    def _best(self, rows: NDArray[np.intp], scores: NDArray[np.float32], n: int) -> list[tuple[str, float]]:
        # Rows are in the order of passage ids, so a stable sort breaks ties by id.
        if len(scores) > 4 * n:
            cut = np.partition(scores, len(scores) - n)[len(scores) - n]
            keep = scores >= cut
            rows, scores = rows[keep], scores[keep]
        order = np.argsort(-scores, kind="stable")[:n]
        return [(self._ids[rows[i]].decode("ascii"), float(scores[i])) for i in order]


class SnapshotReader:
    """Hands out the current snapshot; cheap to ask at every question."""

    def __init__(self, data_dir: Path, catalogue: Catalogue) -> None:
        self._data_dir = data_dir
        self._folder = data_dir / SNAPSHOTS
        self._catalogue = catalogue
        self._identity: EmbedderIdentity | None = None
        self._vectors: Callable[[], VectorStore] | None = None
        self._lock = threading.Lock()
        self._held: Snapshot | None = None
        self._decided: Withdrawals = {}

    @classmethod
    def open(
        cls,
        data_dir: Path,
        embedder_identity: EmbedderIdentity,
        vectors: Callable[[], VectorStore] | None = None,
    ) -> SnapshotReader:
        """Open a data directory for reading; one that holds nothing yet opens too. ``vectors`` opens where vectors are
        kept (by default in the data directory); it is asked only to build an earlier state again.

        Raises ``EmbedderMismatch`` or ``DataFromNewerVersion``.
        """
        catalogue = Catalogue.open(data_dir)
        check_embedder(catalogue.state("embedder"), embedder_identity, data_dir)
        reader = cls(data_dir, catalogue)
        reader._identity = embedder_identity
        reader._vectors = vectors
        return reader

    def current(self) -> Snapshot:
        """The snapshot that questions see from now on. Raises ``IndexEmpty`` or ``IndexDamaged``."""
        name, withdrawals = self._catalogue.now()
        if name is None:
            raise IndexEmpty(
                "Nothing has been ingested yet.", do="Run `frontline ingest FOLDER`, or `--sample`."
            )
        with self._lock:
            held = self._held
            if held is None or held.id != name:
                held = Snapshot(self._folder / str(name), self._catalogue)
            if held is not self._held or withdrawals != self._decided:
                held = held.with_withdrawals(withdrawals)
            self._held, self._decided = held, withdrawals
            return held

    @contextlib.contextmanager
    def as_it_was(
        self, snapshot_id: str, root_hash: str, history: Callable[[], History]
    ) -> Iterator[tuple[Snapshot | None, bool]]:
        """An earlier state, with people's decisions of that time, for as long as it is used; and whether it had to be
        built again from the catalogue. None where nothing with its root hash can be made any more.

        ``history`` gives what was recorded of documents until it was published. Raises ``IndexDamaged``.
        """
        from ingest.rebuild import build, contents_then
        from ingest.vectors import VectorStore

        folder = self._folder / snapshot_id
        if snapshot_id.isalnum() and (folder / "snapshot.json").is_file():
            yield self._decided_then(Snapshot(folder, self._catalogue), root_hash), False
            return
        what = contents_then(self._catalogue, history())
        if self._identity is None or what.id != snapshot_id:
            yield None, True
            return
        with tempfile.TemporaryDirectory(prefix="frontline-snapshot-") as scratch:
            opened = self._vectors or partial(VectorStore.open, self._data_dir, self._identity)
            build(Path(scratch), what, self._catalogue, opened, self._identity)
            yield self._decided_then(Snapshot(Path(scratch), self._catalogue), root_hash), True

    def _decided_then(self, snapshot: Snapshot, root_hash: str) -> Snapshot | None:
        """The snapshot under the withdrawals that give the root hash; None where none do."""
        for decided in self._catalogue.withdrawals_then():
            made = snapshot.with_withdrawals(decided)
            if made.root_hash == root_hash:
                return made
        return None

    def close(self) -> None:
        """Release the catalogue."""
        self._catalogue.close()


def check_embedder(stored: Any, identity: EmbedderIdentity, data_dir: Path) -> None:
    """Raise ``EmbedderMismatch`` unless the index was made by this embedder, or by none yet."""
    if stored is not None and stored != identity.as_dict():
        made = f"{stored['name']} {stored['version']} ({stored['precision']}, graph {stored.get('graph', 1)})"
        given = f"{identity.name} {identity.version} ({identity.precision}, graph {identity.graph})"
        raise EmbedderMismatch(
            f"The index in {data_dir} was made by the embedder {made}; the settings name {given}.",
            do="Set FRONTLINE_EMBEDDER and FRONTLINE_PRECISION back, or ingest into another FRONTLINE_DATA_DIR "
            "(where only the graph differs, that is the one way).",
        )

"""Why: now and then guidance holds somebody's personal data, and then no version of it may stay: not in the catalogue,
not in a copy, not in a vector, not in an old snapshot. Deleting a row would leave its bytes in all of them.

So the catalogue forgets the document, a new snapshot is published without it, the older ones are destroyed, and the
vectors that are left are copied into a new store that takes the old one's place. Cut off anywhere, doing it again
completes it. What a past answer quoted stands in the ledger, which cannot forget: the scan that follows says so.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, select

from governance.errors import DocumentUnknown
from ingest import catalogue_tables as t
from ingest.catalogue import Catalogue
from ingest.embedder_files import EmbedderIdentity
from ingest.snapshot_files import SNAPSHOTS
from ingest.sources import Found
from ingest.vectors import BATCH, VectorStore

_OLD, _NEW = ".forgetting", ".rebuilding"


class Nothing:
    """A source that holds nothing: to publish what the catalogue holds, and take nothing in."""

    id = "erasure"
    root = Path("/nonexistent")

    def list(self) -> Iterator[Found]:
        """No files."""
        return iter(())


@dataclass(frozen=True)
class Forgotten:
    """What was taken out of the catalogue."""

    uri: str
    versions: tuple[str, ...]
    passages: int
    files: tuple[str, ...]
    """Names of the kept originals that were destroyed."""
    texts: tuple[str, ...]
    """What the passages said, to be looked for afterwards; not to be kept."""


def forget(catalogue: Catalogue, data_dir: Path, uri: str) -> Forgotten:
    """Take every version of a document out of the catalogue, and its originals. Raises ``DocumentUnknown``."""
    with catalogue.write() as connection:
        document = connection.execute(select(t.documents.c.id).where(t.documents.c.uri == uri)).scalar()
        if document is None:
            raise DocumentUnknown(
                f"No document has the uri {uri!r}.", do="See `frontline guidance list --all`."
            )
        versions = connection.execute(select(t.versions).where(t.versions.c.document_id == document)).all()
        ids = [version.id for version in versions]
        texts = _delete_passages(connection, ids)
        connection.execute(delete(t.files).where(t.files.c.version_id.in_(ids)))
        connection.execute(delete(t.withdrawals).where(t.withdrawals.c.document_id == document))
        connection.execute(delete(t.versions).where(t.versions.c.id.in_(ids)))
        connection.execute(delete(t.documents).where(t.documents.c.id == document))
        catalogue.put_state(connection, "snapshot owed", True)
        hashes = {version.content_hash for version in versions}
        shared = select(t.versions.c.content_hash).where(t.versions.c.content_hash.in_(hashes))
        hashes -= set(connection.execute(shared).scalars())
    gone = [path for h in sorted(hashes) for path in (data_dir / "sources").glob(f"{h}.*")]
    for path in gone:
        path.unlink(missing_ok=True)
    return Forgotten(uri, tuple(ids), len(texts), tuple(path.name for path in gone), tuple(texts))


def destroy_old_snapshots(data_dir: Path, current: str) -> int:
    """Destroy every snapshot but the current one; gives how many there were."""
    folders = [p for p in (data_dir / SNAPSHOTS).iterdir() if p.is_dir() and p.name != current]
    for folder in folders:
        shutil.rmtree(folder)
    return len(folders)


def rebuild_vectors(data_dir: Path, identity: EmbedderIdentity, wanted: Callable[[], Iterator[str]]) -> int:
    """Copy the vectors that are wanted into a new store, which takes the place of the old; gives how many there are.

    A deleted vector would stay in the old one's files.
    """
    old_place, new_place = data_dir / _OLD, data_dir / _NEW
    if old_place.exists() and not (data_dir / "chroma").exists():
        old_place.rename(data_dir / "chroma")  # cut off between the two renames
    for scratch in (old_place, new_place):
        shutil.rmtree(scratch, ignore_errors=True)
    number = 0
    with (
        contextlib.closing(VectorStore.open(data_dir, identity)) as old,
        contextlib.closing(VectorStore.open(new_place, identity)) as new,
    ):
        for keys in _batches(wanted()):
            new.add(keys, old.get(keys))
            number += len(keys)
    (data_dir / "chroma").rename(old_place)
    (new_place / "chroma").rename(data_dir / "chroma")
    for scratch in (old_place, new_place):
        shutil.rmtree(scratch)
    return number


def vacuum(catalogue: Catalogue) -> None:
    """Have the catalogue's file hold nothing of what was deleted."""
    with catalogue.read() as connection:
        raw = connection.connection.dbapi_connection
        if raw is None:  # pragma: no cover - a connection that is open has one
            return
        for statement in ("PRAGMA secure_delete=ON", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.cursor().execute(statement)


def _delete_passages(connection: Connection, version_ids: list[str]) -> list[str]:
    of_them = t.passages.c.version_id.in_(version_ids)
    texts = list(connection.execute(select(t.passages.c.text).where(of_them)).scalars())
    connection.execute(delete(t.passages).where(of_them))
    return texts


def _batches(keys: Iterator[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for key in keys:
        part.append(key)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part

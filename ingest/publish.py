"""Why: nothing that a run does is seen until one pointer moves, and the pointer moves only to a whole snapshot.

A run that changes anything says first that a snapshot is owed; one that is killed leaves that word, and the next run
pays, whatever it finds in its source. Then it also lets go of vectors that no passage came to use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest import snapshot_files
from ingest.catalogue import Catalogue
from ingest.vectors import VectorStore

if TYPE_CHECKING:
    from ingest.run import Run

OWED = "snapshot owed"
"""State key: a run has begun to change the catalogue and has not published."""


@dataclass(frozen=True)
class Standing:
    """The snapshot that questions see."""

    id: str
    root_hash: str
    passages: int


def owe(catalogue: Catalogue) -> None:
    """Keep the word that a snapshot is owed. To be called before the catalogue is changed."""
    with catalogue.write() as connection:
        catalogue.put_state(connection, OWED, True)


def publish(run: Run) -> Standing:
    """Write the snapshot if one is owed, then move the pointer, in one transaction."""
    catalogue, parts = run.catalogue, run.parts
    name = catalogue.state("snapshot")
    kept = catalogue.snapshot(str(name))
    # None: written by a version of this program that did not keep the word.
    if kept is not None and catalogue.state(OWED) is False:
        return Standing(kept.id, kept.root_hash, kept.passages)
    what = snapshot_files.contents(catalogue)
    if name != what.id:
        run.progress("Writing the snapshot", 0, 1)
        snapshot_files.write(parts.data_dir, what, catalogue, lambda: run.vectors, parts.identity)
        run.record(
            "snapshot.published",
            {"snapshot": what.id, "root_hash": what.root_hash, "passages": len(what.ids)},
        )
    _sweep(run, what)
    row = {
        "id": what.id, "root_hash": what.root_hash, "created_at": parts.now().replace(tzinfo=None),
        "documents": len({version.document_id for version in what.versions}), "passages": len(what.ids),
        "embedder": parts.identity.as_dict(),
    }  # fmt: skip
    with catalogue.write() as connection:
        if name != what.id:
            catalogue.put_snapshot(connection, row)
            catalogue.put_state(connection, "embedder", row["embedder"])
            catalogue.put_state(connection, "snapshot", what.id)
        catalogue.put_state(connection, OWED, False)
    if name != what.id:
        snapshot_files.remove_old(parts.data_dir, what.id)
        run.progress("Writing the snapshot", 1, 1)
    return Standing(what.id, what.root_hash, len(what.ids))


def _sweep(run: Run, what: snapshot_files.Contents) -> None:
    """Let go of vectors that no passage uses: a run was killed, and its source changed before the next.

    Counting first keeps this from costs where there is nothing to do.
    """
    if "vectors" in run.__dict__ and run.vectors.count() > what.distinct_keys:
        run.vectors.delete(list(unused(run.vectors, what)))


def unused(vectors: VectorStore, what: snapshot_files.Contents) -> Iterator[str]:
    """Keys of vectors that no passage uses."""
    used = {bytes(key).hex() for key in what.keys}
    return (key for key in vectors.keys() if key not in used)  # noqa: SIM118 - keys() is a query

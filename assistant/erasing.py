"""Why: erasing a document touches every room, from the catalogue to the ledger, so its order is told in one place."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from governance.errors import ErasureElsewhere
from governance.scan import scan, ways
from ingest import catalogue_tables as t
from ingest.catalogue import Catalogue
from ingest.forget import Nothing, destroy_old_snapshots, forget, rebuild_vectors, vacuum

if TYPE_CHECKING:
    from assistant.app import Assistant

_DISTINCT = 40
"""Characters of a passage from which on it is looked for afterwards."""


def erase_document(
    assistant: Assistant, uri: str, *, reason: str, actor: str, terms: Sequence[str] = ()
) -> dict[str, Any]:
    """Take every version of a document out of everything that is searched or kept, and certify it.

    Raises ``ErasureElsewhere``, ``DocumentUnknown``, ``IngestRunning``, and what ``Ingestor.run`` raises.
    """
    from assistant.ingestion import ingestor_for

    settings, ledger = assistant.settings, assistant.ledger
    if settings.chroma_url:
        raise ErasureElsewhere(
            f"Vectors are kept on the server at {settings.chroma_url}, and Chroma does not erase what it deletes.",
            do="Unset chroma_url, ingest again so that vectors are kept here, destroy the server's data, then erase.",
        )
    ingestor = ingestor_for(settings, ledger, embedder=assistant.embedder)
    with contextlib.closing(Catalogue.open(settings.data_dir)) as catalogue:
        gone = forget(catalogue, settings.data_dir, uri)
        done = {
            "uri": uri, "reason": reason, "versions": list(gone.versions), "passages": gone.passages,
            "originals": list(gone.files),
        }  # fmt: skip
        ledger.append("guidance.erased", done, actor=actor, subject=uri[:128])
        report = ingestor.run(Nothing(), allow_empty=True)

        def wanted() -> Iterator[str]:
            with catalogue.read() as connection:
                query = select(t.passages.c.vector_key).distinct().order_by(t.passages.c.vector_key)
                yield from connection.execute(query).scalars()

        snapshots = destroy_old_snapshots(settings.data_dir, report.snapshot_id)
        vectors = rebuild_vectors(settings.data_dir, assistant.embedder.identity, wanted)
        vacuum(catalogue)
    sought = {
        f"passage {number}": ways(text[:200])
        for number, text in enumerate(gone.texts, start=1)
        if len(text) >= _DISTINCT
    } | {f"term {number}": ways(term) for number, term in enumerate(terms, start=1) if term.strip()}
    found, files, size = scan(settings.data_dir, sought)
    gone_by = dt.datetime.now(dt.UTC) + dt.timedelta(days=settings.backup_days)
    certificate = {
        **done, "snapshot": report.snapshot_id, "snapshots_destroyed": snapshots, "vectors_kept": vectors,
        "looked_for": len(sought), "files_read": files, "bytes_read": size,
        "found": [f"{trace.what}: {trace.where}" for trace in found], "complete": not found,
        "gone_from_backups_by": gone_by.date().isoformat(),
    }  # fmt: skip
    entry = ledger.append("erasure.certified", certificate, actor=actor, subject=uri[:128])
    return {**certificate, "entry": entry.index}

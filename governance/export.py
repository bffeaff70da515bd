"""Why: what an auditor takes away must be readable in their own tools, and show by itself that it is whole and true.

An export is a folder: the entries as JSON Lines (with each entry's bytes), as CSV and as Parquet, a proof for each entry
under one signed checkpoint, and a manifest that names the question asked of the ledger, the reason, and the hash of
each file. The manifest's hash is itself in the ledger.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.errors import AlreadyExists, OptionInvalid
from governance.ledger import Entry, Ledger, Wanted
from governance.ledger.card import outcome_of, role_of, snapshot_of
from governance.ledger.types import EXPORTED
from governance.storage import storage_errors

FORM = "frontline-export/1"
FORMATS = ("jsonl", "csv", "parquet")
COLUMNS = (
    "index", "time", "type", "actor", "subject", "role", "outcome", "snapshot", "leaf_hash", "body",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BATCH = 1000

Refused = Callable[[Entry], str]
"""Why an entry may not be used for audit; empty: it may."""


@dataclass(frozen=True)
class Exported:
    """What was written."""

    folder: Path
    entries: int
    manifest_sha256: str
    entry_index: int
    """The ledger's entry that records the export."""


def export(
    ledger: Ledger, wanted: Wanted, folder: Path, *, asked: Mapping[str, str], reason: str, actor: str,
    formats: Sequence[str] = FORMATS, refused: Refused = lambda _entry: "", authority: str = "",
) -> Exported:  # fmt: skip
    """Write every entry that is wanted to a new folder, which appears whole or not at all.

    ``asked`` is the question in words, for the manifest. An entry for whose use ``refused`` gives a reason is left out, and
    the manifest says so; unless an ``authority`` is named, which it says then. Raises ``AlreadyExists``, ``OptionInvalid``, ``StorageFull`` or ``StorageUnwritable``.
    """
    unknown = set(formats) - set(FORMATS)
    if unknown or not formats:
        raise OptionInvalid(
            f"No such format: {', '.join(sorted(unknown)) or 'none given'}.",
            do=f"Choose of {', '.join(FORMATS)}.",
        )
    if folder.exists():
        raise AlreadyExists(f"{folder} is there already.", do="Name a folder that is not.")
    note = ledger.checkpoint()
    with storage_errors(str(folder), OptionInvalid, ""):
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            withheld: dict[str, str] = {}

            def left_out(entry: Entry) -> bool:
                if why := refused(entry):
                    withheld[str(entry.index)] = why
                return bool(why) and not authority

            count, span = _write(ledger, wanted, scratch, formats, note, left_out)
            manifest = {
                "form": FORM, "reason": reason, "by": actor, "asked": dict(asked), "refused": withheld,
                "authority": authority, "entries": count, "first": span[0], "last": span[1], "checkpoint": note, "key": ledger.verifier,
                "files": {path.name: _about(path) for path in sorted(scratch.iterdir())},
            }  # fmt: skip
            data = (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
            (scratch / "manifest.json").write_bytes(data)
            sha256 = hashlib.sha256(data).hexdigest()
            body = {
                "manifest_sha256": sha256, "entries": count, "asked": dict(asked), "reason": reason,
                "refused": len(withheld), "authority": authority, "formats": list(formats),
            }  # fmt: skip
            entry = ledger.append(EXPORTED, body, actor=actor)
            ledger.checkpoint()
            _json(scratch / "proof.json", ledger.prove(entry.index))
            scratch.chmod(0o700)
            scratch.replace(folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return Exported(folder, count, sha256, entry.index)


def _write(
    ledger: Ledger,
    wanted: Wanted,
    folder: Path,
    formats: Sequence[str],
    note: str,
    left_out: Callable[[Entry], bool],
) -> tuple[int, tuple[int | None, int | None]]:
    """Every entry that the checkpoint speaks for, and is wanted; gives how many, the lowest and the highest index."""
    prover = ledger.prover(note)
    count, low, high = 0, None, None
    with ExitStack() as stack:
        writers = [_WRITERS[name](folder, stack) for name in formats]
        proofs = stack.enter_context((folder / "proofs.jsonl").open("w", encoding="utf-8"))
        batch: list[Entry] = []

        def flush() -> None:
            for write in writers:
                write(batch)
            batch.clear()

        for entry in ledger.scan(wanted):
            if entry.index >= prover.size or left_out(entry):
                continue
            proofs.write(json.dumps(prover.prove(entry)) + "\n")
            batch.append(entry)
            count += 1
            low = entry.index if low is None else min(low, entry.index)
            high = entry.index if high is None else max(high, entry.index)
            if len(batch) == _BATCH:
                flush()
        flush()
    return count, (low, high)


Write = Callable[[Iterable[Entry]], None]


def _jsonl(folder: Path, stack: ExitStack) -> Write:
    file = stack.enter_context((folder / "entries.jsonl").open("w", encoding="utf-8"))

    def write(entries: Iterable[Entry]) -> None:
        for entry in entries:
            line = {**row(entry), "body": entry.body, "entry": base64.b64encode(entry.data).decode()}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    return write


def _csv(folder: Path, stack: ExitStack) -> Write:
    file = stack.enter_context((folder / "entries.csv").open("w", encoding="utf-8", newline=""))
    writer = csv.writer(file)
    writer.writerow(COLUMNS)

    def write(entries: Iterable[Entry]) -> None:
        writer.writerows([_cell(value) for value in row(entry).values()] for entry in entries)

    return write


def _parquet(folder: Path, stack: ExitStack) -> Write:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"index": pa.int64(), "time": pa.timestamp("us", tz="UTC")}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    writer = stack.enter_context(pq.ParquetWriter(folder / "entries.parquet", schema))

    def write(entries: Iterable[Entry]) -> None:
        rows = [{**row(entry), "time": entry.time} for entry in entries]
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))

    return write


_WRITERS: Mapping[str, Callable[[Path, ExitStack], Write]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
}


def row(entry: Entry) -> dict[str, Any]:
    """An entry as one flat row."""
    return {
        "index": entry.index, "time": entry.time.isoformat(), "type": entry.type, "actor": entry.actor,
        "subject": entry.subject, "role": role_of(entry), "outcome": outcome_of(entry), "snapshot": snapshot_of(entry),
        "leaf_hash": entry.leaf_hash.hex(), "body": json.dumps(entry.body, ensure_ascii=False, sort_keys=True),
    }  # fmt: skip


def _cell(value: Any) -> Any:
    """A text that a spreadsheet cannot take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _about(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
            "bytes": os.fstat(file.fileno()).st_size,
        }


def _json(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

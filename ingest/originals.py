"""Why: a version is named by exactly what was read, and what was read is kept, so that any citation can be
opened again years later."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from pathlib import Path

from ingest.documents import Parsed, Version
from ingest.parse import SIDECAR
from ingest.sources import Found


def version_from(parsed: Parsed, content_hash: str, now: dt.datetime) -> Version:
    uri = parsed.metadata.uri
    digest = hashlib.sha256(f"{uri}\0{content_hash}\0{_text_hash(parsed)}".encode())
    return Version(
        id="v" + digest.hexdigest()[:24],
        document_id="d" + hashlib.sha256(uri.encode()).hexdigest()[:24],
        metadata=parsed.metadata,
        content_hash=content_hash,
        ingested_at=now,
    )


def begun_again(version_id: str, day: dt.date) -> str:
    """Id of a version whose content stood before, ended, and stands again from a day."""
    return "v" + hashlib.sha256(f"{version_id}\0{day.isoformat()}".encode()).hexdigest()[:24]


def default_uri(path: str) -> str:
    """What a parser gives a file that states no uri."""
    return f"file:{path}"


def _text_hash(parsed: Parsed) -> str:
    """What the parser made of the file: a better parser makes a new version."""
    digest = hashlib.sha256()
    for section in parsed.sections:
        digest.update(f"{section.heading_path}\0{section.text}\0".encode())
    return digest.hexdigest()


def file_hash(file: Path) -> str:
    """SHA-256 over a file's bytes and its sidecar's."""
    digest = hashlib.sha256()
    for path in (file, file.with_name(file.name + SIDECAR)):
        if path.is_file():
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def file_hash_or_empty(item: Found) -> str:
    try:
        return "" if item.problem else file_hash(item.file)
    except OSError:
        return ""


def keep_original(data_dir: Path, file: Path, content_hash: str) -> None:
    """Keep a copy under the hash, so that "open the source" works after the folder has changed."""
    target = data_dir / "sources" / f"{content_hash}{file.suffix.lower()[:16]}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        shutil.copyfile(file, partial)
        partial.replace(target)

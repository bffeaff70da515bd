"""Why: an expert with a document in hand should not need a share, a bucket or an administrator to have it taken in.

What is uploaded lies in a folder of the data directory, which is a source like any other: it is listed, read within
limits, looked at by the door, and gone when it is removed. Who put it there is in the ledger before it lies there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from governance.errors import UploadInvalid
from ingest.parse import SIDECAR, Limits
from ingest.sources.folder import Folder
from ingest.sources.mirror import safe_path

NAME = "uploads"
Record = Callable[[str, Mapping[str, Any]], None]


def uploads(data_dir: Path) -> Folder:
    """The source of everything that was uploaded; give it to an ingestor as it is."""
    (data_dir / NAME).mkdir(parents=True, exist_ok=True)
    return Folder(data_dir / NAME, name=NAME)


def upload(
    data_dir: Path,
    name: str,
    content: bytes,
    *,
    by: str,
    record: Record,
    about: Mapping[str, str] | None = None,
) -> str:
    """Put one file among the uploads, in the place of one of the same name; its path within the source.

    ``about`` holds fields of metadata as people write them (title, uri, valid_from, nations, …); they are checked when
    the file is taken in. Raises ``UploadInvalid``: no name, nothing in it, or too much.
    """
    bare = name.replace("\\", "/").rpartition("/")[2].strip()
    path = safe_path(bare) if bare else ""
    if not path or path.endswith(SIDECAR):
        raise UploadInvalid(f"{name!r} is no name for a document.", do="Give the file a name with an ending.")
    if not content:
        raise UploadInvalid(f"{bare} holds nothing.", do="Save it again.")
    if len(content) > Limits().bytes:
        raise UploadInvalid(f"{bare} is larger than {Limits().bytes:,} bytes.", do="Split it.")
    folder = uploads(data_dir).root
    sha256 = hashlib.sha256(content).hexdigest()
    record("document.uploaded", {"path": path, "sha256": sha256, "bytes": len(content), "by": by})
    partial = folder / f".{sha256}.partial"
    partial.write_bytes(content)
    sidecar = folder / (path + SIDECAR)
    if about:
        sidecar.write_text(yaml.safe_dump(dict(about), allow_unicode=True), encoding="utf-8")
    else:
        sidecar.unlink(missing_ok=True)
    partial.replace(folder / path)
    return path


def remove_upload(data_dir: Path, path: str, *, by: str, record: Record) -> None:
    """Take a file out of the uploads; the next run ends what it says. Raises ``UploadInvalid`` where it is not there."""
    file = uploads(data_dir).root / safe_path(path)
    if not file.is_file():
        raise UploadInvalid(
            f"{path!r} is not among the uploads.", do="`frontline guidance list` shows paths."
        )
    record("document.upload_removed", {"path": path, "by": by})
    file.with_name(file.name + SIDECAR).unlink(missing_ok=True)
    file.unlink()

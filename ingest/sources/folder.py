"""Why: most guidance is kept in a folder, and a folder holds surprises: links that go round in circles, names
that are not text, files that may not be read. Each is reported; none stops a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from governance.errors import FolderNotFound, FolderNotReadable
from ingest.parse import SIDECAR
from ingest.sources.source import Found


class Folder:
    """Every file under a folder, but hidden ones and sidecars (which belong to the file they describe).

    Raises ``FolderNotFound`` or ``FolderNotReadable`` when made.
    """

    def __init__(self, path: Path, *, name: str | None = None) -> None:
        if not path.is_dir():
            what = "is not a folder" if path.exists() else "does not exist"
            raise FolderNotFound(f"{path} {what}.", do="Give a folder of documents.")
        if not os.access(path, os.R_OK | os.X_OK):
            raise FolderNotReadable(
                f"{path} may not be read.", do="Mend its permissions, or run as its owner."
            )
        self._root = path.resolve()
        self._name = name or f"folder:{self._root}"

    @property
    def id(self) -> str:
        """The given name, or the folder's own path."""
        return self._name

    @property
    def root(self) -> Path:
        """The folder, with links resolved."""
        return self._root

    def list(self) -> Iterator[Found]:
        """Every file, by path. Links to folders are not followed, so that no loop is possible."""
        unread: list[Found] = []

        def not_readable(error: OSError) -> None:
            folder = Path(os.fsdecode(error.filename))
            unread.append(
                Found(f"{self._name_of(folder)}/", folder, f"the folder may not be read: {error.strerror}")
            )

        for folder, folders, names in os.walk(self._root, onerror=not_readable, followlinks=False):
            folders.sort()
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in sorted(names):
                if not name.startswith(".") and not name.endswith(SIDECAR):
                    yield self._found(Path(folder) / name)
        yield from unread

    def _found(self, file: Path) -> Found:
        path = self._name_of(file)
        if not _is_text(str(file.relative_to(self._root))):
            return Found(path, file, "its name is not text; rename it")
        if not file.is_file():
            return Found(path, file, "it is a broken link, a loop of links, or no plain file")
        if not os.access(file, os.R_OK):
            return Found(path, file, "it may not be read")
        return Found(path, file)

    def _name_of(self, file: Path) -> str:
        """The path within the folder; bytes of a name that are no text are shown as escapes."""
        return os.fsencode(file.relative_to(self._root)).decode("utf-8", "backslashreplace")


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True

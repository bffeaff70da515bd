"""Why: whatever a colleague keeps guidance in becomes the same sections, or one error that names the file.

``parse`` reads one file in a process with a cap on memory and time; ``Parser`` does the same with a
process of its own, for whoever wants to say when it ends. Markdown, HTML, plain text, rich text, PDF,
Word (DOCX), OpenDocument (ODT, ODP, ODS), slides (PPTX), workbooks (XLSX), separated values, GOV.UK Content API items
(JSON) and e-mail are taken in.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from pathlib import Path

from governance.errors import DocumentHostile, DocumentRejected, FileNotReadable
from ingest.documents import Parsed
from ingest.parse.limits import Limits
from ingest.parse.metadata import SIDECAR
from ingest.parse.worker import Worker

__all__ = ["SIDECAR", "Limits", "Parser", "parse"]


class Parser:
    """Reads files through one process, started with the first and ended by ``close``."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._worker = Worker(self.limits)

    def parse(self, path: Path, *, root: Path, wide: bool = False) -> Parsed:
        """Sections and metadata of one file; ``root`` is the folder its source lists. ``wide``: by wider limits, in a
        process of its own, for a file that a person has released.

        Raises DocumentRejected (its message begins with the file's path) or FileNotReadable.
        """
        relative = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        if not path.is_file():
            raise FileNotReadable(f"{relative}: there is no such file", do="check the path")
        if not path.resolve().is_relative_to(root.resolve()):
            raise DocumentHostile(f"{relative}: it leads outside its folder", do="copy the file in its place")
        try:
            if wide:
                worker = Worker(self.limits.wide())
                with contextlib.closing(worker):
                    return worker.parse(path.resolve(), relative)
            return self._worker.parse(path.resolve(), relative)
        except DocumentRejected as error:
            raise type(error)(f"{relative}: {error.message}", do=error.do) from error

    def close(self) -> None:
        """End the process; a later parse starts another."""
        self._worker.close()

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


_parsers: dict[Limits, Parser] = {}
_lock = threading.Lock()


def parse(path: Path, *, root: Path, limits: Limits | None = None) -> Parsed:
    """Parse one file; the process that reads is kept for the next file with the same limits.

    Raises as ``Parser.parse`` does.
    """
    with _lock:
        wanted = limits or Limits()
        if wanted not in _parsers:
            _parsers[wanted] = Parser(wanted)
            atexit.register(_parsers[wanted].close)
        parser = _parsers[wanted]
    return parser.parse(path, root=root)

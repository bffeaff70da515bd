"""Why: an evaluation needs many assistants over one set of loaded models, sometimes over texts of its own, and
must leave nothing behind but its results.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.loaders.texts import Text

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.settings import Settings
    from governance.store import Store


@dataclass(frozen=True)
class Workbench:
    """Loaded models and something to search."""

    settings: Settings
    first: Assistant
    kind: Callable[..., Assistant]

    def make(self, store: Store) -> Assistant:
        """An assistant over a store of its own, sharing models and snapshot with the others."""
        return self.kind(
            self.settings,
            store=store,
            embedder=self.first.embedder,
            redactor=self.first.redactor,
            snapshots=self.first.snapshots,
        )


@contextmanager
def workbench(
    settings: Settings, *, kind: Callable[..., Assistant] | None = None, texts: Sequence[Text] | None = None
) -> Iterator[Workbench]:
    """Open a workbench over what the settings' data directory holds, or over texts that are thrown away.

    ``kind`` makes an assistant as ``assistant.app.build`` does, for trying a changed one. An empty ``texts``
    stands for the sample guidance. Raises what the assistant raises when it is made or first used.
    """
    from assistant.app import build

    with tempfile.TemporaryDirectory(prefix="frontline-eval-") as folder:
        if texts is not None:
            settings = settings.model_copy(update={"data_dir": Path(folder) / "data", "database_url": ""})
            ingest(settings, texts, Path(folder) / "texts")
        make = kind or build
        scratch = settings.model_copy(update={"database_url": f"sqlite:///{folder}/first.db"})
        first = make(scratch)
        try:
            first.warm()
            yield Workbench(settings, first, make)
        finally:
            first.close()


def ingest(settings: Settings, texts: Sequence[Text], folder: Path) -> None:
    """Take texts, or the sample guidance where there are none, into the settings' data directory."""
    from assistant.governing import open_ledger
    from assistant.ingestion import ingestor_for, sample_folder
    from ingest.sources import Folder

    if texts:
        folder.mkdir(parents=True)
        for text in texts:
            text.write(folder)
        source = Folder(folder, name="third-party")
    else:
        source = Folder(sample_folder(), name="sample")
    with open_ledger(settings) as ledger:
        ingestor_for(settings, ledger).run(source)

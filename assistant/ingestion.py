"""Makes the ingestor that the settings ask for, writing what it does to the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from assistant.answers import OPERATOR
from assistant.quiet import silence
from assistant.reaching import egress_for
from assistant.settings import Settings
from governance.errors import ModelMissing
from governance.ledger import Ledger
from ingest.embed import Embedder
from ingest.sources import Folder, Source
from ingest.sources.named import NamedSource
from ingest.sources.opening import opened
from ingest.sources.uploads import NAME as UPLOADS
from ingest.sources.uploads import uploads
from ingest.sync import Ingestor


def embedder_for(settings: Settings) -> Embedder:
    """The embedder of the settings. Raises ``ModelMissing``."""
    silence(settings.models_dir)
    return Embedder(
        settings.model_path(settings.embedder),
        cache_dir=settings.models_dir / ".cache",
        precision=settings.precision,
        threads=settings.threads,
    )


def ingestor_for(settings: Settings, ledger: Ledger, *, embedder: Embedder | None = None) -> Ingestor:
    """An ingestor whose every change is an entry of the ledger."""

    def record(type_: str, body: Mapping[str, Any]) -> None:
        ledger.append(type_, body, actor=OPERATOR.id, subject=str(body.get("version", "")))

    return Ingestor(
        settings.data_dir, embedder or embedder_for(settings), tokens=token_counter(settings), record=record
    )


def token_counter(settings: Settings) -> Callable[[str], int]:
    """Counts tokens by tiktoken cl100k_base, from installed data. Raises ``ModelMissing``."""
    silence(settings.models_dir)
    if not (settings.models_dir / "tiktoken").is_dir():
        raise ModelMissing(
            f"tiktoken's data is not in {settings.models_dir}.", do="Run `frontline models fetch`."
        )
    import tiktoken

    encoding = tiktoken.get_encoding("cl100k_base")
    return lambda text: len(encoding.encode(text, disallowed_special=()))


@contextlib.contextmanager
def source_for(
    settings: Settings, ledger: Ledger, place: str | None, name: str | None = None
) -> Iterator[Source]:
    """The source that is meant: one of the settings by its name, the uploads, else a place; None: the sample.

    Raises ``LocationInvalid``, ``FolderNotFound``, ``FolderNotReadable`` or ``DestinationRefused``.
    """
    if place is None:
        yield Folder(sample_folder(), name="sample")
        return
    if place == UPLOADS:
        yield uploads(settings.data_dir)
        return
    written = next((source for source in settings.sources if source.name and source.name == place), None)
    meant = written or NamedSource(name=name or "", location=place)
    with opened(meant, settings.data_dir, egress_for(settings, ledger)) as source:
        yield source


def sample_folder() -> Path:
    """The sample guidance that is shipped with the product."""
    with as_file(files("sample_guidance").joinpath("documents")) as folder:
        return Path(folder)

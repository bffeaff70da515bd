"""Makes the ingestor that the settings ask for, writing what it does to the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answers import OPERATOR
from assistant.models.pins import precision_of
from assistant.quiet import silence
from assistant.reaching import egress_for
from assistant.settings import Settings
from governance.egress import DataClass
from governance.errors import FrontlineError, ModelMissing
from governance.ledger import Ledger
from ingest.embed import Embedder
from ingest.sources import Folder, Source
from ingest.sources.named import NamedSource
from ingest.sources.opening import opened
from ingest.sources.uploads import NAME as UPLOADS
from ingest.sources.uploads import uploads
from ingest.sync import Ingestor

if TYPE_CHECKING:
    from ingest.embedder_files import EmbedderIdentity
    from ingest.engines import Engine
    from ingest.vectors import VectorStore


def embedder_for(settings: Settings) -> Embedder:
    """The embedder of the settings. Raises ``ModelMissing``."""
    silence(settings.models_dir)
    return Embedder(
        settings.model_path(settings.embedder),
        cache_dir=settings.models_dir / ".cache",
        precision=settings.precision or precision_of(settings.embedder),
        threads=settings.threads,
    )


def ingestor_for(
    settings: Settings, ledger: Ledger, *, embedder: Embedder | None = None, engine: str = "local"
) -> Ingestor:
    """An ingestor whose every change is an entry of the ledger. ``engine`` is ``local`` or ``ray``.

    Raises ``ModelMissing``, or ``SettingInvalid`` where ``chroma_url`` is not among the destinations.
    """

    def record(type_: str, body: Mapping[str, Any]) -> None:
        ledger.append(type_, body, actor=OPERATOR.id, subject=str(body.get("version", "")))

    embedder = embedder or embedder_for(settings)
    vectors = partial(vectors_for, settings, ledger, embedder.identity)
    return Ingestor(
        settings.data_dir, embedder, tokens=token_counter(settings), record=record, vectors=vectors,
        engine=partial(_ray, settings) if engine == "ray" else None, readers=max(1, settings.threads // 2),
    )  # fmt: skip


def vectors_for(settings: Settings, ledger: Ledger, identity: EmbedderIdentity) -> VectorStore:
    """Where vectors are kept: in the data directory, or on the Chroma server of the settings.

    A server is asked for as every call out is: it must be a destination for vectors, and the ledger says when it was
    used. Raises ``SettingInvalid`` or ``VectorsUnreachable``.
    """
    from ingest.vectors import VectorStore

    if not settings.chroma_url:
        return VectorStore.open(settings.data_dir, identity)
    egress = egress_for(settings, ledger)
    call = egress.admit(settings.chroma_url, DataClass.VECTORS)
    try:
        store = VectorStore.open(settings.data_dir, identity, settings.chroma_url)
    except FrontlineError as error:
        egress.end(call, type(error).__name__)
        raise
    store.on_close(lambda: egress.end(call))
    return store


def _ray(settings: Settings) -> Engine:
    from ingest.engines.ray import Ray

    return Ray(partial(_tools, settings), workers=settings.ray_workers, join=settings.ray_join)


def _tools(settings: Settings) -> tuple[Embedder, Callable[[str], int]]:
    """What an actor embeds and counts with: one processor thread, since there is an actor for each."""
    alone = settings.model_copy(update={"threads": 1})
    return embedder_for(alone), token_counter(alone)


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

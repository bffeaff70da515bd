"""Why: one place knows how a written-down source becomes one that can be listed, with the one way out in its hand."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from governance.egress import DataClass, Egress
from governance.errors import LocationInvalid
from ingest.sources.fetch import Fetcher
from ingest.sources.files import Files
from ingest.sources.folder import Folder
from ingest.sources.govuk import GovUk
from ingest.sources.named import API, NamedSource
from ingest.sources.source import Source
from ingest.sources.web import Web

MIRRORS = "mirrors"


@contextlib.contextmanager
def opened(named: NamedSource, data_dir: Path, egress: Egress) -> Iterator[Source]:
    """The source, with its client open. Raises ``LocationInvalid``, ``FolderNotFound`` or ``DestinationRefused``."""
    sort = named.sort
    if sort == "folder":
        yield Folder(Path(named.location).expanduser(), name=named.name or None)
        return
    key = hashlib.sha256(f"{named.name}\0{named.location}".encode()).hexdigest()[:16]
    folder = data_dir / MIRRORS / key
    if sort == "files":
        yield _files(named, folder, egress)
        return
    with egress.client(DataClass.GUIDANCE) as client:
        fetcher = Fetcher(client, delay=named.delay_seconds)
        yield _fetched(named, sort, folder, fetcher)


def _fetched(named: NamedSource, sort: str, folder: Path, fetcher: Fetcher) -> Source:
    if sort == "govuk":
        parts = urlsplit(named.location)
        path = parts.path.removeprefix(API)
        start = (*filter(None, [path.strip("/")]), *named.start)
        return GovUk(
            f"{parts.scheme}://{parts.netloc}", start, fetcher=fetcher, folder=folder, name=named.name,
            follow=named.follow, most=named.most,
        )  # fmt: skip
    if sort == "sitemap":
        return Web(fetcher=fetcher, folder=folder, sitemap=named.location, name=named.name, most=named.most)
    name = named.name or named.location
    return Web(fetcher=fetcher, folder=folder, urls=named.urls(), name=name, most=named.most)


def _files(named: NamedSource, folder: Path, egress: Egress) -> Files:
    protocol = named.location.partition("://")[0]
    options: dict[str, Any] = {key: value.get_secret_value() for key, value in named.options.items()}
    if protocol == "memory":
        return Files(named.location, folder=folder, name=named.name, most=named.most)
    if not named.endpoint:
        raise LocationInvalid(
            f"{named.location} does not say which server it is on.",
            do="Name it among the sources, with its endpoint (https://…), and the endpoint among the destinations.",
        )
    if protocol == "s3":
        options.setdefault("anon", "key" not in options)
        options.update(
            endpoint_url=named.endpoint,
            skip_instance_cache=True,
            config_kwargs={"s3": {"addressing_style": "path"}},
        )
    else:
        options.setdefault("anon", not options)
        options.update(account_host=urlsplit(named.endpoint).netloc, skip_instance_cache=True)

    @contextlib.contextmanager
    def admit() -> Iterator[None]:
        call = egress.admit(named.endpoint, DataClass.GUIDANCE, method="GET")
        trouble = "OSError"
        try:
            yield
            trouble = ""
        finally:
            egress.end(call, trouble)

    return Files(
        named.location, folder=folder, options=options, admit=admit, name=named.name, most=named.most
    )

"""A place that is not among the destinations is never connected to, by whichever library would open the socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.app import build
from assistant.chat.connect import aws_session, connect
from assistant.chat.named import Named
from assistant.governing import open_ledger
from assistant.ingestion import vectors_for
from assistant.quiet import SILENCED
from assistant.reaching import REACHED, egress_for
from assistant.settings import Settings
from governance.errors import DestinationRefused, SettingInvalid
from ingest.embedder_files import EmbedderIdentity
from ingest.sources.named import NamedSource
from ingest.sources.opening import opened


class Watched:
    """A server that somebody listens at, and that nobody may speak to."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.host, self.port = self._listening.getsockname()
        self.url = f"http://{self.host}:{self.port}"

    def untouched(self) -> bool:
        """Whether no connection waits to be taken up."""
        try:
            self._listening.accept()[0].close()
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def watched() -> Iterator[Watched]:
    server = Watched()
    yield server
    server.close()


def test_a_connection_would_be_seen(watched: Watched) -> None:
    with socket.create_connection((watched.host, watched.port)):
        assert not watched.untouched()


@pytest.mark.parametrize("setting", sorted(REACHED))
def test_a_setting_with_such_an_address_stops_the_program_before_it_calls(
    watched: Watched, tmp_path: Path, setting: str
) -> None:
    with pytest.raises(SettingInvalid, match=setting):
        build(Settings(data_dir=tmp_path, **{setting: watched.url}))
    assert watched.untouched()


def test_vectors_are_not_sent_there(watched: Watched, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, chroma_url=watched.url)
    with (
        open_ledger(Settings(data_dir=tmp_path)) as ledger,
        pytest.raises(SettingInvalid, match="chroma_url"),
    ):
        vectors_for(settings, ledger, EmbedderIdentity("words", "1", "", "fp32", 2, 200))
    assert watched.untouched()


@pytest.mark.parametrize("provider", ["openai", "azure", "ollama", "bedrock"])
def test_a_chat_model_is_not_asked_there(watched: Watched, tmp_path: Path, provider: str) -> None:
    settings = Settings(data_dir=tmp_path, model_region="eu-west-2", model_api_version="2024-10-21")
    with open_ledger(settings) as ledger, pytest.raises(SettingInvalid, match="model_url"):
        connect(Named(provider, "any", watched.url), settings, egress_for(settings, ledger), {})
    assert watched.untouched()


@pytest.fixture
def looked_for(watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A machine without keys, which is told to ask for them."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", watched.url)
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", watched.url)
    monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", "1")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.RETRY_ATTEMPTS", 1)
    return watched


def test_bedrock_s_library_asks_no_address_for_keys(
    looked_for: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = pytest.importorskip("botocore.session").Session()
    with pytest.raises(Exception, match="container metadata"):
        session.get_credentials()
    assert not looked_for.untouched(), "left to itself it would have asked"
    while not looked_for.untouched():
        pass
    assert aws_session("eu-west-2").get_credentials() is None
    assert looked_for.untouched()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "given")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "given")
    assert aws_session("eu-west-2").get_credentials().access_key == "given"


def test_nothing_here_asks_the_cloud_s_metadata_address(
    looked_for: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = pytest.importorskip("botocore.session").Session()
    monkeypatch.delenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", SILENCED["AWS_EC2_METADATA_DISABLED"])
    assert session.get_credentials() is None
    assert looked_for.untouched()


@pytest.mark.parametrize(
    ("location", "library", "options"),
    [
        ("s3://guidance/current", "s3fs", {"key": "k", "secret": "s"}),
        ("abfs://guidance/current", "adlfs", {"account_name": "a"}),
    ],
)
def test_a_store_is_not_listed_there_and_the_refusal_is_recorded(
    watched: Watched, tmp_path: Path, location: str, library: str, options: dict[str, Any]
) -> None:
    pytest.importorskip(library)
    settings = Settings(data_dir=tmp_path)
    source = NamedSource(location=location, name="store", endpoint=watched.url, options=options)
    with open_ledger(settings) as ledger:
        with (
            opened(source, tmp_path, egress_for(settings, ledger)) as made,
            pytest.raises(DestinationRefused),
        ):
            list(made.list())
        (entry,) = ledger.entries(type="egress.*")
        assert (entry.type, entry.body["port"], entry.body["data"]) == (
            "egress.refused", watched.port, "guidance",
        )  # fmt: skip
    assert watched.untouched()

"""The same guidance, read and embedded elsewhere and kept elsewhere, is the same snapshot, hash for hash."""

from __future__ import annotations

import contextlib
import gc
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import numpy as np
import pytest

from governance.errors import VectorsUnreachable
from ingest.reconcile import reconcile
from ingest.sources import Folder
from ingest.vectors import VectorStore
from tests.fakes import CountingEmbedder
from tests.world import World

pytestmark = pytest.mark.filterwarnings(
    # Chroma's client for a server leaves its sockets to the garbage collector.
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::ResourceWarning",
)


def words(text: str) -> int:
    return len(text.split())


def tools() -> tuple[CountingEmbedder, Callable[[str], int]]:
    return CountingEmbedder(), words


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for n in range(12):
        made.write(
            f"d{n}.md",
            "\n\n".join(f"## Part {p}\n\n" + f"Rule {n}.{p} is applied weekly. " * 9 for p in range(3)),
        )
    made.write("twin.md", "Another text.", uri="test:d3.md")
    made.write("odd.md", "Words.", clearance="hush")
    return made


def test_ray_makes_the_same_snapshot_and_the_same_vectors(world: World, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    from ingest.engines.ray import Ray

    local = world.ingest()
    here = np.load(world.data / "snapshots" / local.snapshot_id / "vectors.npy")
    world.data = tmp_path / "elsewhere"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Ray's own, about its own future
        there = world.ingestor(engine=partial(Ray, tools, workers=1)).run(Folder(world.folder, name="folder"))
    assert (there.root_hash, there.added, there.embedded, there.failed) == (
        local.root_hash, local.added, local.embedded, local.failed,
    )  # fmt: skip
    assert [f.code for f in there.failed] == ["document.metadata_invalid", "document.conflict"]
    assert np.array_equal(np.load(world.data / "snapshots" / there.snapshot_id / "vectors.npy"), here)


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[str]:
    """A Chroma server of one's own, on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with (tmp_path / "chroma.log").open("wb") as log:
        server = subprocess.Popen([*command, "--path", str(tmp_path / "server")], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"{url}/api/v2/heartbeat", trust_env=False).is_success:
                        break
                time.sleep(0.1)
            yield url
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # see above: collected here, where it is known whose they are
                gc.collect()
            server.terminate()
            server.wait(20)


def test_vectors_on_a_server_are_the_same_and_are_let_go_of_there(
    world: World, chroma: str, tmp_path: Path
) -> None:
    local = world.ingest()
    world.data = tmp_path / "elsewhere"
    identity = world.embedder.identity
    server = partial(VectorStore.open, world.data, identity, chroma)
    there = world.ingestor(vectors=server).run(Folder(world.folder, name="folder"))
    assert there.root_hash == local.root_hash
    assert not (world.data / "chroma").exists()
    from ingest.catalogue import Catalogue

    for file in ("twin.md", "odd.md"):
        (world.folder / file).unlink()
    world.ingestor(vectors=server).run(Folder(world.folder, name="folder"))
    source = Folder(world.folder, name="folder")
    with contextlib.closing(server()) as vectors, contextlib.closing(Catalogue.open(world.data)) as catalogue:
        assert reconcile(world.data, catalogue, vectors, [source]) == []
        vectors.add(["0" * 64], np.ones((1, identity.dimensions), dtype=np.float32))
        assert [d.what for d in reconcile(world.data, catalogue, vectors, [])] == [
            f"no passage uses vector {'0' * 64}"
        ]
    other = VectorStore.open(
        tmp_path / "third", identity, chroma
    )  # another data directory on the same server
    assert other.count() == 0


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(VectorsUnreachable, match=r"127\.0\.0\.1:9"):
        VectorStore.open(tmp_path, CountingEmbedder().identity, "http://127.0.0.1:9")

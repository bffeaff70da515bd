"""The same guidance, read and embedded elsewhere and kept elsewhere, is the same snapshot, hash for hash."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from governance.errors import VectorsUnreachable
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


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(VectorsUnreachable, match=r"127\.0\.0\.1:9"):
        VectorStore.open(tmp_path, CountingEmbedder().identity, "http://127.0.0.1:9")

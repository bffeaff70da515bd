"""While the pages are served, retention runs by itself, and one failure does not end it."""

from __future__ import annotations

import threading

import pytest

from assistant.retention_schedule import on_schedule
from governance.errors import StorageFull


def test_it_runs_at_once_and_again_until_the_block_ends(caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []
    twice = threading.Event()

    def run() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise StorageFull("The disk is full.", do="Free space.")
        twice.set()

    with on_schedule(run, 0.01 / 3600):
        assert twice.wait(10)
    assert "storage.full" in caplog.text
    before = len(runs)
    threading.Event().wait(0.05)
    assert len(runs) == before, "it ends with the block"


def test_no_hours_no_runs() -> None:
    runs: list[int] = []
    with on_schedule(lambda: runs.append(1), 0):
        pass
    assert runs == []

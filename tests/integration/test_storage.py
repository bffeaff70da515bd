"""A full disk and a killed process: a clear error, and the state before intact."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.ingestion import sample_folder
from assistant.settings import Settings

pytestmark = pytest.mark.models


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes. Only the administrator may mount one; elsewhere this skips."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs the administrator")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def resize(folder: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(folder)], check=True)


@pytest.mark.parametrize("megabytes", [1, 3])
def test_a_disk_that_fills_up_is_said_and_the_next_run_completes(
    megabytes: int,
    small_disk: Path,
    models_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(small_disk / "data"))
    monkeypatch.setenv("FRONTLINE_MODELS_DIR", str(models_dir))
    resize(small_disk, megabytes)
    assert main(["ingest", "--sample", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "storage.full"
    resize(small_disk, 40)
    assert main(["ingest", "--sample", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["passages"] > 400
    assert main(["audit", "verify"]) == 0 and main(["guidance", "reconcile", "--sample"]) == 0


def test_an_answer_that_cannot_be_recorded_is_not_given(
    sample: Settings, small_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["cp", "-a", str(sample.data_dir), str(small_disk / "data")], check=True)
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(small_disk / "data"))
    filler = os.open(small_disk / "filler", os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(filler, b"\0" * 65536)
    with contextlib.suppress(OSError):
        while True:
            os.write(filler, b"\0" * 512)
    os.close(filler)
    status = main(["ask", "How is an advance repaid?", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert status == 1 and document["error"]["code"] in (
        "record.failed",
        "storage.full",
        "storage.unwritable",
    )
    (small_disk / "filler").unlink()
    assert main(["audit", "verify"]) == 0


@pytest.mark.parametrize("after", [0.1, 0.9])
def test_a_killed_ingest_is_completed_by_the_next(after: float, models_dir: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "FRONTLINE_DATA_DIR": str(tmp_path / "data"),
        "FRONTLINE_MODELS_DIR": str(models_dir),
    }
    command = [str(Path(sys.executable).with_name("frontline"))]
    folder = str(sample_folder() / "pip")
    running = subprocess.Popen(
        [*command, "ingest", folder], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "data" / "catalogue.db").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(after)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    again = subprocess.run(
        [*command, "ingest", folder, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(again.stdout)
    assert report["failed"] == [] and report["passages"] > 50
    agreed = subprocess.run(
        [*command, "guidance", "reconcile", "--folder", folder],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert agreed.returncode == 0, agreed.stdout
    assert subprocess.run([*command, "audit", "verify"], env=environment, capture_output=True).returncode == 0

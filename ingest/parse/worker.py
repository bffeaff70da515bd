"""Why: a file that hangs, swells or crashes its parser must cost the run one file and not the run.

One process reads files for as long as it behaves. It has a cap on memory, may write nothing, open no
connection and start no program, and knows none of this program's environment. It is killed when a file
takes too long, and started again for the next. It answers in JSON, so that what it says can be checked.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter, ValidationError

from governance import errors
from governance.errors import (
    DocumentCorrupt,
    DocumentRejected,
    DocumentTooLarge,
    DocumentTooSlow,
    FrontlineError,
)
from ingest.documents import Parsed
from ingest.parse.limits import Limits

_PARSED = TypeAdapter(Parsed)
LONGEST_ANSWER = 256 * 1024 * 1024
"""Most bytes of one answer from the process."""
FILES_A_PROCESS = 500
"""Files after which a process is replaced: its cap on memory is for one file, and what libraries keep adds up."""


class Worker:
    """A process that reads files, one at a time; safe to share between threads. Close it when done."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.started = 0
        """How many processes it has taken so far."""
        self._read = 0
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None

    def parse(self, path: Path, relative: str) -> Parsed:
        """Parse one file. Raises DocumentRejected, DocumentTooSlow after ``limits.seconds`` among them."""
        with self._lock:
            if self._read >= FILES_A_PROCESS:
                self._stop()
            process = self._running()
            self._read += 1
            clock = _Clock(process)
            try:
                clock.start(self.limits.seconds)
                answer = _exchange(process, {"path": str(path), "relative": relative})
                if answer is not None and re.fullmatch(rb"\+\d{1,8}", answer):  # how many pages it has
                    clock.start(self.limits.allowed(int(answer)))
                    answer = _frame(process.stdout)
            finally:
                clock.stop()
            if answer is None:
                reason = self._stop()
                if clock.rang:
                    raise DocumentTooSlow(f"reading it took longer than {clock.seconds:g} s", do="split it")
                if "MemoryError" in reason:
                    raise DocumentTooLarge(
                        f"reading it needs more than {self.limits.memory:,} bytes", do="split it"
                    )
                raise DocumentCorrupt(
                    f"its reader stopped ({reason})", do="save the file again, or convert it"
                )
            if clock.rang:  # as it answered; the next file needs another process
                self._stop()
        return _opened(answer)

    def close(self) -> None:
        """End the process. The next parse starts another."""
        with self._lock:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the process is stopped)
            limits = json.dumps(vars(self.limits))
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                [sys.executable, "-X", "utf8", "-m", "ingest.parse.process", limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env={"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
                cwd=Path(__file__).resolve().parents[2],
            )
            self.started += 1
            self._read = 0
            _frame(self._process.stdout)  # says that it is ready, so that starting is not on a file's clock
        return self._process

    def _stop(self) -> str:
        """End the process; the last thing it complained of."""
        process, said = self._process, self._said
        self._process = self._said = None
        if process is None or said is None:
            return ""
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)
        said.seek(0)
        lines = said.read()[-4_000:].decode("utf-8", "replace").strip().splitlines()
        said.close()
        return lines[-1][:200] if lines else f"signal {-process.returncode}"


class _Clock:
    """Kills a process when time is up."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.seconds = 0.0
        self.rang = False
        self._timer: threading.Timer | None = None

    def start(self, seconds: float) -> None:
        """Start, or start again."""
        self.stop()
        self.seconds = seconds
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.start()

    def stop(self) -> None:
        """Stop; once this returns, the process will not be killed any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()

    def _ring(self) -> None:
        self.rang = True
        self.process.kill()


def _exchange(process: subprocess.Popen[bytes], request: dict[str, str]) -> bytes | None:
    assert process.stdin is not None  # noqa: S101  (opened as a pipe)
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        return None
    return _frame(process.stdout)


def _frame(stream: IO[bytes] | None) -> bytes | None:
    """One answer: eight digits in base 16 for its length, then its bytes. None where the process ended."""
    assert stream is not None  # noqa: S101  (opened as a pipe)
    head = stream.read(8)
    if len(head) < 8:
        return None
    length = int(head, 16)
    body = stream.read(length) if length <= LONGEST_ANSWER else b""
    return body if len(body) == length else None


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return


def _opened(answer: bytes) -> Parsed:
    """What the process found, or the error it met."""
    if answer.startswith(b"!"):
        raise _error(json.loads(answer[1:]))
    try:
        return _PARSED.validate_json(answer)
    except ValidationError as error:
        raise DocumentCorrupt("its reader answered nonsense", do="convert the file") from error


def _error(said: dict[str, Any]) -> FrontlineError:
    found = getattr(errors, str(said.get("error")), DocumentRejected)
    kind = found if isinstance(found, type) and issubclass(found, FrontlineError) else DocumentRejected
    return kind(str(said.get("message")), do=str(said.get("do")))

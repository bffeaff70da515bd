"""Why: a model of one's own on one's own machine is the only chat model that needs nobody's permission.

llama.cpp's own OpenAI-compatible server, from a pinned wheel, runs beside us on the loopback interface, under a key
that nobody else knows, for as long as we do. Calls to it pass the one way out and are recorded like any other.
"""

from __future__ import annotations

import json
import queue
import secrets
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from governance.egress import DataClass, Destination
from governance.egress.destinations import THIS_MACHINE
from governance.errors import ModelFailed, ModelMissing

CONTEXT = 4096
"""Tokens that prompt and reply may have together. Five passages of 256 tokens, the prompt and a reply need 2,500."""
STARTS_WITHIN = 120.0
"""Seconds in which a gigabyte of weights must be read; a cold disk takes ten."""


@dataclass
class LlamaServer:
    """One server for one model file, started when first needed and again if it died."""

    runtime: Path
    """Folder that holds the unpacked llama.cpp library."""
    model: Path
    threads: int
    starts_within: float = STARTS_WITHIN
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)
    _url: str = ""
    _key: str = field(default="", repr=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def of(cls, name: str, models_dir: Path, threads: int) -> LlamaServer:
        """The server of an installed model, or of a GGUF file by its path. Raises ``ModelMissing``."""
        runtime = models_dir / "llamacpp"
        if not runtime.is_dir():
            raise ModelMissing(
                f"The llama.cpp runtime is not in {models_dir}.",
                do="Run `frontline models fetch --with llamacpp`.",
            )
        path = Path(name).expanduser()
        found = (
            [path]
            if path.suffix == ".gguf" and path.is_file()
            else sorted((models_dir / name).glob("*.gguf"))
        )
        if not found:
            raise ModelMissing(
                f"The chat model {name} is not in {models_dir}.",
                do=f"Run `frontline models fetch --with {name}`, or name a GGUF file by its path.",
            )
        return cls(runtime, found[0], threads)

    def address(self) -> tuple[str, str]:
        """The server's address (OpenAI's protocol) and key, once it is up. Raises ``ModelFailed``."""
        with self._turn:
            if self._process is None or self._process.poll() is not None:
                self._start()
            return f"{self._url}/v1", self._key

    def destination(self) -> Destination:
        """The server as a place that may be sent a redacted question, and nothing else."""
        place = urlsplit(self.address()[0])
        return Destination(
            name="llamacpp", host=place.hostname or "", port=place.port or 0, scheme="http", region=THIS_MACHINE,
            data=(DataClass.REDACTED_QUESTION,),
        )  # fmt: skip

    def close(self) -> None:
        """Stop the server, if it runs."""
        with self._turn:
            self._stop()

    def _start(self) -> None:
        self._stop()
        self._key = secrets.token_urlsafe(24)
        command = [
            sys.executable, "-m", "assistant.chat.llama_child",
            str(self.runtime), str(self.model), str(self.threads), str(CONTEXT),
        ]  # fmt: skip
        self._process = subprocess.Popen(  # noqa: S603 - our own module, with paths of the settings
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            self._url = self._told(self._process)
        except ModelFailed:
            self._process.kill()
            self._stop()
            raise

    def _told(self, process: subprocess.Popen[str]) -> str:
        """The address that the server prints once the model is loaded."""
        said: queue.Queue[str] = queue.Queue()
        assert process.stdin and process.stdout  # noqa: S101 - pipes were asked for
        lines = process.stdout
        threading.Thread(target=lambda: said.put(lines.readline()), daemon=True).start()
        try:
            process.stdin.write(f"{self._key}\n")
            process.stdin.flush()
            return str(json.loads(said.get(timeout=self.starts_within))["address"])
        except (queue.Empty, OSError, ValueError, KeyError) as error:
            raise ModelFailed("The local chat model could not be started.") from error

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin and not process.stdin.closed:
            process.stdin.close()  # the server ends with its input
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

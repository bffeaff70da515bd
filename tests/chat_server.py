"""A server on loopback that speaks OpenAI's protocol of chat completions, and misbehaves when told to.

Real sockets, real HTTP: what is under test is everything from the setting to the answer.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Say = Callable[[dict[str, Any]], str]
"""Makes what the model says of the request it got."""


def shown(request: dict[str, Any]) -> list[tuple[str, str]]:
    """The passages of a request: label and text, in order."""
    text = request["messages"][-1]["content"]
    found = re.split(r"^\[([A-Z0-9]{4})\] ", text.split("\n\nQuestion:")[0], flags=re.M)[1:]
    return [
        (label, body.partition("\n")[2].strip()) for label, body in zip(found[::2], found[1::2], strict=True)
    ]


def sentences(*said: tuple[str, str, str]) -> str:
    """A well-formed reply."""
    return json.dumps({"sentences": [{"passage": p, "quote": q, "text": t} for p, q, t in said]})


class ChatServer:
    """Serves until it is closed. ``say`` is asked for each reply; the rest says how it misbehaves."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.status = 200
        self.failures = 0
        """How many requests are broken off before one is answered."""
        self.delay = 0.0
        """Seconds before a reply begins."""
        self.raw: bytes | None = None
        """Sent instead of a reply."""
        self.broken_off = threading.Event()
        self.asked = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                server.requests.append(request)
                server.keys.append(self.headers.get("authorization", ""))
                server.asked.set()
                if server.failures:
                    server.failures -= 1
                    self.close_connection = True
                    self.connection.close()
                    return
                self._wait()
                body = server.raw if server.raw is not None else _completion(server.say(request))
                try:
                    self.send_response(server.status)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    server.broken_off.set()

            def _wait(self) -> None:
                until = time.monotonic() + server.delay
                while time.monotonic() < until:
                    time.sleep(0.02)
                    self.connection.setblocking(False)
                    try:
                        if self.connection.recv(1) == b"":
                            server.broken_off.set()
                            return
                    except BlockingIOError:
                        pass
                    finally:
                        self.connection.setblocking(True)

            def log_message(self, *_: object) -> None:
                return

        return Handler


def _completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps(
        {
            "id": "c1", "object": "chat.completion", "created": 1, "model": "tiny-1",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    ).encode()  # fmt: skip

"""A web server on loopback that answers what a test says, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """What to answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    """Address of a server, and the (path, headers) that it was asked."""

    url: str
    port: int
    asked: list[tuple[str, Message]] = field(default_factory=list)


@contextlib.contextmanager
def serving(answer: Callable[[str, Message], Reply]) -> Iterator[Server]:
    """A server that asks ``answer`` with each path and the headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, self.headers))
            reply = answer(self.path, self.headers)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        server = Server(f"http://127.0.0.1:{made.server_port}", made.server_port)
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            made.shutdown()
            thread.join()

"""Why: serving is refused where it would be unsafe, fails plainly where it cannot, and stops without losing an answer."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from assistant.web.app import create_app
from assistant.web.warm_up import WarmUp
from governance.errors import LoopbackOnly, PortTaken, SettingInvalid

if TYPE_CHECKING:
    from assistant.app import Assistant

_GRACE = 10
"""Seconds that a question under way is given to end when the server is stopped."""


def serve(
    assistant: Assistant, host: str, port: int, *, on_ready: Callable[[str], None] | None = None
) -> None:
    """Serve the pages until stopped by SIGINT or SIGTERM.

    ``on_ready`` is called once, with the address, when the first question would be answered quickly. Raises
    ``LoopbackOnly`` for a host that is not loopback while local people sign in, ``PortTaken``, ``SettingInvalid`` for a host that is no address
    of this machine.
    """
    listener = listen(host, port, anywhere=assistant.settings.sign_in == "oidc")
    with listener:
        app = create_app(assistant)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_GRACE,
            )
        )
        if on_ready is not None:
            threading.Thread(
                target=tell,
                args=(server, app.state.desk.warm_up, address(listener, host), on_ready),
                daemon=True,
            ).start()
        if threading.current_thread() is threading.main_thread():
            # The server raises the signal again when the last question is answered; then the caller closes up.
            signal.signal(signal.SIGTERM, _leave)
        server.run(sockets=[listener])


def _leave(*_: object) -> None:
    sys.exit(0)


def listen(host: str, port: int, *, anywhere: bool = False) -> socket.socket:
    """A socket bound to an address: loopback, or any where people sign in at a provider."""
    if not anywhere and not _loopback(host):
        raise LoopbackOnly(
            f"The pages cannot be served at {host}: people sign in without a password, so only this machine may reach them.",
            do="Serve at 127.0.0.1 (the setting host), or set sign_in to oidc (docs/sign-in.md).",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTaken(
                f"Port {port} at {host} is taken or not allowed.",
                do="Stop what serves there, or choose another port (--port, FRONTLINE_PORT; 0 takes any free one).",
            ) from error
        raise SettingInvalid(
            f"The pages cannot be served at {host}: {error.strerror}.", do="Mend the setting host."
        ) from error
    return listener


def address(listener: socket.socket, host: str) -> str:
    """Where a browser finds a bound socket."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def tell(server: uvicorn.Server, warm_up: WarmUp, where: str, on_ready: Callable[[str], None]) -> None:
    """Call ``on_ready`` when the server runs and everything is loaded; never where it could not be."""
    warm_up.done.wait()
    while not server.started and not server.should_exit:
        time.sleep(0.05)
    if warm_up.problem is None and not server.should_exit:
        on_ready(where)

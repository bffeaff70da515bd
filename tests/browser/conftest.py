"""A real browser on the real server; skips, in words, where there is no browser."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from assistant.web import serve as server
from assistant.web.app import create_app
from tests.fakes import FakeAssistant
from tests.web.stock import stock

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-default-apps", "--disable-sync", "--no-first-run", "--disable-dev-shm-usage")  # fmt: skip


expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeAssistant]:
    made = FakeAssistant(tmp_path_factory.mktemp("browser"), stock())
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(assistant: FakeAssistant) -> Iterator[str]:
    """The pages, served on this machine."""
    listener = server.listen("127.0.0.1", 0)
    running = uvicorn.Server(uvicorn.Config(create_app(assistant), log_config=None, server_header=False))  # type: ignore[arg-type]
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[listener])))
    thread.start()
    while not running.started and thread.is_alive():
        time.sleep(0.02)
    yield server.address(listener, "127.0.0.1")
    running.should_exit = True
    thread.join(15)
    listener.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium without anything that would call home."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install chromium to run the browser checks")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture
def context(chromium: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Fresh browser profiles of a width, with JavaScript or without; each must call no other address."""
    opened: list[BrowserContext] = []
    elsewhere: list[str] = []

    def made(width: int, javascript: bool) -> BrowserContext:
        one = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, base_url=address
        )
        one.set_default_timeout(30_000)
        one.on(
            "request",
            lambda request: elsewhere.append(request.url) if not request.url.startswith(address) else None,
        )
        opened.append(one)
        return one

    yield made
    for one in opened:
        one.close()
    assert elsewhere == []

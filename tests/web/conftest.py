"""A browser's worth of client: the pages over an assistant that quotes a little guidance."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.web.app import create_app
from tests.fakes import FakeAssistant
from tests.web.stock import stock

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Browser(TestClient):
    """A client on this machine that keeps cookies and fills in the forms' tokens."""

    def token(self, address: str = "/sign-in") -> str:
        found = _TOKEN.search(self.get(address).text)
        assert found, f"no form at {address}"
        return found.group(1)

    def fill(self, address: str, page: str = "", **fields: str) -> Response:
        """Post a form that was read from a page (the address itself where none is named)."""
        return self.post(address, data={"token": self.token(page or address), **fields})

    def sign_in(self, name: str = "Robin", role: str = "colleague") -> Browser:
        response = self.fill("/sign-in", name=name, role=role)
        assert response.status_code == 200
        return self

    def acknowledge(self) -> Browser:
        assert self.fill("/notice").status_code == 200
        return self

    def read_for(self, reason: str = "monthly review") -> Browser:
        assert self.fill("/reading", reason=reason, next="/").status_code == 200
        return self

    def ask(self, question: str, **fields: str) -> Response:
        return self.fill("/", question=question, **fields)


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose database is made, to be copied: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("empty")
    FakeAssistant(folder, stock()).close()
    return folder


@pytest.fixture
def assistant(tmp_path: Path, empty_ledger: Path) -> Iterator[FakeAssistant]:
    shutil.copytree(empty_ledger, tmp_path, dirs_exist_ok=True)
    made = FakeAssistant(tmp_path, stock())
    yield made
    made.close()


@pytest.fixture
def new_browser(assistant: FakeAssistant) -> Callable[..., Browser]:
    """Another browser on the same assistant, with no cookies yet."""
    app = create_app(assistant)  # type: ignore[arg-type]

    def made(*, client: str = "127.0.0.1", raise_server_exceptions: bool = True) -> Browser:
        return Browser(
            app,
            base_url="http://localhost:8600",
            client=(client, 50000),
            raise_server_exceptions=raise_server_exceptions,
        )

    return made


@pytest.fixture
def browser(new_browser: Callable[..., Browser]) -> Browser:
    """A browser in which nobody is signed in."""
    return new_browser()


@pytest.fixture
def colleague(browser: Browser) -> Browser:
    """A browser in which a colleague is signed in and has acknowledged the notice."""
    return browser.sign_in().acknowledge()

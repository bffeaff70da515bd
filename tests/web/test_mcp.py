"""The two tools over HTTP, by the protocol's own client against a real server on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio
import httpx2
import pytest
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from assistant.web import serve as server
from assistant.web.app import create_app
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.test_provider import Loopback, loopback, served  # noqa: F401 - fixtures

QUESTION = "How long is there to ask for a mandatory reconsideration?"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ABOUT = "/.well-known/oauth-protected-resource/mcp"
ACCEPT = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}


@contextmanager
def running_at(assistant: FakeAssistant) -> Iterator[str]:
    listener = server.listen("127.0.0.1", 0)
    running = uvicorn.Server(uvicorn.Config(create_app(assistant), log_config=None, lifespan="on"))  # type: ignore[arg-type]
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    while not running.started:
        time.sleep(0.01)
    try:
        yield server.address(listener, "127.0.0.1")
    finally:
        running.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture
def address(assistant: FakeAssistant) -> Iterator[str]:
    with running_at(assistant) as address:
        yield address


def post(address: str, **headers: str) -> httpx2.Response:
    return httpx2.post(f"{address}/mcp", json=LIST, headers={**ACCEPT, **headers})


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def talk(address: str, work: Callable[[Client], object], headers: dict[str, str] | None = None) -> object:
    async def talked() -> object:
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with Client(transport) as client:
                return await work(client)  # type: ignore[misc]

    return anyio.run(talked)


def test_a_client_of_the_protocol_asks_and_the_answer_is_in_the_ledger(
    address: str, assistant: FakeAssistant
) -> None:
    async def work(client: Client) -> object:
        names = [tool.name for tool in (await client.list_tools()).tools]
        schema = (await client.list_tools()).tools[1].input_schema
        hits = await client.call_tool("search_guidance", {"question": "twice a month", "nation": "scotland"})
        answer = await client.call_tool("ask", {"question": QUESTION})
        wrong = await client.call_tool("ask", {"question": QUESTION, "nation": "narnia"})
        return names, schema, hits, answer, wrong

    names, schema, hits, answer, wrong = talk(address, work)  # type: ignore[misc]
    assert names == ["search_guidance", "ask"] and set(schema["properties"]) == {
        "question",
        "nation",
        "as_at",
    }
    assert hits.structured_content["hits"][0]["document"]["title"] == "Universal Credit Scottish choices"
    entry = assistant.ledger.about(answer.structured_content["id"])[0]
    assert entry.actor == "operator" and answer.structured_content["sentences"][0]["citations"][0]["quote"]
    assert wrong.is_error and "nation.unknown" in wrong.content[0].text


def test_a_page_of_another_site_or_name_gets_no_further(address: str, assistant: FakeAssistant) -> None:
    assert post(address).status_code == 200
    for headers, code in (
        ({"host": "rebound.example"}, "request.host"),
        ({"origin": "https://elsewhere.example"}, "request.cross_site"),
        ({"sec-fetch-site": "cross-site"}, "request.cross_site"),
        ({"content-type": "text/plain"}, "request.media_type"),
        ({"x-forwarded-for": "192.0.2.7"}, "serve.loopback_only"),
    ):
        refused = post(address, **headers)
        assert refused.json()["code"] == code, headers
        assert refused.headers["content-type"] == "application/problem+json"
    large = httpx2.post(
        f"{address}/mcp", content=b" " * 10**6, headers={**ACCEPT, "content-type": "application/json"}
    )
    assert large.status_code == 413
    taken = httpx2.get(f"{address}/mcp", headers=ACCEPT)
    assert (taken.status_code, taken.headers["allow"]) == (405, "POST")
    assert assistant.ledger.size() == 0


@pytest.mark.oidc
def test_a_token_of_the_provider_says_who_asks(
    served: tuple[FakeAssistant, Callable[[], Browser]], loopback: Loopback  # noqa: F811
) -> None:  # fmt: skip
    assistant = served[0]
    loopback.says("robot", ["frontline-staff"])

    async def work(client: Client) -> object:
        return (await client.call_tool("ask", {"question": QUESTION})).structured_content

    with running_at(assistant) as address:
        answer = talk(address, work, bearer(loopback.robot()))
        asked = assistant.ledger.about(answer["id"])[0]  # type: ignore[index]
        assert asked.actor.startswith("person-") and asked.body["people"]["role"] == "colleague"
        for headers in ({}, bearer("x.y.z"), bearer(loopback.robot("urn:other"))):
            refused = post(address, **headers)
            assert refused.status_code == 401
            where = refused.headers["www-authenticate"].partition('resource_metadata="')[2].rstrip('"')
            assert where == f"http://localhost:8600{ABOUT}"
        about = httpx2.get(f"{address}{ABOUT}").json()
        assert about["authorization_servers"] == [loopback.issuer]
        assert about["resource"] == "http://localhost:8600/mcp"
        loopback.says("robot", [])
        gone = post(address, **bearer(loopback.robot()))
        assert (gone.status_code, gone.json()["code"]) == (403, "person.role_missing")

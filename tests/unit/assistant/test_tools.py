"""The two tools, through a real client of the protocol: the same limits, redaction and ledger as everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client

from assistant.answers import OPERATOR, Outcome, Person
from assistant.tools import server_for
from governance.errors import IndexEmpty
from tests.fakes import FakeAssistant
from tests.web.stock import stock

QUESTION = "How long is there to ask for a mandatory reconsideration?"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[FakeAssistant]:
    made = FakeAssistant(tmp_path, stock(), questions_each=3)
    yield made
    made.close()


def call(assistant: FakeAssistant, person: Person, tool: str, **given: object) -> Any:
    async def run() -> Any:
        async with Client(server_for(assistant, lambda _: person)) as client:  # type: ignore[arg-type]
            return await client.call_tool(tool, given)

    return anyio.run(run)


def test_two_tools_and_no_more(assistant: FakeAssistant) -> None:
    async def names() -> list[str]:
        async with Client(server_for(assistant, lambda _: OPERATOR)) as client:  # type: ignore[arg-type]
            return [tool.name for tool in (await client.list_tools()).tools]

    assert anyio.run(names) == ["search_guidance", "ask"]


def test_an_answer_is_quoted_and_recorded_under_whoever_asks(assistant: FakeAssistant) -> None:
    made = call(assistant, Person("person-1"), "ask", question=QUESTION, nation="wales", as_at="2026-06-01")
    answer = made.structured_content
    assert not made.is_error and answer["sentences"][0]["citations"][0]["quote"]
    entry = assistant.ledger.about(answer["id"])[0]
    assert (entry.actor, entry.body["answer"]["nation"]) == ("person-1", "wales")


def test_a_search_finds_and_keeps_nothing(assistant: FakeAssistant) -> None:
    found = call(assistant, OPERATOR, "search_guidance", question="twice a month", nation="scotland", most=1)
    hits = found.structured_content["hits"]
    assert hits[0]["document"]["title"] == "Universal Credit Scottish choices"
    assert assistant.ledger.size() == 0


def test_what_goes_wrong_says_what_to_do_and_its_code(assistant: FakeAssistant) -> None:
    for given in (
        {"question": " "},
        {"question": QUESTION, "nation": "narnia"},
        {"question": QUESTION, "as_at": "soon"},
    ):
        refused = call(assistant, OPERATOR, "ask", **given)
        assert refused.is_error
    assistant.planned.append(IndexEmpty("Nothing yet.", do="Ingest."))
    failed = call(assistant, OPERATOR, "ask", question=QUESTION)
    assert failed.is_error and "Nothing yet. Ingest. [index.empty]" in failed.content[0].text


def test_a_refusal_is_an_answer_and_too_much_is_refused(assistant: FakeAssistant) -> None:
    assistant.planned.append(Outcome.BLOCKED_NO_AGREEMENT)
    assert (
        call(assistant, Person("p"), "ask", question=QUESTION).structured_content["outcome"]
        == "blocked_no_agreement"
    )
    for _ in range(2):
        call(assistant, Person("p"), "search_guidance", question="pay")
    refused = call(assistant, Person("p"), "ask", question=QUESTION)
    assert refused.is_error and "request.limit_reached" in refused.content[0].text
    assert not call(assistant, Person("q"), "search_guidance", question="pay").is_error

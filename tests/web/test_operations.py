"""What whoever runs this sees: figures, spans, log lines and limits; and never a word of a question."""

from __future__ import annotations

import http.server
import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from assistant.answers import Outcome, Stage
from assistant.quiet import silence
from assistant.telemetry import Telemetry, tracing_to
from assistant.web.app import create_app
from assistant.web.measured import JsonLines
from governance.egress import DataClass
from tests.fakes import FakeAssistant
from tests.web.conftest import Browser
from tests.web.stock import stock

SECRET = "xylophone"


def test_figures_tell_routes_and_statuses_and_no_address_or_question(colleague: Browser) -> None:
    colleague.ask(f"What {SECRET} is paid?")
    colleague.get(f"/guidance/{SECRET}")
    colleague.get(f"/{SECRET}")
    text = colleague.get("/metrics").text
    assert 'route="/answers/{answer_id}",status="200"' in text and 'route="none",status="404"' in text
    assert SECRET not in text and "person-" not in text


def test_figures_are_for_a_scraper_on_this_machine(new_browser: Callable[..., Browser]) -> None:
    assert new_browser(client="192.0.2.7").get("/metrics").status_code == 403
    assert new_browser().get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 403


def test_answers_are_counted_by_outcome_and_timed_by_stage() -> None:
    telemetry = Telemetry()
    telemetry.answered("a1", Outcome.ANSWERED, "extractive", [Stage("retrieve", 12.0)], 0.06)
    telemetry.broke("index.empty")
    text = telemetry.page().decode()
    assert 'frontline_answers_total{model="extractive",outcome="answered"} 1.0' in text
    assert 'frontline_stage_seconds_bucket{le="0.025",stage="retrieve"} 1.0' in text
    assert 'frontline_answers_broken_total{code="index.empty"} 1.0' in text


class Collector(http.server.BaseHTTPRequestHandler):
    """Keeps what is posted."""

    posted: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.posted.append((self.path, body))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def collector() -> Iterator[int]:
    Collector.posted.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_spans_go_to_an_allowed_collector_with_the_names_of_the_convention(
    tmp_path: Path, collector: int
) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    silence(tmp_path)  # as the product does: libraries' own telemetry is off, this is not
    url = f"http://127.0.0.1:{collector}/v1/traces"
    place = {
        "name": "collector",
        "host": "127.0.0.1",
        "port": collector,
        "scheme": "http",
        "region": "this machine",
    }
    assistant = FakeAssistant(
        tmp_path, stock(), telemetry_url=url, destinations=[{**place, "data": ["telemetry"]}]
    )
    telemetry = Telemetry(tracing_to(url, assistant.egress.client(DataClass.TELEMETRY)))
    telemetry.answered(
        "a1", Outcome.ANSWERED, "extractive", [Stage("retrieve", 12.0), Stage("compose", 3.0)], 0.06
    )
    telemetry.close()
    ((path, body),) = Collector.posted
    spans = ExportTraceServiceRequest.FromString(body).resource_spans[0].scope_spans[0].spans
    assert path == "/v1/traces"
    assert [span.name for span in spans] == [
        "execute_tool search_guidance",
        "chat extractive",
        "invoke_agent frontline-assistant",
    ]
    whole = {one.key: one.value.string_value for one in spans[-1].attributes}
    assert whole["gen_ai.operation.name"] == "invoke_agent" and whole["frontline.outcome"] == "answered"
    assert {span.parent_span_id for span in spans[:2]} == {spans[-1].span_id}
    assert [entry.type for entry in assistant.ledger.entries()] == ["egress.permitted", "egress.ended"]
    assistant.close()


def test_a_log_line_is_a_document_with_the_route_and_not_the_address(
    colleague: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "assistant")
    colleague.get(f"/guidance/{SECRET}")
    line = json.loads(JsonLines().format(next(r for r in caplog.records if hasattr(r, "route"))))
    assert (line["route"], line["status"], line["level"]) == ("/guidance/{document_id}", 404, "info")
    assert SECRET not in caplog.text


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[FakeAssistant]:
    made = FakeAssistant(tmp_path, stock(), questions_each=2, questions_together=3)
    yield made
    made.close()


def test_too_many_questions_are_refused_with_when_to_try_again(narrow: FakeAssistant) -> None:
    app = create_app(narrow)  # type: ignore[arg-type]

    def person(name: str) -> Browser:
        return Browser(app, base_url="http://localhost", client=("127.0.0.1", 1)).sign_in(name).acknowledge()

    robin, sam = person("Robin"), person("Sam")
    for _ in range(2):
        assert robin.ask("What is paid?").status_code == 200
    page = robin.ask("What is paid twice?")
    assert (
        page.status_code == 429
        and int(page.headers["retry-after"]) >= 1
        and ">What is paid twice?</textarea>" in page.text
    )
    refused = robin.post(
        "/api/v1/answers", json={"question": "What?"}, headers={"x-csrf-token": robin.token("/")}
    )
    assert (
        refused.json()["code"] == "request.limit_reached" and 1 <= int(refused.headers["retry-after"]) <= 60
    )
    assert sam.ask("What is paid?").status_code == 200
    assert sam.ask("What is paid?").status_code == 429
    assert len(narrow.asked) == 3

"""Why: whoever runs this must see that it slows down or declines more than it did, without a word of any question.

Figures for Prometheus are kept in this process and read at /metrics. Spans are made only where a collector is set, with
the names of OpenTelemetry's conventions for generative AI (gen_ai.*), and leave through the one way out. Nothing
that was asked, found or answered is in either: outcomes, stages and durations only.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from assistant.answers import Outcome, Stage

if TYPE_CHECKING:
    import httpx
    from opentelemetry.sdk.trace import TracerProvider

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
"""Seconds. The page's promises, a first stage within 0.15 and an answer within 1, are among them."""


class Telemetry:
    """Counts and times what happens, and says so to whoever looks."""

    def __init__(self, tracing: TracerProvider | None = None) -> None:
        self.registry = CollectorRegistry()
        self._tracing = tracing
        self._answers = Counter(
            "frontline_answers", "Answers that were recorded.", ["outcome", "model"], registry=self.registry
        )
        self._answer_seconds = Histogram(
            "frontline_answer_seconds", "From question to recorded answer.", registry=self.registry, buckets=_BUCKETS
        )  # fmt: skip
        self._stage_seconds = Histogram(
            "frontline_stage_seconds", "One step of the pipeline.", ["stage"], registry=self.registry, buckets=_BUCKETS
        )  # fmt: skip
        self._broken = Counter(
            "frontline_answers_broken", "Questions that ended in an error.", ["code"], registry=self.registry
        )
        self._requests = Histogram(
            "frontline_http_request_seconds", "Requests, by address pattern.", ["method", "route", "status"],
            registry=self.registry, buckets=_BUCKETS,
        )  # fmt: skip

    def answered(
        self, answer_id: str, outcome: Outcome, model: str, stages: Sequence[Stage], seconds: float
    ) -> None:
        """An answer was recorded."""
        self._answers.labels(outcome.value, model).inc()
        self._answer_seconds.observe(seconds)
        for stage in stages:
            self._stage_seconds.labels(stage.name).observe(stage.milliseconds / 1000)
        if self._tracing is not None:
            self._trace(answer_id, outcome, model, stages, seconds)

    def broke(self, code: str) -> None:
        """A question ended in an error of that code."""
        self._broken.labels(code).inc()

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was served; ``route`` is the pattern of its address, never the address."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def page(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)

    def close(self) -> None:
        """Send what is still to be sent."""
        if self._tracing is not None:
            self._tracing.shutdown()

    def _trace(
        self, answer_id: str, outcome: Outcome, model: str, stages: Sequence[Stage], seconds: float
    ) -> None:
        from opentelemetry.trace import SpanKind, set_span_in_context

        assert self._tracing is not None  # noqa: S101 - asked by the caller
        tracer = self._tracing.get_tracer("frontline-assistant")
        end = time.time_ns()
        at = end - int(seconds * 1e9)
        whole = tracer.start_span(
            "invoke_agent frontline-assistant", kind=SpanKind.INTERNAL, start_time=at,
            attributes={
                "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "frontline-assistant",
                "gen_ai.provider.name": "frontline", "gen_ai.request.model": model,
                "gen_ai.response.id": answer_id, "frontline.outcome": outcome.value,
            },
        )  # fmt: skip
        context = set_span_in_context(whole)
        for stage in stages:
            span = tracer.start_span(
                _span_name(stage.name, model), context=context, start_time=at, attributes=_attributes(stage.name, model)
            )  # fmt: skip
            at += int(stage.milliseconds * 1e6)
            span.end(at)
        whole.end(end)


def tracing_to(url: str, client: httpx.Client) -> TracerProvider:
    """A tracer whose spans go to a collector through the client that is given."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from assistant.through import session_through

    provider = TracerProvider(
        resource=Resource({"service.name": "frontline-assistant"}), shutdown_on_exit=False
    )
    provider.add_span_processor(
        BatchSpanProcessor(OTLPSpanExporter(endpoint=url, session=session_through(client), timeout=10))
    )
    return provider


def _span_name(stage: str, model: str) -> str:
    return {"retrieve": "execute_tool search_guidance", "compose": f"chat {model}"}.get(
        stage, f"step {stage}"
    )


def _attributes(stage: str, model: str) -> dict[str, Any]:
    if stage == "retrieve":
        return {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search_guidance"}
    if stage == "compose":
        return {"gen_ai.operation.name": "chat", "gen_ai.request.model": model}
    return {"frontline.step": stage}

"""Spans and metrics in OpenTelemetry's names, through its own SDK."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from core.llms import LLMContext, OpenTelemetryMiddleware, ServerError, TextDelta
from core.llms.providers.azure import create_azure_llm
from core.llms.providers.google import create_google_llm
from tests.unit.runtime.monitoring.calls import COST, KEY, observed


class Telemetry:
    """OpenTelemetry's SDK with everything kept in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.meters = MeterProvider(metric_readers=[self._reader])

    def middleware(self, **options: Any) -> OpenTelemetryMiddleware:
        return OpenTelemetryMiddleware(self.tracers, self.meters, **options)

    def spans(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())

    def metrics(self) -> dict[str, list[Any]]:
        data = self._reader.get_metrics_data()
        assert data is not None
        found = [metric for one in data.resource_metrics for scope in one.scope_metrics for metric in scope.metrics]
        return {metric.name: list(metric.data.data_points) for metric in found}


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    kept = Telemetry()
    yield kept
    kept.tracers.shutdown()
    kept.meters.shutdown()


def facts(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


async def test_a_span_covers_the_call_and_each_attempt_is_its_child(telemetry: Telemetry) -> None:
    async with observed(telemetry.middleware(), alias="fast") as (llm, server):
        await llm.get_answer("fail once", max_tokens=20, temperature=0.5, stop=["x"])
    failed, answered, whole = telemetry.spans()
    assert (whole.name, whole.kind, whole.parent) == ("chat gpt-4.1-mini", SpanKind.CLIENT, None)
    port = int(server.url.rpartition(":")[2])
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4.1-mini",
        "server.address": "127.0.0.1",
        "server.port": port,
        "core_llms.alias": "fast",
        "gen_ai.request.max_tokens": 20,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.stop_sequences": ("x",),
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "core_llms.attempts": 2,
        "core_llms.cost_usd": float(COST),
    }
    assert expected.items() <= facts(whole).items()
    assert not [name for name in facts(whole) if "messages" in name or "instructions" in name]
    for number, span in enumerate((failed, answered), 1):
        assert span.parent is not None
        assert span.parent.span_id == whole.context.span_id
        assert facts(span)["core_llms.attempt.number"] == number
    assert facts(failed)["error.type"] == "ServerError"
    assert facts(failed)["http.response.status_code"] == 500
    assert failed.status.status_code is StatusCode.ERROR
    assert "no, " in str(failed.status.description)
    assert "canary" not in str(failed.status.description)
    assert answered.status.status_code is StatusCode.UNSET


async def test_a_failed_call_is_an_error_and_a_cancelled_one_is_not(telemetry: Telemetry) -> None:
    async with observed(telemetry.middleware()) as (llm, _):
        with pytest.raises(ServerError):
            await llm.get_answer("fail")
        call = asyncio.create_task(llm.get_answer("hang"))
        await asyncio.sleep(0.01)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    failed, cancelled = (span for span in telemetry.spans() if span.name.startswith("chat"))
    assert (failed.status.status_code, facts(failed)["error.type"]) == (StatusCode.ERROR, "ServerError")
    assert (cancelled.status.status_code, facts(cancelled)["error.type"]) == (StatusCode.UNSET, "cancelled")
    durations = telemetry.metrics()["gen_ai.client.operation.duration"]
    assert {point.attributes["error.type"] for point in durations} == {"ServerError", "cancelled"}


async def test_a_stream_has_its_spans_under_the_caller_s_and_leaves_the_context_alone(telemetry: Telemetry) -> None:
    tracer = telemetry.tracers.get_tracer("test")
    async with observed(telemetry.middleware()) as (llm, _):
        with tracer.start_as_current_span("mine") as mine:
            async for _event in llm.stream_answer("Hi"):
                assert trace.get_current_span() is mine
            async with llm.stream_answer("Hi") as answer:
                async for event in answer:
                    if isinstance(event, TextDelta):
                        break
            assert trace.get_current_span() is mine
    attempt, whole, _, left, _ = telemetry.spans()
    assert whole.parent is not None
    assert whole.parent.span_id == mine.get_span_context().span_id
    assert attempt.parent is not None
    assert attempt.parent.span_id == whole.context.span_id
    assert facts(whole)["gen_ai.request.stream"] is True
    assert facts(whole)["gen_ai.response.time_to_first_chunk"] > 0
    assert facts(left)["error.type"] == "cancelled"


async def test_content_is_recorded_only_when_asked_for_and_masked(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    conversation = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": f"my key is {KEY}"}]
    async with observed(telemetry.middleware()) as (llm, _):
        await llm.get_answer(conversation)
    async with observed(telemetry.middleware(capture_content=False)) as (llm, _):
        await llm.get_answer(conversation)
    shown, hidden = (facts(span) for span in telemetry.spans() if span.name.startswith("chat"))
    assert json.loads(shown["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be brief."}]
    (asked,) = json.loads(shown["gen_ai.input.messages"])
    assert asked["role"] == "user"
    assert asked["parts"][0]["content"].startswith("my key is ***")
    (answered,) = json.loads(shown["gen_ai.output.messages"])
    assert (answered["parts"], answered["finish_reason"]) == ([{"type": "text", "content": "Hello"}], "stop")
    assert not [name for name in hidden if name.endswith(("messages", "instructions"))]


async def test_metrics_have_their_older_names_by_default(telemetry: Telemetry) -> None:
    async with observed(telemetry.middleware()) as (llm, _):
        await llm.get_answer("Hi")
        await llm.stream_answer("Hi").get_response()
    metrics = telemetry.metrics()
    assert sorted(metrics) == [
        "core_llms.client.cost",
        "gen_ai.client.operation.duration",
        "gen_ai.client.operation.time_per_output_chunk",
        "gen_ai.client.operation.time_to_first_chunk",
        "gen_ai.client.token.usage",
    ]
    (duration,) = metrics["gen_ai.client.operation.duration"]
    assert duration.count == 2
    assert duration.explicit_bounds[:3] == (0.01, 0.02, 0.04)
    assert duration.explicit_bounds[-1] == 81.92
    tokens = {point.attributes["gen_ai.token.type"]: point for point in metrics["gen_ai.client.token.usage"]}
    assert (tokens["input"].sum, tokens["output"].sum) == (20, 10)
    assert tokens["input"].explicit_bounds[-1] == 67_108_864


async def test_metrics_have_their_newer_names_when_asked_for(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SEMCONV_STABILITY_OPT_IN", "http, gen_ai_latest_experimental")
    async with observed(telemetry.middleware()) as (llm, _):
        await llm.get_answer("Hi")
        await llm.stream_answer("Hi").get_response()
    async with observed(telemetry.middleware(), model="text-embedding-3-small") as (llm, _):
        await llm.embed("Hi")
    metrics = telemetry.metrics()
    assert sorted(name for name in metrics if name.startswith("gen_ai")) == [
        "gen_ai.client.embeddings.duration",
        "gen_ai.client.embeddings.operation.input_tokens",
        "gen_ai.client.inference.duration",
        "gen_ai.client.inference.operation.input_tokens",
        "gen_ai.client.inference.operation.output_tokens",
        "gen_ai.client.inference.time_per_output_chunk",
        "gen_ai.client.inference.time_to_first_chunk",
        "gen_ai.client.inference.usage.input_tokens",
        "gen_ai.client.inference.usage.output_tokens",
    ]
    assert metrics["gen_ai.client.inference.usage.input_tokens"][0].value == 20


async def test_vendors_have_the_names_of_the_conventions() -> None:
    async with (
        create_azure_llm("gpt-4.1-mini", api_key="k", endpoint="https://x.openai.azure.com") as azure,
        create_google_llm("gemini-2.5-flash", api_key="k") as google,
    ):
        assert (azure.target.vendor, google.target.vendor) == ("azure.ai.openai", "gcp.gemini")


async def test_without_a_provider_nothing_is_recorded() -> None:
    async with observed(OpenTelemetryMiddleware()) as (llm, _):
        assert (await llm.get_answer("Hi", LLMContext())).text == "Hello"
        assert (await llm.stream_answer("Hi").get_response()).text == "Hello"


LATER = """
import asyncio
from opentelemetry import metrics, trace
from core.llms import OpenTelemetryMiddleware
from tests.unit.runtime.monitoring.calls import observed
from tests.unit.runtime.monitoring.test_tracing import Telemetry

async def main():
    async with observed(OpenTelemetryMiddleware()) as (llm, _):
        await llm.get_answer("Hi")
        telemetry = Telemetry()
        metrics.set_meter_provider(telemetry.meters)
        await llm.get_answer("Hi")
        print(len(telemetry.spans()), telemetry.metrics()["gen_ai.client.operation.duration"][0].count)
        trace.set_tracer_provider(telemetry.tracers)
        await llm.get_answer("Hi")
        await llm.stream_answer("Hi").get_response()
        print(*(span.name for span in telemetry.spans()), sep=", ")
        print(telemetry.metrics()["gen_ai.client.operation.duration"][0].count)

asyncio.run(main())
"""


def test_providers_that_are_set_later_are_used_from_then_on() -> None:
    done = subprocess.run([sys.executable, "-c", LATER], capture_output=True, text=True, timeout=60, check=False)

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["0 1", ", ".join(["attempt gpt-4.1-mini", "chat gpt-4.1-mini"] * 2), "3"]

"""An OpenTelemetry trace of a call, printed on the console, with the metrics of it."""

from __future__ import annotations

import asyncio
import json
import sys

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

from core.llms import OpenTelemetryMiddleware, create_llm


def render(span: ReadableSpan) -> str:
    """A line a span; `ConsoleSpanExporter()` alone prints all of it."""
    assert span.end_time is not None
    assert span.start_time is not None
    facts = span.attributes or {}
    shown = {name: facts[name] for name in ("gen_ai.usage.output_tokens", "error.type") if name in facts}
    seconds = (span.end_time - span.start_time) / 1e9
    return f"{span.name}: {seconds:.3f} s, under {'the call' if span.parent else 'nothing'} {shown}\n"


def render_names(data: object) -> str:
    """The names of the metrics; without a formatter all of them are printed."""
    resources = json.loads(data.to_json())["resource_metrics"]  # type: ignore[attr-defined]  # MetricsData
    metrics = [metric for one in resources for scope in one["scope_metrics"] for metric in scope["metrics"]]
    return "".join(f"metric {metric['name']}\n" for metric in metrics)


async def main(model: str) -> None:
    tracers = TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stdout, formatter=render)))
    exporter = ConsoleMetricExporter(out=sys.stdout, formatter=render_names)
    meters = MeterProvider(metric_readers=[PeriodicExportingMetricReader(exporter, export_interval_millis=60_000)])
    async with create_llm(model, middleware=[OpenTelemetryMiddleware(tracers, meters)]) as llm:
        print((await llm.get_answer("Say: traced.", max_tokens=20)).text)
    meters.shutdown()
    tracers.shutdown()


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))

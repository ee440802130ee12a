"""What Prometheus reads of calls."""

from __future__ import annotations

import socket
from urllib.request import urlopen

import pytest

from core.llms import OpenTelemetryMiddleware
from core.llms.runtime.telemetry import serve_prometheus
from tests.unit.runtime.monitoring.calls import observed


async def test_metrics_are_served_in_its_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_SEMCONV_STABILITY_OPT_IN", raising=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    provider = serve_prometheus(port)
    try:
        async with observed(OpenTelemetryMiddleware(meter_provider=provider)) as (llm, _):
            await llm.get_answer("Hi")
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    finally:
        provider.shutdown()
    (line,) = [line for line in text.splitlines() if line.startswith("gen_ai_client_operation_duration_seconds_count")]
    assert line.endswith(" 1.0")
    assert 'gen_ai_request_model="gpt-4.1-mini"' in line

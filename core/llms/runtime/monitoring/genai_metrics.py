"""The metrics of OpenTelemetry's conventions for generative AI, in their older and their newer names.

Names, units and buckets are those of open-telemetry/semantic-conventions 1.42 (older), and of
open-telemetry/semantic-conventions-genai, read 2026-11 (newer; in development there).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from opentelemetry.metrics import Histogram, Meter

from core.llms.runtime.monitoring.call_record import CallRecord
from core.llms.types.usage import Usage

_SECONDS: Final = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS: Final = tuple(4**power for power in range(14))
_INPUT: Final = {"gen_ai.token.type": "input"}
_OUTPUT: Final = {"gen_ai.token.type": "output"}
Attributes = Mapping[str, Any]


class CallMetrics(Protocol):
    """Where the figures of calls go."""

    def record(self, call: CallRecord, attributes: Attributes) -> None:
        """Record a call that is over."""
        ...

    def record_chunk(self, seconds: float, attributes: Attributes) -> None:
        """Record the time between two events of a stream."""
        ...


def create_metrics(meter: Meter, *, newest: bool) -> CallMetrics:
    """Make the instruments of one set of names."""
    return NewerMetrics(meter) if newest else OlderMetrics(meter)


class _Common:
    def __init__(self, meter: Meter, family: str) -> None:
        self._meter = meter
        self._first_chunk = self._seconds(f"{family}.time_to_first_chunk", "Time until a stream's first chunk.")
        self._chunk = self._seconds(f"{family}.time_per_output_chunk", "Time between a stream's chunks.")
        self._queued = self._seconds("core_llms.client.queued", "Time that rate limits let calls wait.")
        self._cost = meter.create_counter("core_llms.client.cost", "{USD}", "What calls cost, as far as it is known.")

    def _seconds(self, name: str, description: str) -> Histogram:
        return self._meter.create_histogram(
            name, "s", description, explicit_bucket_boundaries_advisory=[float(bound) for bound in _SECONDS]
        )

    def _tokens(self, name: str, description: str) -> Histogram:
        return self._meter.create_histogram(
            name, "{token}", description, explicit_bucket_boundaries_advisory=[float(bound) for bound in _TOKENS]
        )

    def record_chunk(self, seconds: float, attributes: Attributes) -> None:
        self._chunk.record(seconds, attributes)

    def _record_common(self, call: CallRecord, attributes: Attributes) -> None:
        if call.first_event_seconds is not None:
            self._first_chunk.record(call.first_event_seconds, attributes)
        if queued_seconds := call.queued_seconds:
            self._queued.record(queued_seconds, attributes)
        if call.cost:
            self._cost.add(float(call.cost), attributes)


class OlderMetrics(_Common):
    """`gen_ai.client.operation.*` and `gen_ai.client.token.usage`."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(meter, "gen_ai.client.operation")
        self._duration = self._seconds("gen_ai.client.operation.duration", "GenAI operation duration.")
        self._usage = self._tokens("gen_ai.client.token.usage", "Number of input and output tokens used.")

    def record(self, call: CallRecord, attributes: Attributes) -> None:
        self._duration.record(call.seconds, attributes)
        usage = call.usage
        if usage.total_tokens:
            self._usage.record(usage.input_tokens, {**attributes, **_INPUT})
            if call.operation == "chat":
                self._usage.record(usage.output_tokens, {**attributes, **_OUTPUT})
        self._record_common(call, attributes)


class NewerMetrics(_Common):
    """`gen_ai.client.inference.*` and `gen_ai.client.embeddings.*`."""

    def __init__(self, meter: Meter) -> None:
        family = "gen_ai.client.inference"
        super().__init__(meter, family)
        self._duration = {
            "chat": self._seconds(f"{family}.duration", "Duration of a call for an answer."),
            "embeddings": self._seconds("gen_ai.client.embeddings.duration", "Duration of a call for embeddings."),
        }
        self._input = {
            "chat": self._tokens(f"{family}.operation.input_tokens", "Input tokens of a call."),
            "embeddings": self._tokens("gen_ai.client.embeddings.operation.input_tokens", "Input tokens of a call."),
        }
        self._output = self._tokens(f"{family}.operation.output_tokens", "Output tokens of a call.")
        self._usage = {
            kind: meter.create_counter(f"{family}.usage.{kind}_tokens", "{token}", f"Sum of {kind} tokens.")
            for kind in ("input", "output", "cache_read.input", "cache_write.input", "reasoning.output")
        }

    def record(self, call: CallRecord, attributes: Attributes) -> None:
        self._duration[call.operation].record(call.seconds, attributes)
        usage = call.usage
        if usage.total_tokens:
            self._input[call.operation].record(usage.input_tokens, attributes)
            if call.operation == "chat":
                self._output.record(usage.output_tokens, attributes)
                self._count(usage, attributes)
        self._record_common(call, attributes)

    def _count(self, usage: Usage, attributes: Attributes) -> None:
        counts = {
            "input": usage.input_tokens,
            "output": usage.output_tokens,
            "cache_read.input": usage.cache_read_tokens,
            "cache_write.input": usage.cache_write_tokens,
            "reasoning.output": usage.reasoning_tokens,
        }
        for kind, count in counts.items():
            if count:
                self._usage[kind].add(count, attributes)

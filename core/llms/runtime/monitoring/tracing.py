"""`OpenTelemetryMiddleware`: a span for each call, a child for each attempt, and the metrics of both."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from time import monotonic
from typing import Any, Final

from core.llms.context import LLMContext
from core.llms.errors import APIError, ConfigurationError
from core.llms.runtime.middleware import CallNext, EmbedNext, EventStream, Middleware, RequestT, ResponseT, StreamNext
from core.llms.runtime.monitoring.call_record import CallRecord, Operation, outcome_of
from core.llms.runtime.monitoring.observing import CallWatch
from core.llms.runtime.secret_patterns import mask_secrets
from core.llms.runtime.target import Target
from core.llms.types.events import StreamFinished
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse

try:
    from opentelemetry import context as otel_context
    from opentelemetry import metrics, trace
except ImportError as error:
    raise ConfigurationError("OpenTelemetry needs the extra `otel`: pip install 'core-llms[otel]'") from error

from core.llms.runtime.monitoring.genai_attributes import (
    attributes_of_call,
    attributes_of_request,
    attributes_of_target,
)
from core.llms.runtime.monitoring.genai_content import render_input, render_output, render_system
from core.llms.runtime.monitoring.genai_metrics import create_metrics
from core.llms.runtime.monitoring.global_providers import records_metrics, records_spans

_SCOPE: Final = "core.llms"
_OPT_IN: Final = "OTEL_SEMCONV_STABILITY_OPT_IN"
_CAPTURE: Final = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"


class OpenTelemetryMiddleware(Middleware):
    """Traces and measures calls by OpenTelemetry's conventions for generative AI. Put it outermost.

    A span `chat <model>` covers a call with all its attempts and waits; each attempt is a child of it. Without
    arguments the global providers are used, and nothing costs where none is set. Metrics have their older names unless
    `OTEL_SEMCONV_STABILITY_OPT_IN` holds `gen_ai_latest_experimental`. Prompts and answers are recorded only with
    `capture_content=True`, or where `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` says so, and then with what
    looks like a secret masked.
    """

    def __init__(
        self,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
        *,
        capture_content: bool | None = None,
    ) -> None:
        """Raises `ConfigurationError` where the package is not installed."""
        self._newest = "gen_ai_latest_experimental" in os.environ.get(_OPT_IN, "").replace(" ", "").split(",")
        self._captures = _captures_by_environment() if capture_content is None else capture_content
        self._providers = tracer_provider, meter_provider
        self._tracer = trace.get_tracer(_SCOPE, tracer_provider=tracer_provider)
        self._metrics = create_metrics(metrics.get_meter(_SCOPE, meter_provider=meter_provider), newest=self._newest)
        self._target = Target("", "")
        self._shared: dict[tuple[str, str], dict[str, Any]] = {}

    def bind(self, target: Target) -> OpenTelemetryMiddleware:
        bound = copy(self)
        bound._target, bound._shared = target, {}
        return bound

    def _records_spans(self) -> bool:
        # Asked at every call: a program may set its providers after it made this.
        return records_spans(self._providers[0])

    def _records(self) -> bool:
        return self._records_spans() or records_metrics(self._providers[1])

    def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> Awaitable[LLMResponse]:
        return self._trace("chat", request, ctx, call_next) if self._records() else call_next(request, ctx)

    def embed(self, request: EmbeddingRequest, ctx: LLMContext, embed_next: EmbedNext) -> Awaitable[EmbeddingResponse]:
        return self._trace("embeddings", request, ctx, embed_next) if self._records() else embed_next(request, ctx)

    def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        return self._stream(request, ctx, stream_next) if self._records() else stream_next(request, ctx)

    async def _stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        span, watch = self._start("chat", request, ctx, streamed=True)
        attributes = self._attributes("chat", request.model)
        events, earlier = stream_next(request, ctx), 0.0
        try:
            while True:
                # A generator runs in the context of whoever takes its next event: the span is current only meanwhile.
                with _Current(span):
                    event = await anext(events, None)
                if event is None:
                    return
                watch.note_event()
                moment = monotonic()
                if earlier:
                    self._metrics.record_chunk(moment - earlier, attributes)
                earlier = moment
                if type(event) is StreamFinished:
                    self._end(span, request, watch.end(event.response))
                yield event
        except BaseException as error:
            # What is inside settles as it is closed: only then is it known what the call consumed.
            await events.aclose()
            if not watch.ended:
                self._end(span, request, watch.end(error=error))
            raise
        finally:
            await events.aclose()

    def attempt(
        self, request: RequestT, ctx: LLMContext, attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> Awaitable[ResponseT]:
        if not self._records_spans():
            return attempt_next(request, ctx)
        return self._attempt(request, ctx, attempt_next)

    async def _attempt(
        self, request: RequestT, ctx: LLMContext, attempt_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]]
    ) -> ResponseT:
        operation: Operation = "embeddings" if isinstance(request, EmbeddingRequest) else "chat"
        span = self._start_attempt(operation, request, ctx)
        with _Current(span):
            try:
                response = await attempt_next(request, ctx)
            except BaseException as error:
                _end_attempt(span, error)
                raise
            _end_attempt(span)
        return response

    def attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        if not self._records_spans():
            return stream_next(request, ctx)
        return self._attempt_stream(request, ctx, stream_next)

    async def _attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        span, ended = self._start_attempt("chat", request, ctx), False
        events = stream_next(request, ctx)
        try:
            while True:
                with _Current(span):
                    event = await anext(events, None)
                if event is None:
                    return
                if type(event) is StreamFinished:
                    # The caller may take its time with the last event; the call's span ends with it.
                    _end_attempt(span)
                    ended = True
                yield event
        except BaseException as error:
            if not ended:
                _end_attempt(span, error)
                ended = True
            raise
        finally:
            await events.aclose()

    def _start(
        self, operation: Operation, request: LLMRequest | EmbeddingRequest, ctx: LLMContext, *, streamed: bool = False
    ) -> tuple[trace.Span, CallWatch]:
        attributes = self._attributes(operation, request.model)
        span = self._tracer.start_span(
            f"{operation} {request.model}",
            kind=trace.SpanKind.CLIENT,
            attributes={**attributes, **attributes_of_request(request, self._target)},
        )
        if self._captures and span.is_recording() and isinstance(request, LLMRequest):
            span.set_attribute("gen_ai.input.messages", render_input(request.messages))
            if (system := render_system(request.messages)) is not None:
                span.set_attribute("gen_ai.system_instructions", system)
        return span, CallWatch(self._target, operation, request.model, ctx, streamed=streamed)

    async def _trace(
        self,
        operation: Operation,
        request: RequestT,
        ctx: LLMContext,
        call_next: Callable[[RequestT, LLMContext], Awaitable[ResponseT]],
    ) -> ResponseT:
        span, watch = self._start(operation, request, ctx)
        with _Current(span):
            try:
                response = await call_next(request, ctx)
            except BaseException as error:
                self._end(span, request, watch.end(error=error))
                raise
        self._end(span, request, watch.end(response))
        return response

    def _attributes(self, operation: Operation, model: str) -> dict[str, Any]:
        # The same for every call: made once, and copied by whoever adds to it.
        known = self._shared.get((operation, model))
        if known is None:
            known = self._shared[operation, model] = attributes_of_target(self._target, operation, model)
        return known

    def _start_attempt(
        self, operation: Operation, request: LLMRequest | EmbeddingRequest, ctx: LLMContext
    ) -> trace.Span:
        return self._tracer.start_span(
            f"attempt {request.model}",
            kind=trace.SpanKind.CLIENT,
            attributes={
                **self._attributes(operation, request.model),
                "core_llms.attempt.number": len(ctx.attempts) + 1,
            },
        )

    def _end(self, span: trace.Span, request: LLMRequest | EmbeddingRequest, call: CallRecord) -> None:
        attributes = dict(self._attributes(call.operation, request.model))
        if call.response is not None:
            attributes["gen_ai.response.model"] = call.response.model
        if call.error is not None:
            attributes["error.type"] = call.outcome
        self._metrics.record(call, attributes)
        if span.is_recording():
            span.set_attributes(attributes_of_call(call, newest=self._newest))
            if self._captures and isinstance(call.response, LLMResponse):
                span.set_attribute("gen_ai.output.messages", render_output(call.response))
            if call.error is not None:
                _set_error(span, call.error)
        span.end()


def _captures_by_environment() -> bool:
    return os.environ.get(_CAPTURE, "").strip().lower() in ("true", "1", "span_only", "span_and_event")


def _end_attempt(span: trace.Span, error: BaseException | None = None) -> None:
    if error is None:
        span.set_attribute("http.response.status_code", 200)
    else:
        _set_error(span, error)
    span.end()


def _set_error(span: trace.Span, error: BaseException) -> None:
    facts: Mapping[str, Any] = {"error.type": outcome_of(error)}
    if isinstance(error, APIError) and error.status is not None:
        facts = {**facts, "http.response.status_code": error.status}
    span.set_attributes(facts)
    if outcome_of(error) != "cancelled":
        span.set_status(trace.StatusCode.ERROR, mask_secrets(str(error)))


class _Current:
    """Makes a span the current one for a while; an error passes through without a word on the span."""

    __slots__ = ("_span", "_token")

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def __enter__(self) -> None:
        self._token = otel_context.attach(trace.set_span_in_context(self._span))

    def __exit__(self, *error: object) -> None:
        otel_context.detach(self._token)

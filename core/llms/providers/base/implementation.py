"""What a user calls, the same for every provider. A provider or model overrides the few hooks that differ."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from copy import copy
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self, Unpack

from core.llms.context import LLMContext
from core.llms.errors import InvalidRequestError, UnsupportedCapabilityError
from core.llms.providers.base.answer_stream import AnswerStream
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.exchange import Exchange
from core.llms.providers.base.leases import Lease
from core.llms.providers.base.metadata import BaseMetadata, Capability, as_metadata
from core.llms.providers.base.request_building import RequestBuilder
from core.llms.providers.base.structured import StructuredAnswers, StructuredPlan, plan_answer
from core.llms.runtime.attempts import AttemptsMiddleware, Target
from core.llms.runtime.budget import BudgetMiddleware
from core.llms.runtime.media_checks import MediaLimits
from core.llms.runtime.media_loader import load_media, needs_loading
from core.llms.runtime.middleware import Middleware, compose
from core.llms.runtime.retry import RetryBudget, RetryPolicy
from core.llms.runtime.tool_functions import as_tool
from core.llms.runtime.tool_loop import ToolRun, run_tool_loop
from core.llms.types.content import ImageDetail, ImagePart, Part, TextPart
from core.llms.types.events import StreamEvent
from core.llms.types.message_dicts import MessagesInput
from core.llms.types.messages import Message, SystemMessage, UserMessage
from core.llms.types.options import AnswerOptions, OnUnsupported, ToolInput, ToolRunOptions
from core.llms.types.prices import Prices
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo, TokenCount
from core.llms.types.tools import ResponseFormat
from core.llms.wires.base import Wire

_MEDIA_SECONDS = 30.0


class BaseLLM:
    """One model of one provider. Safe for any number of calls at once; use it as `async with`, or `aclose()` it.

    `model` replaces the metadata's `MODEL_ID` on the wire. `defaults` are parameters of a configuration: one that the
    model refuses is left out with a warning. `prices` replaces the metadata's. `lease` is the share in a connector
    that a factory took; a connector given without one stays the caller's to close.
    """

    PROVIDER: ClassVar[str] = ""
    MEDIA_LIMITS: ClassVar[MediaLimits] = MediaLimits()

    def __init__(
        self,
        connector: BaseConnector,
        metadata: type,
        *,
        wire: Wire | str | None = None,
        model: str | None = None,
        retry: RetryPolicy | None = None,
        middleware: Sequence[Middleware] = (),
        defaults: Mapping[str, Any] | None = None,
        on_unsupported: OnUnsupported = "error",
        prices: Prices | None = None,
        lease: Lease[Any] | None = None,
    ) -> None:
        self.connector = connector
        self.metadata: type[BaseMetadata] = as_metadata(metadata)
        self.model: str = model or self.metadata.MODEL_ID
        self._lease = lease
        self.prices: Prices | None = prices or self.metadata.PRICES
        self.wire: Wire = wire if not isinstance(wire, str | None) else self._create_wire(wire or self.metadata.WIRE)
        self._exchange = Exchange(connector, self.wire, self.PROVIDER)
        self._builder = RequestBuilder(self.model, self.metadata, defaults or {}, on_unsupported)
        retry_budget = connector.state.setdefault(("retry_budget", self.model), RetryBudget())
        self._attempts = AttemptsMiddleware(
            Target(self.PROVIDER, self.model, self.prices, retry_budget), retry or RetryPolicy()
        )
        self._budget = BudgetMiddleware(self.prices, self.metadata.MAX_TOKENS)
        self._compose(middleware)

    def _compose(self, middleware: Sequence[Middleware]) -> None:
        self._middleware = tuple(middleware)
        layers = (*self._middleware, self._budget, self._attempts)
        self._call, self._stream = compose(layers, self._exchange.answer, self._exchange.stream)

    def _create_wire(self, name: str | None) -> Wire:
        """Make the wire of this provider; `name` chooses where it has several."""
        raise InvalidRequestError(f"{type(self).__name__} has no wire; pass `wire=`")

    def _transform_parameters(self, params: dict[str, Any]) -> dict[str, Any]:
        """Rewrite checked parameters for this model; by default `WIRE_NAMES` of its metadata."""
        renames = self.metadata.WIRE_NAMES
        return {renames.get(name, name): value for name, value in params.items()} if renames else params

    async def get_answer(
        self, messages: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[AnswerOptions]
    ) -> LLMResponse:
        """Answer a conversation.

        `messages` is a string, a message, or a list of dicts (`{"role": …, "content": …}`) and typed messages.
        Raises `InvalidRequestError` before anything is sent, `APIError`, `TransportError`, `LLMTimeoutError`,
        `ProtocolError`, `BudgetExceededError`, and `OutputValidationError` where `response_model` does not fit.
        """
        call = self._begin(ctx)
        typed = await self._load(messages, options, call)
        plan = plan_answer(options, self.metadata, as_tool)
        request = self._build(typed, options, plan)
        if plan.output is None:
            return await self._call(request, call)
        return await StructuredAnswers(self._call, plan, options.get("output_retries", 1)).answer(request, call)

    def stream_answer(
        self, messages: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[AnswerOptions]
    ) -> AnswerStream:
        """Answer a conversation as events. Raises as `get_answer`; a cut is a `StreamInterruptedError`."""
        return AnswerStream(self._stream_events(messages, ctx, options))

    async def _stream_events(
        self, messages: MessagesInput, ctx: LLMContext | None, options: AnswerOptions
    ) -> AsyncGenerator[StreamEvent, None]:
        call = self._begin(ctx)
        typed = await self._load(messages, options, call)
        plan = plan_answer(options, self.metadata, as_tool)
        request = self._build(typed, options, plan, stream=True)
        events = self._stream(request, call)
        try:
            async for event in events:
                yield event if plan.output is None else plan.parse_event(event)
        finally:
            await events.aclose()

    async def generate_with_vision(
        self,
        prompt: str,
        images: Sequence[str | Path | bytes | ImagePart] | str | Path | bytes | ImagePart,
        context: LLMContext | None = None,
        *,
        system: str | None = None,
        detail: ImageDetail | None = None,
        **options: Unpack[AnswerOptions],
    ) -> LLMResponse:
        """Answer a prompt about images: addresses, data URLs, paths or bytes, one or several.

        Raises `UnsupportedCapabilityError` for a model without vision and `MediaError` for a file that is missing, too
        large or no image, before anything is sent.
        """
        several = images if isinstance(images, list | tuple) else (images,)
        if not several:
            raise InvalidRequestError("`images` is empty; give at least one", provider=self.PROVIDER, model=self.model)
        if self.metadata.supports(Capability.VISION) is False:
            raise UnsupportedCapabilityError(
                "the model does not take images; choose one whose capabilities include 'vision'",
                provider=self.PROVIDER,
                model=self.model,
            )
        parts: list[Part] = [TextPart(prompt), *(ImagePart.of(image, detail) for image in several)]
        messages: list[Message] = [UserMessage(parts)]
        if system is not None:
            messages.insert(0, SystemMessage(system))
        return await self.get_answer(messages, context, **options)

    async def run_tools(
        self,
        messages: MessagesInput,
        ctx: LLMContext | None = None,
        *,
        tools: Sequence[ToolInput],
        max_rounds: int = 8,
        max_parallel: int = 8,
        tool_timeout_seconds: float = 60.0,
        **options: Unpack[ToolRunOptions],
    ) -> ToolRun:
        """Answer a conversation, calling the tools the model asks for until it answers.

        Calls of one round run at once, `max_parallel` of them; a failing tool is reported to the model. A forced
        `tool_choice` holds for the first round. Raises `ToolRoundsExceededError` after `max_rounds`.
        """
        context = ctx or LLMContext()
        known = [as_tool(tool) for tool in tools]

        async def answer(conversation: tuple[Message, ...], round_index: int) -> LLMResponse:
            again: AnswerOptions = {**options, "tools": known}
            if round_index and again.get("tool_choice") not in (None, "none"):
                again["tool_choice"] = "auto"
            return await self.get_answer(conversation, context, **again)

        return await run_tool_loop(
            answer,
            await self._load(messages, options, context),
            known,
            context,
            max_rounds=max_rounds,
            max_parallel=max_parallel,
            tool_timeout_seconds=tool_timeout_seconds,
        )

    async def embed(
        self,
        texts: str | Sequence[str],
        ctx: LLMContext | None = None,
        *,
        dimensions: int | None = None,
        input_type: str | None = None,
        provider_options: Mapping[str, Any] | None = None,
    ) -> EmbeddingResponse:
        """Turn texts into vectors, in their order. Raises as `get_answer`."""
        several = (texts,) if isinstance(texts, str) else tuple(texts)
        if not several or not all(isinstance(text, str) and text for text in several):
            raise InvalidRequestError(
                "`texts` must be one or more strings, none of them empty", provider=self.PROVIDER, model=self.model
            )
        if self.metadata.supports(Capability.EMBEDDINGS) is False:
            raise UnsupportedCapabilityError(
                "the model does not make embeddings", provider=self.PROVIDER, model=self.model
            )
        request = EmbeddingRequest(self.model, several, dimensions, input_type, provider_options or {})

        async def attempt(request: EmbeddingRequest, call: LLMContext) -> EmbeddingResponse:
            return await self._attempts.call(request, call, self._exchange.embed)

        return await self._budget.call(request, self._begin(ctx), attempt)

    async def list_models(self, ctx: LLMContext | None = None) -> list[ModelInfo]:
        """Return the models that the vendor offers to this credential."""
        call = self._begin(ctx)
        rendered = self.wire.render_models()
        return await self._attempts.repeat(lambda: self._exchange.fetch(rendered, call, self.wire.parse_models), call)

    async def count_tokens(
        self,
        messages: MessagesInput,
        ctx: LLMContext | None = None,
        *,
        tools: Sequence[ToolInput] | None = None,
        response_format: ResponseFormat | None = None,
        exact: bool = False,
    ) -> TokenCount:
        """Count a prompt's tokens, offline; with `exact` by the vendor's own endpoint where it has one."""
        typed = await self._load(messages, {}, ctx or LLMContext())
        options: AnswerOptions = {"tools": tools, "response_format": response_format}
        plan = plan_answer(options, self.metadata, as_tool)
        if exact:
            return await self._count_exactly(self._build(typed, options, plan), self._begin(ctx))
        return await self._count_locally(self._build(typed, options, plan))

    async def _count_locally(self, request: LLMRequest) -> TokenCount:
        """Count without the vendor; a provider whose tokenizer is public overrides this."""
        raise UnsupportedCapabilityError(
            "this provider's tokens cannot be counted offline; use exact=True", provider=self.PROVIDER
        )

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        """Count by the vendor's endpoint; a provider that has one overrides this."""
        raise UnsupportedCapabilityError(
            "this provider has no endpoint that counts tokens; leave exact out", provider=self.PROVIDER
        )

    def with_middleware(self, *middleware: Middleware) -> Self:
        """Return a new LLM over the same connector with more middleware, the first outermost."""
        clone = copy(self)
        clone._lease = None if self._lease is None else self._lease.renew()
        clone._compose((*middleware, *self._middleware))
        return clone

    def _begin(self, ctx: LLMContext | None) -> LLMContext:
        return (ctx or LLMContext()).for_call(self.connector.timeouts.total)

    async def _load(self, messages: MessagesInput, options: ToolRunOptions, ctx: LLMContext) -> tuple[Message, ...]:
        typed = self._builder.parse_messages(messages)
        fetch_remote = options.get("fetch_remote_media", False)
        if not needs_loading(typed, fetch_remote):
            return typed
        seconds = min(_MEDIA_SECONDS, ctx.remaining_seconds)
        return await load_media(typed, fetch_remote=fetch_remote, limits=self.MEDIA_LIMITS, timeout_seconds=seconds)

    def _build(
        self, messages: tuple[Message, ...], options: AnswerOptions, plan: StructuredPlan, *, stream: bool = False
    ) -> LLMRequest:
        return self._builder.build(
            messages,
            plan.options,
            self._transform_parameters,
            tools=plan.tools,
            response_format=plan.response_format,
            stream=stream,
        )

    async def aclose(self) -> None:
        """Give the connector back; the last LLM that shares it closes it. The caller's own connector stays open."""
        if self._lease is not None:
            await self._lease.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(model={self.model!r}, connector={self.connector!r})"

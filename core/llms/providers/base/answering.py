"""Asking a model and getting its answer, whole or as a stream: the centre of `BaseLLM`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError, InvalidRequestError, LLMError
from core.llms.providers.base.answer_stream import AnswerStream, Outcome
from core.llms.providers.base.api_versions import ApiVersions
from core.llms.providers.base.auth import NoAuth, fingerprint_account
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credential_forms import CredentialForm
from core.llms.providers.base.exchange import Exchange
from core.llms.providers.base.leases import Lease
from core.llms.providers.base.metadata import BaseMetadata, as_metadata
from core.llms.providers.base.request_building import RequestBuilder
from core.llms.providers.base.structured import StructuredAnswers, StructuredPlan, parse_at_the_end, plan_answer
from core.llms.runtime.attempts import AttemptsMiddleware
from core.llms.runtime.budget import BudgetMiddleware
from core.llms.runtime.middleware import CallNext, EmbedNext, Middleware, StreamNext, compose
from core.llms.runtime.retry import RetryPolicy
from core.llms.runtime.retry_budget import RetryBudget
from core.llms.runtime.target import Target
from core.llms.types.events import StreamEvent, StreamFinished
from core.llms.types.message_dicts import MessagesInput
from core.llms.types.messages import Message, hold_text_alone
from core.llms.types.options import AnswerOptions, OnUnsupported, ToolRunOptions
from core.llms.types.prices import Prices
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.base import Wire

if TYPE_CHECKING:
    from core.llms.runtime.media_checks import MediaLimits

_MEDIA_SECONDS = 30.0


class AnsweringLLM:
    """One model of one provider. Safe for any number of calls at once; use it as `async with`, or `aclose()` it.

    `model` replaces the metadata's `MODEL_ID` on the wire. `defaults` are parameters of a configuration: one that the
    model refuses is left out with a warning. `prices` replaces the metadata's. `lease` is the share in a connector
    that a factory took; a connector given without one stays the caller's to close.

    A provider's class sets `WIRES`: what `wire=` takes, with the full name of each, the usual one first;
    `API_VERSIONS`, where its factory takes an `api_version`; and `CREDENTIAL_FORMS`, where a credential is more than a
    key.
    """

    PROVIDER: ClassVar[str] = ""
    DISPLAY_NAME: ClassVar[str] = ""
    TELEMETRY_NAME: ClassVar[str] = ""
    WIRES: ClassVar[Mapping[str, str]] = {}
    API_VERSIONS: ClassVar[ApiVersions | None] = None
    CREDENTIAL_FORMS: ClassVar[tuple[CredentialForm, ...]] = ()
    MEDIA_LIMITS: ClassVar[MediaLimits | None] = None

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
        self.metadata: type[BaseMetadata] = as_metadata(metadata, self.PROVIDER)
        self.model: str = model or self._default_model()
        self._lease = lease
        self._closed = False
        self.prices: Prices | None = prices or self.metadata.PRICES
        self.wire: Wire = wire if not isinstance(wire, str | None) else self._choose_wire(wire or self.metadata.WIRE)
        self._exchange = Exchange(connector, self.wire, self.PROVIDER)
        self._builder = RequestBuilder(self.model, self.metadata, self.wire, defaults or {}, on_unsupported)
        self.target: Target = Target(
            self.PROVIDER,
            self.model,
            self.prices,
            connector.state.setdefault(("retry_budget", self.model), RetryBudget()),
            connector.base_url,
            fingerprint_account(connector.base_url, connector.auth),
            self.metadata.MAX_TOKENS,
            self._telemetry_name(),
            wire=self.wire.name,
        )
        self._retry = retry or RetryPolicy()
        self._inner: tuple[Middleware, ...] = ()
        self._compose(middleware)

    @classmethod
    def unconnected(cls, metadata: type, *, wire: str | None = None, **settings: Any) -> Self:
        """Make an LLM that reaches nothing, to ask what it would send: see `render_answer`."""
        return cls(metadata=metadata, wire=wire, **{**cls.unconnected_arguments(settings), **settings})

    @classmethod
    def unconnected_arguments(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return what stands for a connection, and for where it leads, where a factory has these arguments."""
        return {"connector": BaseConnector(base_url="http://localhost", auth=NoAuth())}

    def _compose(self, middleware: Sequence[Middleware]) -> None:
        self._middleware = tuple(middleware)
        self._attempts = AttemptsMiddleware(self.target, self._retry)
        bound = [layer.bind(self.target) for layer in self._middleware]
        layers = (*bound, *self._inner, BudgetMiddleware(self.target), self._attempts)
        exchange = self._exchange
        self._call: CallNext = compose(layers, "call", compose(bound, "attempt", exchange.answer))
        self._stream: StreamNext = compose(layers, "stream", compose(bound, "attempt_stream", exchange.stream))
        self._embed: EmbedNext = compose(layers, "embed", compose(bound, "attempt", exchange.embed))

    def _telemetry_name(self) -> str:
        """Return the name that OpenTelemetry's conventions for generative AI have for the vendor."""
        return self.TELEMETRY_NAME or self.PROVIDER

    def _default_model(self) -> str:
        """Say what goes on the wire as `model` where the caller does not."""
        return self.metadata.MODEL_ID

    @classmethod
    def wires(cls) -> Mapping[str, str]:
        """Return the names that `wire=` takes, each with the wire's full name, the usual one first."""
        return cls.WIRES

    def _choose_wire(self, name: str | None) -> Wire:
        known = self.wires()
        short = next((short for short, full in known.items() if name in (short, full)), name)
        if known and short is not None and short not in known:
            raise ConfigurationError(f"`wire` must be {' or '.join(known)}, not {name!r}", provider=self.PROVIDER)
        return self._create_wire(short)

    def _create_wire(self, name: str | None) -> Wire:
        """Make the wire of this provider; `name` is one of `wires()`, or None for the usual one."""
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
        return await self.answer_within(call, await self._load(messages, options, call), options)

    async def answer_within(
        self, call: LLMContext, messages: tuple[Message, ...], options: AnswerOptions
    ) -> LLMResponse:
        """Answer typed messages, whose media is loaded, within a call that has begun: its deadline, its record."""
        call.options = options
        try:
            plan = plan_answer(options, self.metadata)
            request = self._build(messages, options, plan)
        except InvalidRequestError as refusal:
            return await self._answer_elsewhere(call, messages, options, refusal)
        if plan.output is None:
            return await self._call(request, call)
        return await StructuredAnswers(self._call, plan, options.get("output_retries", 1)).answer(request, call)

    def stream_answer(
        self, messages: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[AnswerOptions]
    ) -> AnswerStream:
        """Answer a conversation as events. Raises as `get_answer`; a cut is a `StreamInterruptedError`."""
        outcome = Outcome()
        return AnswerStream(self._stream_events(messages, ctx, options, outcome), outcome)

    async def _stream_events(
        self, messages: MessagesInput, ctx: LLMContext | None, options: AnswerOptions, outcome: Outcome
    ) -> AsyncGenerator[StreamEvent, None]:
        call = self._begin(ctx)
        events = self.stream_within(call, await self._load(messages, options, call), options)
        try:
            async for event in events:
                if type(event) is StreamFinished:
                    outcome.response = event.response
                yield event
        finally:
            await events.aclose()

    def stream_within(
        self, call: LLMContext, messages: tuple[Message, ...], options: AnswerOptions
    ) -> AsyncGenerator[StreamEvent, None]:
        """Stream an answer to typed messages, whose media is loaded, within a call that has begun."""
        call.options = options
        try:
            plan = plan_answer(options, self.metadata)
            request = self._build(messages, options, plan, stream=True)
        except InvalidRequestError as refusal:
            return self._stream_elsewhere(call, messages, options, refusal)
        events = self._stream(request, call)
        return events if plan.output is None else parse_at_the_end(events, plan)

    def with_middleware(self, *middleware: Middleware, alias: str | None = None) -> Self:
        """Return a new LLM over the same connector with more middleware, the first outermost.

        `alias` is what its middleware calls it, in statistics say.
        """
        clone = copy(self)
        clone._lease = None if self._lease is None else self._lease.renew()
        if alias is not None:
            clone.target = replace(self.target, alias=alias)
        clone._inner = self._renew_inner(middleware)
        clone._compose((*middleware, *self._middleware))
        return clone

    def _renew_inner(self, middleware: Sequence[Middleware]) -> tuple[Middleware, ...]:
        """Return the layers between the middleware and the budget for a clone with more middleware."""
        return self._inner

    async def _answer_elsewhere(
        self, call: LLMContext, messages: tuple[Message, ...], options: AnswerOptions, refusal: InvalidRequestError
    ) -> LLMResponse:
        """Answer what this LLM refuses by another one; there is none unless a route has one."""
        raise refusal

    def _stream_elsewhere(
        self, call: LLMContext, messages: tuple[Message, ...], options: AnswerOptions, refusal: InvalidRequestError
    ) -> AsyncGenerator[StreamEvent, None]:
        """Stream what this LLM refuses from another one."""
        raise refusal

    def _begin(self, ctx: LLMContext | None) -> LLMContext:
        if self._closed:
            raise ConfigurationError("this LLM was closed; create another", provider=self.PROVIDER, model=self.model)
        if ctx is None:
            return LLMContext.of_one_call(self.connector.timeouts.total)
        if not isinstance(ctx, LLMContext):
            raise self._refusal(f"`ctx` must be an LLMContext, not {type(ctx).__name__}")
        return ctx.for_call(self.connector.timeouts.total)

    def _refusal(self, problem: str) -> InvalidRequestError:
        return InvalidRequestError(problem, provider=self.PROVIDER, model=self.model)

    async def _load(self, messages: MessagesInput, options: ToolRunOptions, ctx: LLMContext) -> tuple[Message, ...]:
        typed = self._builder.parse_messages(messages)
        if hold_text_alone(typed):
            return typed
        from core.llms.runtime.media_checks import MediaLimits
        from core.llms.runtime.media_loader import load_media, needs_loading

        fetch_remote = options.get("fetch_remote_media", False)
        if not needs_loading(typed, fetch_remote):
            return typed
        limits = self.MEDIA_LIMITS or MediaLimits()
        seconds = min(_MEDIA_SECONDS, ctx.remaining_seconds)
        try:
            return await load_media(typed, fetch_remote=fetch_remote, limits=limits, timeout_seconds=seconds)
        except LLMError as error:
            error.provider, error.model = self.PROVIDER, self.model
            raise

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
        self._closed = True
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

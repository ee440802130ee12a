"""`AsyncModelHandler` and `ModelHandler`: ask any model by its alias, and the handler does the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from math import inf
from typing import Any, Unpack

from core.llms.callers import BaseCaller, BlockingAnswerStream, CallOptions
from core.llms.configs import CONFIG_REGISTRY, BaseModelConfig, ConfigRegistry
from core.llms.configs.base.registry import unknown_alias
from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError, DeadlineExceededError
from core.llms.handlers.caller_pool import CallerPool
from core.llms.handlers.options import HandlerArguments, read_arguments
from core.llms.handlers.own_calls import call_in_thread, has_call_of_its_own
from core.llms.providers.base.answer_stream import AnswerStream, Outcome
from core.llms.runtime.blocking import run_blocking
from core.llms.runtime.closing import AsyncClosing, Closing
from core.llms.runtime.monitoring.statistics import AliasStatistics
from core.llms.types.events import StreamEvent
from core.llms.types.message_dicts import MessagesInput
from core.llms.types.response import LLMResponse


class AsyncModelHandler(AsyncClosing):
    """Finds the configuration of an alias, makes its caller once, and calls the model.

    `registry` is `CONFIG_REGISTRY`, another `ConfigRegistry`, or any mapping of alias to configuration class; the other
    arguments are those of `HandlerArguments`. Safe for any number of calls at once, in any number of threads; use it as
    `async with`, or `aclose()` it.
    """

    def __init__(
        self, registry: Mapping[str, type[BaseModelConfig]] | None = None, **arguments: Unpack[HandlerArguments]
    ) -> None:
        """Raises `ConfigurationError` for arguments that do not fit."""
        self.registry: Mapping[str, type[BaseModelConfig]] = CONFIG_REGISTRY if registry is None else registry
        self.options = read_arguments(arguments)
        self._pool = CallerPool(self.options)

    async def get_response(
        self, alias: str, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> str:
        """Answer a prompt, or messages, and return the text; the refusal where the model said nothing else.

        Raises `ConfigurationError`, a `ValueError`, for an alias that is not known or is wrongly configured, and as
        `BaseLLM.get_answer` does.
        """
        async with self._pool.lease(self._find_here(alias) or await self._find_all(alias, ctx)) as caller:
            if has_call_of_its_own(caller):
                return await call_in_thread(caller, prompt, ctx, options)
            text: str = await caller.acall_llm(prompt, ctx, **options)
            return text

    async def get_full_response(
        self, alias: str, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> LLMResponse:
        """Answer with all there is: tool calls, usage, cost, why the answer ended. Raises as `get_response` does."""
        async with self._pool.lease(self._find_here(alias) or await self._find_all(alias, ctx)) as caller:
            return await _whole(caller).acomplete(prompt, ctx, **options)

    def stream_response(
        self, alias: str, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> AnswerStream:
        """Answer as a stream of events; `text_deltas()` of it gives the text alone.

        Raises as `get_response` does, when the first event is asked for; a cut is a `StreamInterruptedError`.
        """
        outcome = Outcome()
        return AnswerStream(self._stream_events(alias, prompt, ctx, options, outcome), outcome)

    async def _stream_events(
        self, alias: str, prompt: MessagesInput, ctx: LLMContext | None, options: CallOptions, outcome: Outcome
    ) -> AsyncGenerator[StreamEvent, None]:
        async with (
            self._pool.lease(self._find_here(alias) or await self._find_all(alias, ctx)) as caller,
            _whole(caller).astream(prompt, ctx, **options) as stream,
        ):
            async for event in stream:
                yield event
            outcome.response = stream.response

    async def list_available_models(self) -> list[str]:
        """Return every alias, those of the registry's sources included."""
        aliases = dict.fromkeys(self.registry)
        for source in self._sources():
            aliases.update(dict.fromkeys(await source.list_aliases()))
        return list(aliases)

    async def prepare(self, alias: str) -> None:
        """Make the alias's caller now rather than at its first call. Raises `ConfigurationError`; nothing is sent."""
        self._pool.ensure(self._find_here(alias) or await self._find_all(alias))

    def stats(self) -> dict[str, AliasStatistics]:
        """Return how the calls of each alias went: counts, latencies, tokens, cost."""
        return self.options.statistics.snapshot()

    def _sources(self) -> Sequence[Any]:
        return self.registry.sources if isinstance(self.registry, ConfigRegistry) else ()

    def _find_here(self, alias: str) -> dict[str, type[BaseModelConfig]] | None:
        """Return the configurations of an alias and of those that stand in for it, in their order.

        None where sources have to be asked.
        """
        if self._sources():
            return None
        config = self._find_registered(alias)
        configs = {alias: config}
        for name in self.options.others_of(alias, config):
            configs[name] = self._find_registered(name, of=alias)
        return configs

    async def _find_all(self, alias: str, ctx: LLMContext | None = None) -> dict[str, type[BaseModelConfig]]:
        """Return the same, asking the sources first."""
        timer = asyncio.timeout(_seconds_for_sources(ctx))
        try:
            async with timer:
                config = await self._find(alias)
                configs = {alias: config}
                for name in self.options.others_of(alias, config):
                    configs[name] = await self._find(name, of=alias)
                return configs
        except TimeoutError as error:
            if not timer.expired():
                raise  # the source's own
            raise DeadlineExceededError(f"no source told of alias {alias!r} in time", phase="total") from error

    async def _find(self, alias: str, of: str | None = None) -> type[BaseModelConfig]:
        for source in self._sources():
            config: type[BaseModelConfig] | None = await source.find_config(alias)
            if config is not None:
                return config
        known = None if alias in self.registry else await self.list_available_models()
        return self._find_registered(alias, known, of)

    def _find_registered(
        self, alias: str, known: Iterable[str] | None = None, of: str | None = None
    ) -> type[BaseModelConfig]:
        config = self.registry.get(alias)
        if config is None:
            self._pool.forget(alias)
            error = unknown_alias(alias, self.registry if known is None else known)
            if of is not None:
                error.message = f"`fallback` of {of!r}: {error.message}"
            raise error
        return config

    def _prepare_here(self, alias: str) -> None:
        """Make the caller in this thread, so that a warning points at the user's line that asks for the model."""
        configs = self._find_here(alias)
        if configs is not None:
            self._pool.ensure(configs)

    async def aclose(self) -> None:
        """Close the callers, each when its last call has ended. No call begins any more."""
        await self._pool.aclose()


class ModelHandler(Closing):
    """`AsyncModelHandler` for code that is not asynchronous; its calls may be made where a loop is running, too.

    All handlers of a process work in one background thread. Use it as `with`, or `close()` it; one that is left open is
    closed at the interpreter's end.
    """

    def __init__(
        self, registry: Mapping[str, type[BaseModelConfig]] | None = None, **arguments: Unpack[HandlerArguments]
    ) -> None:
        """Takes the arguments of `AsyncModelHandler`."""
        self._handler = AsyncModelHandler(registry, **arguments)

    def get_response(
        self, alias: str, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> str:
        """Answer a prompt, or messages, and return the text. Raises as `AsyncModelHandler.get_response` does."""
        self._handler._prepare_here(alias)
        return run_blocking(self._handler.get_response(alias, prompt, ctx, **options))

    def get_full_response(
        self, alias: str, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> LLMResponse:
        """Answer with all there is: tool calls, usage, cost, why the answer ended. Raises as `get_response` does."""
        self._handler._prepare_here(alias)
        return run_blocking(self._handler.get_full_response(alias, prompt, ctx, **options))

    def stream_response(
        self, alias: str, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> BlockingAnswerStream:
        """Answer as a stream for a `for` loop; `text_deltas()` of it gives the text alone.

        Raises as `get_response` does, `ConfigurationError` at once where no source has to be asked.
        """
        self._handler._prepare_here(alias)
        return BlockingAnswerStream(lambda: self._handler.stream_response(alias, prompt, ctx, **options))

    def stats(self) -> dict[str, AliasStatistics]:
        """Return how the calls of each alias went: counts, latencies, tokens, cost."""
        return self._handler.stats()

    def list_available_models(self) -> list[str]:
        """Return every alias, those of the registry's sources included."""
        return (
            run_blocking(self._handler.list_available_models())
            if self._handler._sources()
            else list(self._handler.registry)
        )

    def close(self) -> None:
        """Close the callers, each when its last call has ended. No call begins any more."""
        run_blocking(self._handler.aclose())


def _seconds_for_sources(ctx: LLMContext | None) -> float | None:
    if ctx is None:
        return None
    seconds = ctx.remaining_seconds if ctx.timeout_seconds is None else min(ctx.timeout_seconds, ctx.remaining_seconds)
    return None if seconds == inf else seconds


def _whole(caller: Any) -> BaseCaller:
    if not isinstance(caller, BaseCaller):
        raise ConfigurationError(
            f"{type(caller).__name__} gives texts alone; derive it from BaseCaller for whole responses and streams"
        )
    return caller

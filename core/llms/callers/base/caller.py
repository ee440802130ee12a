"""`BaseCaller`: calls one model as one configuration says. A provider's caller names the provider, and no more."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from copy import copy
from typing import Any, ClassVar, Self, Unpack, cast

from core.llms.callers.base.blocking_stream import BlockingAnswerStream
from core.llms.callers.base.params import CallerParams, CallOptions, read_params
from core.llms.callers.base.prompts import add_system_message, text_of
from core.llms.context import LLMContext
from core.llms.create import find_factory
from core.llms.errors import ConfigurationError
from core.llms.providers.base.answer_stream import AnswerStream
from core.llms.providers.base.implementation import BaseLLM
from core.llms.runtime.blocking import run_blocking
from core.llms.runtime.closing import AsyncClosing, Closing
from core.llms.runtime.middleware import Middleware
from core.llms.types.message_dicts import MessagesInput
from core.llms.types.options import AnswerOptions
from core.llms.types.response import LLMResponse


class BaseCaller(AsyncClosing, Closing):
    """Calls a model with the parameters that a configuration's `get_params()` gives.

    `params` are the model's name, parameters of every call (one that the model refuses is left out with a warning),
    `system_message`, `stream`, `api_key` (None: the provider's own variables), and arguments of the provider's
    factory. Methods that begin with `a` are asynchronous, the others wait, and may be called where a loop is running.
    Safe for any number of calls at once; use it as `async with` or `with`, or close it.

    Raises `ConfigurationError`, which names the field, the problem and the fix, and `MissingCredentialError`.
    """

    PROVIDER: ClassVar[str] = ""

    def __init__(self, params: Mapping[str, Any]) -> None:
        if not self.PROVIDER:
            raise ConfigurationError(f"{type(self).__name__} names no `PROVIDER`")
        factory = find_factory(self.PROVIDER)
        self.params: CallerParams = read_params(self.PROVIDER, factory, params)
        defaults = {**self.params.defaults, "provider_options": self.params.provider_options}
        self.llm: BaseLLM = factory(self.params.model, **self.params.settings, defaults=defaults)

    def _prepare(self, prompt: MessagesInput, options: CallOptions) -> tuple[MessagesInput, AnswerOptions]:
        given: dict[str, Any] = {**self.params.options, **options}
        system_message = given.pop("system_message", None)
        messages = add_system_message(prompt, self.params.system_message if system_message is None else system_message)
        return messages, cast("AnswerOptions", given)

    async def acomplete(
        self, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> LLMResponse:
        """Answer a prompt, or messages, and return the whole response. Raises as `BaseLLM.get_answer` does.

        With the parameter `stream` the answer is read as a stream, so that its timeouts hold between events.
        """
        messages, given = self._prepare(prompt, options)
        if not self.params.stream:
            return await self.llm.get_answer(messages, ctx, **given)
        async with self.llm.stream_answer(messages, ctx, **given) as stream:
            return await stream.get_response()

    def astream(
        self, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> AnswerStream:
        """Answer as a stream of events. Raises as `BaseLLM.stream_answer` does."""
        messages, given = self._prepare(prompt, options)
        return self.llm.stream_answer(messages, ctx, **given)

    async def acall_llm(
        self, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> str:
        """Answer a prompt, or messages, and return the text; the refusal where the model said nothing else."""
        return text_of(await self.acomplete(prompt, ctx, **options))

    async def astream_llm(
        self, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> AsyncGenerator[str, None]:
        """Answer a prompt, or messages, as pieces of text."""
        async with self.astream(prompt, ctx, **options) as stream:
            async for text in stream.text_deltas():
                yield text

    def complete(
        self, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> LLMResponse:
        """Do as `acomplete` does, and wait for it."""
        return run_blocking(self.acomplete(prompt, ctx, **options))

    def stream(
        self, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> BlockingAnswerStream:
        """Do as `astream` does, for a `for` loop."""
        return BlockingAnswerStream(lambda: self.astream(prompt, ctx, **options))

    def call_llm(self, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]) -> str:
        """Do as `acall_llm` does, and wait for it."""
        return run_blocking(self.acall_llm(prompt, ctx, **options))

    def stream_llm(
        self, prompt: MessagesInput, ctx: LLMContext | None = None, **options: Unpack[CallOptions]
    ) -> Iterator[str]:
        """Do as `astream_llm` does, for a `for` loop."""
        with self.stream(prompt, ctx, **options) as stream:
            yield from stream.text_deltas()

    def with_middleware(self, *middleware: Middleware) -> Self:
        """Return a new caller over the same connector with more middleware, the first outermost."""
        clone = copy(self)
        clone.llm = self.llm.with_middleware(*middleware)
        return clone

    async def aclose(self) -> None:
        """Close the LLM; what shares its connector goes on."""
        await self.llm.aclose()

    def close(self) -> None:
        """Do as `aclose` does, and wait for it."""
        run_blocking(self.aclose())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.params!r})"

"""Middleware of your own: one that masks e-mail addresses on their way out, one that times every call."""

import asyncio
import re
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import LLMContext, LLMRequest, LLMResponse, Middleware, UserMessage, create_llm
from core.llms.runtime.middleware import CallNext, EventStream, StreamNext

ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")


class MaskAddresses(Middleware):
    """Changes the request, for calls and for streams."""

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        return await call_next(self.mask(request), ctx)

    def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        return stream_next(self.mask(request), ctx)

    def mask(self, request: LLMRequest) -> LLMRequest:
        masked = (
            replace(message, content=ADDRESS.sub("<address>", message.content))
            if isinstance(message, UserMessage) and isinstance(message.content, str)
            else message
            for message in request.messages
        )
        return replace(request, messages=tuple(masked))


class TimeStreams(Middleware):
    """Watches a stream. `aclosing` closes what it wraps when the reader leaves early."""

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        begin, count = perf_counter(), 0
        async with aclosing(stream_next(request, ctx)) as events:
            async for event in events:
                count += 1
                yield event
        print(f"  [{count} events in {perf_counter() - begin:.3f} s]")


async def main(model: str) -> None:
    async with create_llm(model, middleware=[TimeStreams(), MaskAddresses()]) as llm:
        print((await llm.get_answer("Repeat: ada@example.com", max_tokens=50)).text)
        print((await llm.stream_answer("Repeat: bob@example.com", max_tokens=50).get_response()).text)


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))

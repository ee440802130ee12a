"""The hooks of a middleware: where each stands around a call, its attempts, a stream and embeddings."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

from tenacity import wait_none

from core.llms import EventStream, LLMContext, LLMRequest, Middleware, RetryPolicy, StreamNext, Target
from core.llms.providers.openai import create_openai_llm
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, raw_server


class Tracing(Middleware):
    """Notes each hook as it begins, with the status that the vendor's headers came with."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.targets: list[Target] = []

    def bind(self, target: Target) -> Middleware:
        self.targets.append(target)
        return self

    async def call(self, request: Any, ctx: LLMContext, call_next: Any) -> Any:
        self.log.append("call")
        return await call_next(request, ctx)

    async def embed(self, request: Any, ctx: LLMContext, embed_next: Any) -> Any:
        self.log.append("embed")
        return await embed_next(request, ctx)

    async def attempt(self, request: Any, ctx: LLMContext, attempt_next: Any) -> Any:
        self.log.append("attempt")
        try:
            return await attempt_next(request, ctx)
        finally:
            assert ctx.response_headers is not None
            self.log.append(f"header {ctx.response_headers['x-number']}")

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        self.log.append("stream")
        async with aclosing(stream_next(request, ctx)) as events:
            async for event in events:
                yield event

    async def attempt_stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        self.log.append("attempt stream")
        async with aclosing(stream_next(request, ctx)) as events:
            async for event in events:
                yield event


async def serve(exchange: Exchange) -> None:
    """Fail every odd request, answer every even one as asked."""
    number = f"x-number: {exchange.number}"
    asked = json.loads(exchange.body)
    if exchange.number % 2:
        await exchange.answer(b'{"error": {"message": "no"}}', "503 X", "application/json", number)
    elif "input" in asked:
        vectors = {"data": [{"index": 0, "embedding": [1.0]}], "model": "e", "usage": {"prompt_tokens": 1}}
        await exchange.answer(json.dumps(vectors).encode(), "200 OK", "application/json", number)
    elif asked.get("stream"):
        await exchange.answer(b"".join(stream("Hello")), "200 OK", "text/event-stream", number)
    else:
        await exchange.answer(completion(), "200 OK", "application/json", number)


async def test_hooks_stand_around_the_call_and_around_each_attempt() -> None:
    tracing = Tracing()
    options: dict[str, Any] = {"api_key": "k", "middleware": [tracing], "retry": RetryPolicy(wait=wait_none())}
    async with raw_server(serve) as server:
        async with create_openai_llm("gpt-4.1-mini", base_url=server.url, **options) as llm:
            await llm.get_answer("Hi")
            await llm.stream_answer("Hi").get_response()
        model = "text-embedding-3-small"
        async with create_openai_llm(model, base_url=server.url, **options) as llm:
            await llm.embed("Hi")
    whole = ["call", "attempt", "header 1", "attempt", "header 2"]
    streamed = ["stream", "attempt stream", "attempt stream"]
    assert tracing.log == [*whole, *streamed, "embed", "attempt", "header 5", "attempt", "header 6"]


async def test_middleware_is_bound_to_where_its_calls_go() -> None:
    tracing = Tracing()
    async with (
        create_openai_llm("gpt-4.1-mini", api_key="key-one", middleware=[tracing]) as llm,
        create_openai_llm("gpt-4.1-mini", api_key="key-two", middleware=[tracing]),
        llm.with_middleware(alias="fast"),
    ):
        one, two, named = tracing.targets
    assert (one.provider, one.model, one.address) == ("openai", "gpt-4.1-mini", "https://api.openai.com/v1")
    assert (one.max_output_tokens, one.alias, named.alias) == (32_768, None, "fast")
    assert one.account != two.account
    assert one.account == named.account
    assert "key-one" not in repr(one)

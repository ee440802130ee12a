"""The vendor's errors and limits against the simulator: their classes, their words, what is tried again and when."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tenacity import wait_none

from core.llms import (
    NO_RETRY,
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ContextLengthExceededError,
    DeadlineExceededError,
    LLMContext,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    RequestTooLargeError,
    RetryPolicy,
    ServerError,
    StreamInterruptedError,
    TextDelta,
)
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.simulator import Fault, Simulator
from tests.integration.models import EMBEDDER, MODEL, WIRES
from tests.support.clocks import stopwatch
from tests.support.raw_server import Exchange, raw_server

FAST = RetryPolicy(wait=wait_none())
CLASSES: list[tuple[int, type[APIError], int]] = [
    (400, BadRequestError, 1),
    (401, AuthenticationError, 1),
    (403, PermissionDeniedError, 1),
    (404, NotFoundError, 1),
    (409, ConflictError, 3),
    (413, RequestTooLargeError, 1),
    (422, BadRequestError, 1),
    (429, RateLimitError, 3),
    (500, ServerError, 3),
    (502, ServerError, 3),
    (503, OverloadedError, 3),
    (529, OverloadedError, 3),
]


def llm_at(sim: Simulator, model: str = MODEL, **options: Any) -> OpenAIBaseLLM:
    options = {"api_key": "sk-test", "retry": FAST, **options}
    return create_openai_llm(model, base_url=sim.openai_base_url, **options)


async def ask(llm: OpenAIBaseLLM, streamed: bool, ctx: LLMContext | None = None, **options: Any) -> str:
    if streamed:
        return (await llm.stream_answer("Say: hi", ctx, **options).get_response()).text
    return (await llm.get_answer("Say: hi", ctx, **options)).text


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("status", "kind", "attempts"), CLASSES, ids=[str(row[0]) for row in CLASSES])
async def test_status_has_its_class_and_its_attempts(
    sim: Simulator, status: int, kind: type[APIError], attempts: int, wire: str, streamed: bool
) -> None:
    sim.script(Fault(status=status, repeat=3))
    async with llm_at(sim, wire=wire) as llm:
        with pytest.raises(APIError) as caught:
            await ask(llm, streamed)
    error = caught.value
    assert (type(error), error.status, len(error.attempts), len(sim.requests)) == (kind, status, attempts, attempts)
    assert (error.provider, error.model) == ("openai", MODEL)
    assert error.request_id is not None
    assert error.body is not None
    assert error.message == error.body["error"]["message"]


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("status", [409, 429, 500, 503, 529])
async def test_answer_comes_after_passing_failures(sim: Simulator, status: int, streamed: bool) -> None:
    ctx = LLMContext()
    sim.script(Fault(status=status, repeat=2))
    async with llm_at(sim) as llm:
        assert await ask(llm, streamed, ctx) == "hi"
    assert [attempt.status for attempt in ctx.ledger] == [status, status, 200]


@pytest.mark.parametrize(("header", "value"), [("retry_after", "0.15"), ("retry_after_ms", "150")])
async def test_retry_after_is_waited_for(sim: Simulator, header: str, value: str) -> None:
    sim.script({"status": 429, header: value})
    async with stopwatch() as watch, llm_at(sim) as llm:
        assert await ask(llm, streamed=False) == "hi"
        assert watch.seconds >= 0.15
        assert watch.own_seconds < 1


async def test_retry_after_beyond_the_deadline_ends_at_once(sim: Simulator) -> None:
    sim.script(Fault(status=429, retry_after="20"))
    async with stopwatch() as watch, llm_at(sim) as llm:
        with pytest.raises(RateLimitError) as caught:
            await ask(llm, False, LLMContext(timeout_seconds=5))
        assert watch.own_seconds < 1
    assert caught.value.retry_after_seconds == 20


async def test_servers_word_on_retrying_is_taken(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        sim.script(Fault(status=500, should_retry="false"))
        with pytest.raises(ServerError):
            await ask(llm, streamed=False)
        sim.script(Fault(status=400, should_retry="true"))
        assert await ask(llm, streamed=False) == "hi"
    assert len(sim.requests) == 3


async def test_limiter_of_the_vendor_is_waited_out(sim: Simulator) -> None:
    sim.rate_limit(tokens_per_minute=12_000)
    ctx = LLMContext()
    async with llm_at(sim) as llm:
        await llm.get_answer("Say: hi", ctx, max_tokens=11_980)
        response = await llm.get_answer("Say: hi", ctx, max_tokens=40)
    assert response.text == "hi"
    assert [attempt.outcome for attempt in response.attempts] == ["RateLimitError", "ok"]


async def test_used_up_quota_is_not_tried_again(sim: Simulator) -> None:
    sim.script(Fault(status=429, code="insufficient_quota"))
    async with llm_at(sim) as llm:
        with pytest.raises(QuotaExceededError, match="exceeded your current quota"):
            await ask(llm, streamed=False)
    assert len(sim.requests) == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_prompt_beyond_the_context_has_a_class_of_its_own(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, "gpt-4o", wire=wire) as llm:
        with pytest.raises(ContextLengthExceededError):
            await llm.get_answer("word " * 130_000)
    assert len(sim.requests) == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_wrong_key_and_unknown_model_are_the_vendors_errors(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, api_key="invalid-key-of-ours-1234", wire=wire) as llm:
        with pytest.raises(AuthenticationError, match="Incorrect API key provided") as caught:
            await ask(llm, streamed=False)
    assert caught.value.code == "invalid_api_key"
    assert "invalid-key-of-ours-1234" not in str(caught.value)
    with pytest.warns(UserWarning, match="not a listed model"):
        unknown = llm_at(sim, f"no-such-model-{wire}", wire=wire)
    async with unknown:
        with pytest.raises(NotFoundError) as missing:
            await ask(unknown, streamed=True)
    assert missing.value.code == "model_not_found"


@pytest.mark.parametrize("wire", WIRES)
async def test_error_in_a_stream_before_and_after_its_first_event(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        sim.script(Fault(error_after_events=1))
        assert await ask(llm, streamed=True) == "hi"
        sim.script(Fault(error_after_events=6, pacing=0.005))
        seen: list[str] = []
        with pytest.raises(StreamInterruptedError, match="broke after it had begun") as caught:
            async for event in llm.stream_answer("Count to 30"):
                if isinstance(event, TextDelta):
                    seen.append(event.text)
    assert seen
    assert caught.value.partial.text.startswith("".join(seen))
    assert isinstance(caught.value.__cause__, ServerError)
    assert len(sim.requests) == 3


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_deadline_covers_attempts_and_waits(sim: Simulator, streamed: bool) -> None:
    sim.script(Fault(status=500), Fault(hang=True))
    async with stopwatch() as watch, llm_at(sim) as llm:
        with pytest.raises(DeadlineExceededError) as caught:
            await ask(llm, streamed, LLMContext(timeout_seconds=0.5))
        assert watch.seconds >= 0.5
        assert watch.own_seconds < 0.6
    assert [attempt.outcome for attempt in caught.value.attempts] == ["ServerError", "DeadlineExceededError"]


async def test_errors_of_embeddings_and_lists_are_the_same(sim: Simulator) -> None:
    async with llm_at(sim, EMBEDDER, retry=NO_RETRY) as llm:
        sim.script(Fault(status=429))
        with pytest.raises(RateLimitError):
            await llm.embed("hello")
        with pytest.raises(BadRequestError):
            await llm.embed("hello", dimensions=4096)
        sim.faults.append(Fault(status=503))
        with pytest.raises(OverloadedError):
            await llm.list_models()


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_key_that_an_error_under_status_200_repeats_is_masked(streamed: bool) -> None:
    canary = "sk-canary-5d21c9"
    body = json.dumps({"error": {"message": f"wrong key {canary}", "type": "t", "code": "invalid_api_key"}}).encode()

    async def serve(exchange: Exchange) -> None:
        if streamed:
            await exchange.begin_stream()
            await exchange.send(b"data: " + body + b"\n\n")
            exchange.writer.close()
        else:
            await exchange.answer(body)

    async with raw_server(serve) as server, create_openai_llm(MODEL, api_key=canary, base_url=server.url) as llm:
        with pytest.raises(AuthenticationError) as caught:
            await (llm.stream_answer("Hi").get_response() if streamed else llm.get_answer("Hi"))
    assert "wrong key **********" in str(caught.value)
    assert canary not in repr((caught.value, caught.value.__dict__))

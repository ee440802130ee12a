"""Cohere over a real socket: key and address, what a call costs, streams, counts and vectors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms import ConfigurationError, MissingCredentialError, NotFoundError
from core.llms.create import create_llm
from core.llms.errors import StreamInterruptedError, UnsupportedCapabilityError, UnsupportedParameterError
from core.llms.providers.cohere import CohereBaseLLM, create_cohere_llm
from core.llms.types.content import ImagePart, TextPart
from core.llms.types.events import StreamFinished, TextDelta
from core.llms.types.messages import UserMessage
from core.llms.types.tools import Tool
from tests.support.raw_server import Exchange, RawServer, raw_server

MODEL = "command-a-03-2025"
USAGE = {"billed_units": {"input_tokens": 5, "output_tokens": 9}, "tokens": {"input_tokens": 500, "output_tokens": 12}}
ANSWER = {
    "id": "1",
    "message": {"role": "assistant", "content": [{"type": "text", "text": "Hi"}]},
    "finish_reason": "COMPLETE",
    "usage": USAGE,
}
PIECES = (
    {"type": "message-start", "id": "1", "delta": {"message": {}}},
    {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": "Hi"}}}},
    {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": USAGE}},
)


async def answer(exchange: Exchange) -> None:
    await exchange.answer(json.dumps(ANSWER).encode())


def sent(server: RawServer, number: int = 0) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(server.exchanges[number].body)
    return body


@pytest.mark.parametrize("variable", ["CO_API_KEY", "COHERE_API_KEY"])
async def test_call_arrives_with_key_and_path_and_costs_what_is_billed(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CO_API_KEY", raising=False)
    async with raw_server(answer) as server:
        monkeypatch.setenv(variable, "k-1")
        monkeypatch.setenv("CO_API_URL", f"{server.url}/v1")
        llm = create_llm(f"cohere/{MODEL}")
        assert isinstance(llm, CohereBaseLLM)
        async with llm:
            response = await llm.get_answer("Hi", max_tokens=9)
    assert server.exchanges[0].head.startswith(b"POST /v2/chat ")
    assert b"Authorization: Bearer k-1" in server.exchanges[0].head
    assert sent(server)["max_tokens"] == 9
    assert (response.text, response.provider) == ("Hi", "cohere")
    assert str(response.cost) == "0.0001025"


def test_missing_key_and_unknown_wire_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CO_API_KEY", "COHERE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(MissingCredentialError, match="CO_API_KEY"):
        create_cohere_llm(MODEL)
    with pytest.raises(ConfigurationError, match="cohere_v2"):
        create_cohere_llm(MODEL, api_key="k", wire="chat")


@pytest.mark.parametrize("whole", [True, False])
async def test_stream_is_whole_or_interrupted(whole: bool) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for piece in PIECES if whole else PIECES[:2]:
            await exchange.send(b"data: " + json.dumps(piece).encode() + b"\n\n")
        exchange.writer.close()

    async with raw_server(handle) as server, create_cohere_llm(MODEL, api_key="k", base_url=server.url) as llm:
        if whole:
            events = [event async for event in llm.stream_answer("Hi")]
            assert TextDelta("Hi") in events
            assert isinstance(events[-1], StreamFinished)
            assert events[-1].response.usage.total_tokens == 14
        else:
            with pytest.raises(StreamInterruptedError):
                async for _ in llm.stream_answer("Hi"):
                    continue


async def test_tokens_are_those_of_the_texts() -> None:
    async def handle(exchange: Exchange) -> None:
        tokens = list(range(len(json.loads(exchange.body)["text"].split())))
        await exchange.answer(json.dumps({"tokens": tokens, "token_strings": []}).encode())

    async with raw_server(handle) as server, create_cohere_llm(MODEL, api_key="k", base_url=server.url) as llm:
        count = await llm.count_tokens(
            [{"role": "system", "content": "a b"}, {"role": "user", "content": "c"}], exact=True
        )
        tooled = await llm.count_tokens("a b", tools=[Tool("look")], exact=True)
        guessed = await llm.count_tokens("a b")
        long = await llm.count_tokens("a " * 40_000, exact=True)
    assert (count.tokens, count.exact) == (3, True)
    assert (tooled.tokens, tooled.exact) == (2, False)
    assert guessed.exact is False
    assert long.tokens == 40_000
    assert server.exchanges[0].head.startswith(b"POST /v1/tokenize ")
    assert sent(server) == {"text": "a b", "model": MODEL}
    assert len(server.exchanges) == 5


async def test_vectors_and_models_and_a_model_that_is_gone() -> None:
    async def handle(exchange: Exchange) -> None:
        if b"/v1/models" in exchange.head:
            await exchange.answer(b'{"models": [{"name": "a"}]}')
        elif b"/v2/embed" in exchange.head:
            body = {"embeddings": {"float": [[1.0, 0.5]]}, "meta": {"billed_units": {"input_tokens": 1_000_000}}}
            await exchange.answer(json.dumps(body).encode())
        else:
            await exchange.answer(b'{"id": "i", "message": "model \'x\' was removed"}', "404 Not Found")

    async with raw_server(handle) as server, create_cohere_llm("embed-v4.0", api_key="k", base_url=server.url) as llm:
        assert [model.id for model in await llm.list_models()] == ["a"]
        response = await llm.embed("a", input_type="query")
        assert (response.vectors, str(response.cost)) == (((1.0, 0.5),), "0.12")
        async with create_cohere_llm(MODEL, connector=llm.connector) as chat:  # type: ignore[arg-type]  # it is Cohere's
            with pytest.raises(NotFoundError, match=f"cohere/{MODEL}: model 'x' was removed .*request i"):
                await chat.get_answer("Hi")


async def test_what_the_model_does_not_take_is_refused_before_sending() -> None:
    async with create_cohere_llm(MODEL, api_key="k") as llm:
        with pytest.raises(UnsupportedParameterError, match="`reasoning_effort`"):
            await llm.get_answer("Hi", reasoning_effort="low")
        with pytest.raises(UnsupportedCapabilityError, match="images"):
            await llm.get_answer([UserMessage((TextPart("?"), ImagePart(data=b"\x89PNG\r\n\x1a\n")))])

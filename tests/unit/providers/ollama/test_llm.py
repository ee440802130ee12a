"""Ollama over a real socket: addresses, key, context, streams, and what is not there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from core.llms import ConfigurationError, NotFoundError, UnsupportedCapabilityError, UnsupportedParameterError
from core.llms.create import create_llm
from core.llms.errors import StreamInterruptedError
from core.llms.providers.ollama import OllamaBaseLLM, create_ollama_llm
from core.llms.providers.ollama.connector import parse_host
from core.llms.types.content import FilePart
from core.llms.types.events import StreamFinished, TextDelta
from core.llms.types.messages import UserMessage
from core.llms.types.prices import Prices
from tests.support.raw_server import Exchange, RawServer, raw_server

ANSWER = {
    "model": "qwen3:4b",
    "created_at": "2026-08-07T06:08:11Z",
    "message": {"role": "assistant", "content": '{"city": "Oslo"}'},
    "done": True,
    "done_reason": "stop",
    "prompt_eval_count": 10,
    "eval_count": 5,
}
PIECE = {"model": "qwen3:4b", "message": {"role": "assistant", "content": "Hi"}, "done": False}


async def answer(exchange: Exchange) -> None:
    await exchange.answer(json.dumps(ANSWER).encode())


def sent(server: RawServer, number: int = 0) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(server.exchanges[number].body)
    return body


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        (":56789", "http://127.0.0.1:56789"),
        ("1.2.3.4:56789", "http://1.2.3.4:56789"),
        ("http://1.2.3.4", "http://1.2.3.4"),
        ("https://ollama.com", "https://ollama.com"),
        ("https://1.2.3.4:56789", "https://1.2.3.4:56789"),
        ("example.com/", "http://example.com:11434"),
        ("example.com:56789/path/", "http://example.com:56789/path"),
        ("[1:2::3]", "http://[1:2::3]:11434"),
        ("[1:2::3]:56789/path", "http://[1:2::3]:56789/path"),
        ("https://[1:2::3]", "https://[1:2::3]"),
    ],
)
def test_address_is_completed_as_ollama_s_own_tools_do(host: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse_host(host) == url
    monkeypatch.setenv("OLLAMA_HOST", host)
    assert create_ollama_llm("m").connector.base_url == url


@pytest.mark.parametrize("host", ["h:port", "ftp://h", "http://user:secret@h", "h?x=1"])
def test_address_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        create_ollama_llm("m", base_url=host)
    assert "secret" not in str(raised.value)


async def test_call_goes_to_the_server_without_a_key_and_has_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)
    async with raw_server(answer) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        llm = create_llm("ollama/qwen3:4b", num_ctx=4_096, keep_alive="5m")
        assert isinstance(llm, OllamaBaseLLM)
        async with llm:
            response = await llm.get_answer("Where?", max_tokens=9, temperature=0)
    assert server.exchanges[0].head.startswith(b"POST /api/chat ")
    assert b"authorization" not in server.exchanges[0].head.lower()
    assert sent(server) == {
        "model": "qwen3:4b",
        "messages": [{"role": "user", "content": "Where?"}],
        "stream": False,
        "options": {"num_ctx": 4_096, "num_predict": 9, "temperature": 0},
        "keep_alive": "5m",
    }
    assert (response.provider, response.usage.total_tokens, response.warnings) == ("ollama", 15, ())
    assert response.cost is None
    assert response.cost_unknown_reason


async def test_key_and_prices_are_the_caller_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "k-1")
    prices = Prices.of("1", "2")
    async with raw_server(answer) as server, create_ollama_llm("qwen3:4b", base_url=server.url, prices=prices) as llm:
        response = await llm.get_answer("Where?")
    assert b"Authorization: Bearer k-1" in server.exchanges[0].head
    assert str(response.cost) == "0.00002"


async def test_prompt_beyond_the_context_is_warned_of() -> None:
    async with raw_server(answer) as server, create_ollama_llm("m", base_url=server.url, num_ctx=100) as llm:
        short = await llm.get_answer("Hi")
        long = await llm.get_answer("word " * 100)
        roomy = await llm.get_answer("word " * 100, provider_options={"options": {"num_ctx": 1_000}})
    assert (short.warnings, roomy.warnings) == ((), ())
    assert "than num_ctx=100: the server cuts" in long.warnings[0]
    assert [sent(server, number)["options"]["num_ctx"] for number in range(3)] == [100, 100, 1_000]


async def test_stream_is_read_to_its_last_line() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n")
        await exchange.send(json.dumps(PIECE).encode() + b"\n", json.dumps(ANSWER).encode() + b"\n")
        exchange.writer.close()

    async with raw_server(handle) as server, create_ollama_llm("qwen3:4b", base_url=server.url) as llm:
        events = [event async for event in llm.stream_answer("Hi")]
    assert sent(server)["stream"] is True
    assert TextDelta("Hi") in events
    assert isinstance(events[-1], StreamFinished)
    assert events[-1].response.usage.total_tokens == 15


async def test_stream_that_is_cut_is_interrupted() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n")
        await exchange.send(json.dumps(PIECE).encode() + b"\n")
        exchange.writer.close()

    async with raw_server(handle) as server, create_ollama_llm("qwen3:4b", base_url=server.url) as llm:
        with pytest.raises(StreamInterruptedError):
            async for _ in llm.stream_answer("Hi"):
                continue


async def test_model_that_was_not_pulled_is_not_found() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(b'{"error":"model \'nope\' not found"}', "404 Not Found")

    async with raw_server(handle) as server, create_ollama_llm("nope", base_url=server.url) as llm:
        with pytest.raises(NotFoundError, match=r"ollama/nope: .*`ollama pull`"):
            await llm.get_answer("Hi")


class City(BaseModel):
    city: str


async def test_typed_answer_goes_by_its_schema() -> None:
    async with raw_server(answer) as server, create_ollama_llm("qwen3:4b", base_url=server.url) as llm:
        response = await llm.get_answer("Where?", response_model=City)
    assert response.parsed == City(city="Oslo")
    assert sent(server)["format"]["properties"]["city"]["type"] == "string"


async def test_vectors_and_models() -> None:
    async def handle(exchange: Exchange) -> None:
        tags = {"models": [{"name": "qwen3:4b", "model": "qwen3:4b"}]}
        vectors = {"model": "e", "embeddings": [[1.0, 0.0]], "prompt_eval_count": 2}
        await exchange.answer(json.dumps(tags if b"/api/tags" in exchange.head else vectors).encode())

    async with raw_server(handle) as server, create_ollama_llm("e", base_url=server.url) as llm:
        assert [model.id for model in await llm.list_models()] == ["qwen3:4b"]
        assert (await llm.embed("a")).vectors == ((1.0, 0.0),)


async def test_what_no_model_of_the_server_takes_is_refused_before_sending() -> None:
    async with create_ollama_llm("gpt-oss:20b") as llm:
        with pytest.raises(UnsupportedCapabilityError, match="files"):
            await llm.get_answer([UserMessage((FilePart(data=b"%PDF-"),))])
        with pytest.raises(UnsupportedParameterError, match="`n`"):
            await llm.get_answer("Hi", n=2)
        with pytest.raises(UnsupportedParameterError, match="always thinks"):
            await llm.get_answer("Hi", reasoning_effort="none")
        count = await llm.count_tokens("Hi there")
        assert (count.exact, count.tokens > 0) == (False, True)
        with pytest.raises(UnsupportedCapabilityError):
            await llm.count_tokens("Hi", exact=True)


@pytest.mark.parametrize("settings", [{"wire": "chat"}, {"num_ctx": 0}, {"num_ctx": "8k"}])
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        create_ollama_llm("m", **settings)

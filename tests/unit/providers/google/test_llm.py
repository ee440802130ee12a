"""Calls over a real socket: paths, headers, answers, streams, and what is counted and listed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from core.llms import (
    BadRequestError,
    ConfigurationError,
    ContentFilterError,
    RateLimitError,
    StreamInterruptedError,
    UnsupportedParameterError,
    create_llm,
)
from core.llms.providers.google import GoogleBaseLLM, create_google_llm
from core.llms.runtime.retry import RetryPolicy
from core.llms.types.prices import Prices
from core.llms.wires.gemini import GeminiDialect, GeminiWire
from tests.support.raw_server import Exchange, raw_server

USAGE = {"promptTokenCount": 1_000, "candidatesTokenCount": 10, "thoughtsTokenCount": 90, "serviceTier": "standard"}


def answer(*parts: dict[str, Any], finish: str = "STOP", **fields: Any) -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "finishReason": finish, "index": 0}
    return {"candidates": [candidate], "usageMetadata": USAGE, "modelVersion": "gemini-x", "responseId": "r", **fields}


@dataclass
class Google:
    """The vendor: what it answers, one after the other, and what it was asked."""

    answers: list[Any]
    status: str = "200 OK"
    url: str = ""
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    async def handle(self, exchange: Exchange) -> None:
        first, *lines = exchange.head.decode().strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, target, _ = first.split(" ")
        self.asked.append((f"{method} {target}", headers, json.loads(exchange.body) if exchange.body else None))
        reply = self.answers.pop(0)
        if isinstance(reply, bytes):
            await exchange.begin_stream()
            await exchange.send(reply)
            exchange.writer.close()
        else:
            await exchange.answer(json.dumps(reply).encode(), self.status)


@asynccontextmanager
async def google(*answers: Any, status: str = "200 OK") -> AsyncIterator[Google]:
    vendor = Google(list(answers), status)
    async with raw_server(vendor.handle) as server:
        vendor.url = server.url
        yield vendor


def gemini(vendor: Google, model: str = "gemini-3.8-flash", **options: Any) -> GoogleBaseLLM:
    return create_google_llm(model, api_key="k", base_url=vendor.url, **options)


def vertex(vendor: Google, model: str = "gemini-3.8-flash", **options: Any) -> GoogleBaseLLM:
    place: dict[str, Any] = {"project": "p", "location": "eu", "token_provider": lambda: "t"}
    return create_google_llm(model, base_url=vendor.url, **place, **options)


def dialect_of(llm: GoogleBaseLLM) -> GeminiDialect:
    assert isinstance(llm.wire, GeminiWire)
    return llm.wire.dialect


async def test_answer_has_text_usage_and_cost() -> None:
    async with google(answer({"text": "Hi"})) as vendor, gemini(vendor) as llm:
        response = await llm.get_answer("Hello!", max_tokens=5, reasoning_effort="low")
    assert response.text == "Hi"
    assert (response.usage.output_tokens, response.usage.reasoning_tokens) == (100, 90)
    assert llm.prices is not None
    assert response.cost == (1_000 * llm.prices.input + 100 * llm.prices.output) / Decimal(1_000_000)
    ((line, headers, body),) = vendor.asked
    assert line == "POST /v1/models/gemini-3.8-flash:generateContent"
    assert headers["x-goog-api-key"] == "k"
    config = {"maxOutputTokens": 5, "thinkingConfig": {"thinkingLevel": "LOW"}}
    assert body == {"contents": [{"role": "user", "parts": [{"text": "Hello!"}]}], "generationConfig": config}


@pytest.mark.parametrize(
    ("location", "model", "factor"),
    [("global", "gemini-3.8-flash", "1"), ("eu", "gemini-3.8-flash", "1.1"), ("eu", "gemini-2.5-pro", "1")],
)
def test_region_of_vertex_costs_more_where_the_model_does(location: str, model: str, factor: str) -> None:
    llm = create_google_llm(model, project="p", location=location, token_provider=lambda: "t")
    listed = llm.metadata.PRICES
    assert listed is not None
    assert llm.prices is not None
    assert llm.prices.output == listed.output * Decimal(factor)
    assert llm.prices.server_tool_usd_per_thousand == listed.server_tool_usd_per_thousand
    assert llm.prices.service_tiers["flex"].input == listed.service_tiers["flex"].input * Decimal(factor)
    own = Prices.of("1", "1")
    same = create_google_llm(model, project="p", location=location, token_provider=lambda: "t", prices=own)
    assert same.prices == own


async def test_vertex_has_its_path_and_token() -> None:
    async with google(answer({"text": "Hi"})) as vendor, vertex(vendor) as llm:
        await llm.get_answer("Hello!")
    ((line, headers, _),) = vendor.asked
    assert line == ("POST /v1beta1/projects/p/locations/eu/publishers/google/models/gemini-3.8-flash:generateContent")
    assert headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("gemini-2.5-flash", {"thinkingBudget": 0}),
        ("gemini-2.5-flash-lite", {"thinkingBudget": 0}),
    ],
)
async def test_older_model_thinks_by_a_budget(model: str, thinking: dict[str, Any]) -> None:
    async with google(answer({"text": "Hi"})) as vendor, gemini(vendor, model) as llm:
        await llm.get_answer("Hello!", reasoning_effort="none", temperature=0)
    assert vendor.asked[0][2]["generationConfig"] == {"temperature": 0, "thinkingConfig": thinking}


@pytest.mark.filterwarnings("ignore:google/:UserWarning")
@pytest.mark.parametrize(("model", "kind"), [("gemini-2.0-old", "budget"), ("gemini-5-new", "level")])
def test_model_that_is_not_listed_is_told_by_its_name(model: str, kind: str) -> None:
    assert dialect_of(create_google_llm(model, api_key="k")).thinking == kind


@pytest.mark.parametrize("name", ["temperature", "top_k"])
async def test_sampling_is_refused_before_it_is_sent_where_the_model_refuses_it(name: str) -> None:
    async with google() as vendor, gemini(vendor) as llm:
        with pytest.raises(UnsupportedParameterError, match=f"`{name}` is not supported"):
            await llm.get_answer("Hello!", **{name: 1})  # type: ignore[arg-type]  # one of the known names
    assert vendor.asked == []


async def test_store_is_refused_on_vertex() -> None:
    async with google() as vendor, vertex(vendor) as llm:
        with pytest.raises(UnsupportedParameterError, match="`store` cannot be expressed"):
            await llm.get_answer("Hello!", store=False)


async def test_stream_ends_with_the_connection() -> None:
    pieces = [answer({"text": "H"}, finish=""), answer({"text": "i"})]
    del pieces[0]["candidates"][0]["finishReason"]
    body = b"".join(b"data: " + json.dumps(piece).encode() + b"\r\n\r\n" for piece in pieces)
    async with google(body) as vendor, gemini(vendor) as llm, llm.stream_answer("Hello!") as stream:
        assert [text async for text in stream.text_deltas()] == ["H", "i"]
        assert stream.response.cost is not None
    assert vendor.asked[0][0] == "POST /v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse"


async def test_stream_that_is_cut_is_no_short_answer() -> None:
    piece = answer({"text": "H"})
    del piece["candidates"][0]["finishReason"]
    async with google(b"data: " + json.dumps(piece).encode() + b"\r\n\r\n") as vendor, gemini(vendor) as llm:
        with pytest.raises(StreamInterruptedError) as caught:
            await llm.stream_answer("Hello!").get_response()
    assert caught.value.partial.text == "H"


async def test_stream_answered_by_an_array_is_read() -> None:
    async with google([answer({"text": "H"}), answer({"text": "i"})]) as vendor, gemini(vendor) as llm:
        response = await llm.stream_answer("Hello!").get_response()
    assert response.text == "Hi"


async def test_reasoning_and_calls_go_back_as_they_came() -> None:
    parts: list[dict[str, Any]] = [
        {"text": "hm", "thought": True, "thoughtSignature": "s1"},
        {"functionCall": {"id": "c1", "name": "clock", "args": {"zone": "UTC"}}, "thoughtSignature": "s2"},
        {"functionCall": {"name": "clock", "args": {"zone": "CET"}}},
    ]
    said: list[str] = []

    def clock(zone: str) -> str:
        """Tell the time."""
        said.append(zone)
        return f"noon in {zone}"

    async with google(answer(*parts), answer({"text": "Noon."})) as vendor, gemini(vendor) as llm:
        run = await llm.run_tools("What time is it?", tools=[clock])
    assert (run.response.text, sorted(said)) == ("Noon.", ["CET", "UTC"])
    _, model, results = vendor.asked[1][2]["contents"]
    assert model == {"role": "model", "parts": parts}
    assert results["parts"] == [
        {"functionResponse": {"id": "c1", "name": "clock", "response": {"output": "noon in UTC"}}},
        {"functionResponse": {"name": "clock", "response": {"output": "noon in CET"}}},
    ]


async def test_blocked_prompt_is_an_error_that_is_not_tried_again() -> None:
    async with google({"promptFeedback": {"blockReason": "SAFETY"}}) as vendor, gemini(vendor) as llm:
        with pytest.raises(ContentFilterError) as caught:
            await llm.get_answer("Hello!")
    assert (caught.value.provider, caught.value.model) == ("google", "gemini-3.8-flash")
    assert len(vendor.asked) == 1


async def test_limit_says_when_to_come_back() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3600s"}]
    error = {"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED", "details": details}}
    async with google(error, status="429 Too Many Requests") as vendor, gemini(vendor) as llm:
        with pytest.raises(RateLimitError) as caught:
            await llm.get_answer("Hello!")
    assert caught.value.retry_after_seconds == 3600
    assert caught.value.retry_at is not None


async def test_key_that_the_vendor_repeats_is_masked() -> None:
    error = {"error": {"code": 400, "message": "the key k-secret is wrong", "status": "INVALID_ARGUMENT"}}
    async with google(error, status="400 Bad Request") as vendor:
        llm = create_google_llm("gemini-3.8-flash", api_key="k-secret", base_url=vendor.url)
        with pytest.raises(BadRequestError, match="is wrong") as caught:
            await llm.get_answer("Hello!")
        await llm.aclose()
    assert "k-secret" not in str(caught.value)


async def test_model_list_is_read_page_by_page() -> None:
    pages = [{"models": [{"name": "models/a"}], "nextPageToken": "n"}, {"models": [{"name": "models/b"}]}]
    async with google(*pages) as vendor, gemini(vendor) as llm:
        models = await llm.list_models()
    assert [model.id for model in models] == ["a", "b"]
    assert [line for line, _, _ in vendor.asked] == [
        "GET /v1/models?pageSize=1000",
        "GET /v1/models?pageSize=1000&pageToken=n",
    ]


async def test_model_list_of_vertex_is_without_a_project() -> None:
    async with google({"publisherModels": []}) as vendor, vertex(vendor) as llm:
        assert await llm.list_models() == []
    assert vendor.asked[0][0] == "GET /v1beta1/publishers/google/models?pageSize=1000"


async def test_tokens_are_counted_by_the_vendor_where_asked() -> None:
    async with google({"totalTokens": 7}) as vendor, gemini(vendor) as llm:
        counted = await llm.count_tokens("Hello!", exact=True)
        estimated = await llm.count_tokens("Hello!")
    assert (counted.tokens, counted.exact) == (7, True)
    assert vendor.asked[0][0] == "POST /v1/models/gemini-3.8-flash:countTokens"
    assert not estimated.exact
    assert estimated.note is not None


@pytest.mark.filterwarnings("ignore:google/:UserWarning")
@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("gemini-embedding-001", "batchEmbedContents"),
        ("text-embedding-005", "predict"),
        ("intfloat/e5-maas", "embedContent"),
    ],
)
async def test_embeddings_of_vertex_have_their_method(model: str, method: str) -> None:
    vector = {"values": [1.0, 2.0], "statistics": {"token_count": 1}}
    reply = {"embeddings": [vector], "embedding": vector, "predictions": [{"embeddings": vector}]}
    only = {"batchEmbedContents": "embeddings", "embedContent": "embedding", "predict": "predictions"}[method]
    async with google({only: reply[only]}) as vendor, vertex(vendor, model) as llm:
        response = await llm.embed("Hello")
    assert response.vectors == ((1.0, 2.0),)
    assert vendor.asked[0][0].endswith(f":{method}")


async def test_embeddings_have_a_cost() -> None:
    reply = {"embeddings": [{"values": [1.0]}], "usageMetadata": {"promptTokenCount": 1_000_000}}
    async with google(reply) as vendor, gemini(vendor, "gemini-embedding-001") as llm:
        response = await llm.embed("Hello")
    assert response.cost == Decimal("0.15")


def test_factory_is_found_by_name() -> None:
    llm = create_llm("google/gemini-4-argon", api_key="k")
    assert isinstance(llm, GoogleBaseLLM)
    assert llm.metadata.NAME == "google-gemini-4-argon"


def test_alias_keeps_its_name_on_the_wire() -> None:
    llm = create_google_llm("gemini-flash-latest", api_key="k")
    assert (llm.model, llm.metadata.MODEL_ID) == ("gemini-flash-latest", "gemini-3.8-flash")
    assert dialect_of(llm).version == "v1beta"


def test_other_wire_is_refused() -> None:
    llm = create_google_llm("gemini-3.8-flash", api_key="k")
    with pytest.raises(ConfigurationError, match="`wire` must be gemini"):
        GoogleBaseLLM(llm.connector, llm.metadata, wire="chat", retry=RetryPolicy())

"""What the LLM adds to the wire: the API version and what it takes, betas, facts of the model, counting."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.llms import ConfigurationError, UnknownModelWarning, UnsupportedParameterError, create_llm
from core.llms.errors import InvalidRequestError, OverloadedError, UnsupportedCapabilityError
from core.llms.providers.anthropic import AnthropicBaseLLM, create_anthropic_llm
from core.llms.providers.anthropic.models.opus_3 import Opus3Metadata
from core.llms.runtime.retry import RetryPolicy
from core.llms.types.messages import UserMessage
from tests.support.raw_server import Exchange, raw_server

ANSWER = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-6",
    "content": [{"type": "text", "text": "Hi."}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 1_000, "output_tokens": 100, "service_tier": "standard"},
}


@dataclass
class Vendor:
    """A server that answers every call, and what it received."""

    url: str = ""
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    def create(self, model: str = "claude-sonnet-4-6", **options: Any) -> AnthropicBaseLLM:
        return create_anthropic_llm(model, api_key="key", base_url=self.url, **options)


@asynccontextmanager
async def vendor(answer: Any = ANSWER, status: str = "200 OK", *extra: str) -> AsyncIterator[Vendor]:
    received = Vendor()

    async def handle(exchange: Exchange) -> None:
        first, *lines = exchange.head.decode().strip().split("\r\n")
        received.paths.append(first.rpartition(" ")[0])
        pairs = (line.partition(": ") for line in lines)
        received.headers.append({name.lower(): value for name, _, value in pairs})
        received.bodies.append(json.loads(exchange.body) if exchange.body else None)
        await exchange.answer(json.dumps(answer).encode(), status, "application/json", *extra)

    async with raw_server(handle) as server:
        received.url = server.url
        yield received


async def test_call_goes_out_with_version_key_and_default_limit() -> None:
    async with vendor(ANSWER, "200 OK", "request-id: req_1") as server, server.create() as llm:
        response = await llm.get_answer("Hello!")
    assert server.paths == ["POST /v1/messages"]
    assert server.headers[0]["anthropic-version"] == "2026-10-21"
    assert server.headers[0]["authorization"] == "Bearer key"
    assert server.bodies == [
        {"model": "claude-sonnet-4-6", "max_tokens": 21_333, "messages": [{"role": "user", "content": "Hello!"}]}
    ]
    assert (response.text, response.request_id, str(response.cost)) == ("Hi.", "req_1", "0.0045")


async def test_two_versions_share_a_connector_and_each_sends_its_own() -> None:
    async with vendor() as server, server.create() as new, server.create(api_version="2023-06-01", betas=["b"]) as old:
        assert new.connector is old.connector
        await new.get_answer("Hello!")
        await old.get_answer("Hello!", temperature=0.5)
    assert [headers["anthropic-version"] for headers in server.headers] == ["2026-10-21", "2023-06-01"]
    assert [headers.get("anthropic-beta") for headers in server.headers] == [None, "b"]
    assert server.bodies[1]["temperature"] == 0.5


async def test_sampling_is_refused_before_sending_and_a_default_left_out_with_a_warning() -> None:
    async with vendor() as server, server.create(defaults={"temperature": 0.2, "stop": "x"}) as llm:
        with pytest.raises(UnsupportedParameterError, match='create the LLM with api_version="2023-06-01"'):
            await llm.get_answer("Hello!", temperature=0.5)
        assert server.bodies == []
        response = await llm.get_answer("Hello!")
        dropped = await llm.get_answer("Hello!", top_k=5, on_unsupported="drop")
    assert "temperature" not in server.bodies[0]
    assert server.bodies[0]["stop_sequences"] == ["x"]
    assert response.warnings[0].startswith("the default temperature=0.2 was left out: `temperature` does not exist")
    assert any(warning.startswith("top_k=5 was left out") for warning in dropped.warnings)


async def test_model_that_takes_no_sampling_in_any_version_says_so() -> None:
    async with vendor() as server, server.create("claude-opus-5-5", api_version="2023-06-01") as llm:
        with pytest.raises(UnsupportedParameterError, match="`temperature` is not supported"):
            await llm.get_answer("Hello!", temperature=0.5)


async def test_sampling_is_refused_while_an_older_model_thinks() -> None:
    async with vendor() as server, server.create("claude-haiku-4-5", api_version="2023-06-01") as llm:
        with pytest.raises(UnsupportedParameterError, match="set reasoning_effort='none'"):
            await llm.get_answer("Hello!", temperature=0.5, reasoning_effort="low")


async def test_thinking_has_the_form_of_the_model() -> None:
    expected = {
        "claude-haiku-4-5": {"type": "enabled", "budget_tokens": 8_192},
        "claude-opus-4-6": {"type": "adaptive"},
        "claude-fable-5-2": {"type": "adaptive"},
    }
    async with vendor() as server:
        for model in expected:
            async with server.create(model) as llm:
                await llm.get_answer("Hello!", reasoning_effort="medium")
    assert [body["thinking"] for body in server.bodies] == list(expected.values())
    assert [body.get("output_config") for body in server.bodies] == [None, {"effort": "medium"}, {"effort": "medium"}]


async def test_model_that_cannot_be_forced_is_told_before_sending() -> None:
    async with vendor() as server, server.create("claude-opus-5-5") as llm:
        with pytest.raises(InvalidRequestError, match="cannot be forced"):
            await llm.get_answer("Hello!", tools=[{"name": "f", "parameters": {}}], tool_choice="required")
    assert server.bodies == []


async def test_typed_answer_of_a_model_without_schemas_is_given_by_tool() -> None:
    content = [{"type": "tool_use", "id": "c", "name": "int", "input": {"answer": 4}}]
    async with (
        vendor({**ANSWER, "content": content}) as server,
        server.create("claude-3-opus-20240229", metadata=Opus3Metadata) as llm,
    ):
        response = await llm.get_answer("2+2?", response_model=int)
    assert server.bodies[0]["tool_choice"] == {"type": "tool", "name": "int"}
    assert "output_config" not in server.bodies[0]
    assert response.parsed == 4


async def test_model_that_is_not_listed_is_asked_in_the_newest_form() -> None:
    async with vendor() as server:
        with pytest.warns(UnknownModelWarning):
            llm = server.create("claude-next")
        async with llm:
            response = await llm.get_answer("Hello!", reasoning_effort="high")
            with pytest.raises(UnsupportedParameterError, match="2026-10-21"):
                await llm.get_answer("Hello!", top_p=0.5)
    assert server.bodies[0]["thinking"] == {"type": "adaptive"}
    assert server.bodies[0]["max_tokens"] == 4_096
    assert response.cost is None


async def test_exact_count_asks_the_vendor_and_the_offline_one_says_it_estimates() -> None:
    async with vendor({"input_tokens": 14}) as server, server.create() as llm:
        exact = await llm.count_tokens([UserMessage("Hello!")], exact=True)
        guessed = await llm.count_tokens("Hello!")
    assert (exact.tokens, exact.exact) == (14, True)
    assert server.paths == ["POST /v1/messages/count_tokens"]
    assert server.bodies == [{"model": "claude-sonnet-4-6", "messages": [{"role": "user", "content": "Hello!"}]}]
    assert (guessed.exact, "estimated for Claude" in (guessed.note or "")) == (False, True)


async def test_model_list_keeps_the_vendors_words() -> None:
    card = {"type": "model", "id": "claude-x", "created_at": "2026-01-01T00:00:00Z", "max_tokens": 5}
    async with vendor({"data": [card], "has_more": False}) as server, server.create() as llm:
        (model,) = await llm.list_models()
    assert server.paths == ["GET /v1/models?limit=1000"]
    assert (model.id, model.raw) == ("claude-x", card)


async def test_error_has_its_class_provider_and_request() -> None:
    said = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": "req_2"}
    async with vendor(said, "529 Overloaded") as server, server.create(retry=RetryPolicy(max_attempts=1)) as llm:
        with pytest.raises(OverloadedError) as caught:
            await llm.get_answer("Hello!")
    error = caught.value
    assert (error.provider, error.model, error.status, error.request_id) == (
        "anthropic",
        "claude-sonnet-4-6",
        529,
        "req_2",
    )


async def test_embeddings_and_other_wires_are_refused() -> None:
    async with vendor() as server, server.create() as llm:
        with pytest.raises(UnsupportedCapabilityError):
            await llm.embed("a")
        with pytest.raises(ConfigurationError, match="`wire` must be messages"):
            server.create(wire="chat")


async def test_factory_is_found_by_the_providers_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    async with create_llm("anthropic/claude-sonnet-5-5", api_version="2023-06-01") as llm:
        assert isinstance(llm, AnthropicBaseLLM)
        assert (llm.model, llm.api_version) == ("claude-sonnet-5-5", "2023-06-01")

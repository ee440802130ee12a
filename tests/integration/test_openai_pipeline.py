"""What stands around a call: environment, shared connections, middleware, warnings, the vendor's own options."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.llms import (
    BadRequestError,
    BaseMetadata,
    BudgetExceededError,
    ConfigurationError,
    LLMContext,
    LLMRequest,
    LLMResponse,
    Middleware,
    MissingCredentialError,
    StreamFinished,
    TextDelta,
    UnsupportedParameterError,
    create_llm,
)
from core.llms.providers.openai import OpenAIBaseLLM, OpenAIConnector, create_openai_llm
from core.llms.runtime.middleware import CallNext, EventStream, StreamNext
from core.llms.simulator import Simulator
from tests.integration.models import MODEL, REASONER, WIRES
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server

VARIABLES = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def llm_at(sim: Simulator, model: str = MODEL, **options: Any) -> OpenAIBaseLLM:
    return create_openai_llm(model, api_key="sk-test", base_url=sim.openai_base_url, **options)


async def test_environment_is_enough(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in sim.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj_1")
    async with create_openai_llm(MODEL) as direct, create_llm(f"openai/{MODEL}") as named:
        assert (await direct.get_answer("Say: hi")).text == (await named.get_answer("Say: hi")).text == "hi"
        assert direct.connector is named.connector
    headers = sim.requests[-1].headers
    assert (headers["openai-organization"], headers["openai-project"]) == ("org-1", "proj_1")


@pytest.mark.parametrize("key", [None, "", "  "])
def test_missing_credential_names_the_variable(key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(MissingCredentialError, match="pass `api_key=`, or set the environment variable OPENAI_API_KEY"):
        create_llm(f"openai/{MODEL}")


def test_unknown_provider_names_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'openai'"):
        create_llm("opnai/gpt-4o")
    with pytest.raises(ConfigurationError, match="must look like provider/model"):
        create_llm("gpt-4o")


async def test_snapshots_go_on_the_wire_as_they_were_named(sim: Simulator) -> None:
    async with llm_at(sim, "gpt-4.1-mini-2025-04-14") as snapshot, llm_at(sim, f"openai-{MODEL}") as catalogued:
        await snapshot.get_answer("Hi")
        await catalogued.get_answer("Hi")
    assert [request.body["model"] for request in sim.requests] == ["gpt-4.1-mini-2025-04-14", MODEL]


async def test_llms_of_one_credential_share_one_connection_and_close_apart() -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer(completion())

    async with raw_server(answer) as server:
        first = create_openai_llm(MODEL, api_key="k", base_url=server.url)
        second = create_openai_llm("gpt-4o", api_key="k", base_url=server.url)
        third = first.with_middleware()
        stranger = create_openai_llm(MODEL, api_key="another", base_url=server.url)
        for llm in (first, second, third):
            await llm.get_answer("Hi")
        assert server.connections == 1
        await stranger.get_answer("Hi")
        assert server.connections == 2
        await first.aclose()
        await second.aclose()
        await third.get_answer("Hi")
        assert server.connections == 2
        await third.aclose()
        await stranger.aclose()
        assert (len(server.exchanges), server.connections) == (5, 2)


async def test_connector_of_the_caller_stays_open(sim: Simulator) -> None:
    connector = OpenAIConnector({"api_key": "sk-test", "base_url": sim.openai_base_url})
    for _ in range(2):
        async with create_openai_llm(MODEL, connector=connector) as llm:
            assert (await llm.get_answer("Say: hi")).text == "hi"
    raw = await connector.request("POST", "/chat/completions", {"model": MODEL, "messages": []})
    assert (raw.status, raw.ok, raw.json()["error"]["type"]) == (400, False, "invalid_request_error")
    await connector.aclose()


class Tracing(Middleware):
    """Notes what passes."""

    def __init__(self, name: str, seen: list[str]) -> None:
        self.name = name
        self.seen = seen

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        self.seen.append(f"{self.name} before")
        response = await call_next(request, ctx)
        self.seen.append(f"{self.name} after {response.cost is not None}")
        return response

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        events = stream_next(request, ctx)
        try:
            async for event in events:
                if isinstance(event, TextDelta | StreamFinished):
                    self.seen.append(f"{self.name} {type(event).__name__}")
                yield event
        finally:
            await events.aclose()


async def test_middleware_stands_around_calls_and_streams(sim: Simulator) -> None:
    seen: list[str] = []
    async with llm_at(sim, middleware=[Tracing("inner", seen)]) as llm:
        wrapped = llm.with_middleware(Tracing("outer", seen))
        assert (await wrapped.get_answer("Say: hi")).text == "hi"
        assert seen == ["outer before", "inner before", "inner after True", "outer after True"]
        seen.clear()
        assert (await wrapped.stream_answer("Say: hi").get_response()).text == "hi"
        assert seen == ["inner TextDelta", "outer TextDelta", "inner StreamFinished", "outer StreamFinished"]
        seen.clear()
        await llm.get_answer("Say: hi")
        assert seen == ["inner before", "inner after True"]
        await wrapped.aclose()


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_unsupported_parameters_are_errors_or_dropped_with_a_warning(sim: Simulator, streamed: bool) -> None:
    options: Any = {"temperature": 0.5, "reasoning_effort": "high", "top_k": 4}
    async with llm_at(sim, REASONER) as llm:
        with pytest.raises(UnsupportedParameterError, match="`temperature` is not taken while the model reasons"):
            await llm.get_answer("Say: hi", temperature=0.5, reasoning_effort="high")
        assert not sim.requests
        if streamed:
            response = await llm.stream_answer("Say: hi", on_unsupported="drop", **options).get_response()
        else:
            response = await llm.get_answer("Say: hi", on_unsupported="drop", **options)
    assert response.text == "hi"
    assert [warning.partition(":")[0] for warning in response.warnings] == [
        "temperature=0.5 was left out",
        "top_k=4 was left out",
    ]
    assert sim.requests[-1].body["reasoning"] == {"effort": "high"}


async def test_defaults_that_the_model_refuses_are_left_out_with_a_warning(sim: Simulator) -> None:
    defaults = {"temperature": 0.5, "reasoning_effort": "high", "max_tokens": 5000}
    async with llm_at(sim, REASONER, defaults=defaults) as llm:
        response = await llm.get_answer("Say: hi", max_tokens=6000)
    assert response.text == "hi"
    (warning,) = response.warnings
    assert warning.startswith("the default temperature=0.5 was left out: ")
    assert sim.requests[-1].body["max_output_tokens"] == 6000


@pytest.mark.parametrize("wire", WIRES)
async def test_vendors_own_options_reach_the_vendor(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        await llm.get_answer("Say: hi", provider_options={"user": "u-1"})
        with pytest.raises(BadRequestError, match="nonsense"):
            await llm.get_answer("Say: hi", provider_options={"nonsense": 1})
    assert sim.requests[0].body["user"] == "u-1"


async def test_service_tier_of_the_answer_is_priced(sim: Simulator) -> None:
    async with llm_at(sim, REASONER) as llm:
        usual = await llm.get_answer("Say: hi")
        cheap = await llm.get_answer("Say: hi", service_tier="flex")
    assert usual.cost is not None
    assert cheap.usage.service_tier == "flex"
    assert cheap.cost == usual.cost / 2


async def test_reserved_cost_is_what_a_budget_sets_aside(sim: Simulator) -> None:
    async with (
        llm_at(sim) as llm,
        create_llm("openai_compatible/any", base_url=sim.url, metadata=_Unpriced) as unpriced,
    ):
        highest = llm.reserved_cost("Say: hi", max_tokens=50)
        assert highest is not None
        enough, short = LLMContext(budget_usd=highest), LLMContext(budget_usd=highest - Decimal("0.0000001"))
        response = await llm.get_answer("Say: hi", enough, max_tokens=50)
        with pytest.raises(BudgetExceededError):
            await llm.get_answer("Say: hi", short, max_tokens=50)
        with pytest.raises(UnsupportedParameterError):
            llm.reserved_cost("Say: hi", max_tokens=10**9)
        assert unpriced.reserved_cost("Say: hi", max_tokens=50) is None
    assert response.cost is not None and response.cost <= highest
    assert len(sim.requests) == 1


class _Unpriced(BaseMetadata):
    NAME = "openai_compatible-any"

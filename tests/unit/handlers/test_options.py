"""What a handler puts around every alias: statistics, telemetry, budgets, a cache, others that stand in."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from core.llms import (
    BreakerPolicy,
    Budget,
    BudgetExceededError,
    CacheMiddleware,
    CallRecord,
    CircuitOpenError,
    ConfigurationError,
    LLMError,
)
from core.llms.configs.base.definitions import AliasDefinition, define_config
from core.llms.configs.openai import OpenAIBaseConfig
from core.llms.handlers.base_handler import AsyncModelHandler, ModelHandler
from core.llms.simulator import Fault, Simulator
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server

REGISTRY = {
    alias: define_config(AliasDefinition(alias=alias, provider=provider, model=model, parameters={"max_tokens": 50}))
    for alias, provider, model in (
        ("fast", "openai", "gpt-4.1-mini"),
        ("second", "anthropic", "claude-haiku-4-5"),
        ("third", "google", "gemini-2.5-flash"),
    )
}


class Keeping:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.records: list[CallRecord] = []

    def observe(self, record: CallRecord) -> None:
        self.records.append(record)


async def test_statistics_are_kept_by_alias(llm_simulator: Simulator) -> None:
    keeping = Keeping()
    async with AsyncModelHandler(REGISTRY, observers=[keeping]) as handler:
        for _ in range(3):
            await handler.get_response("fast", "Say: hi")
        await handler.stream_response("second", "Say: hi").get_response()
        stats = handler.stats()
    assert {alias: (one.calls, one.succeeded) for alias, one in stats.items()} == {"fast": (3, 3), "second": (1, 1)}
    assert stats["fast"].cost == sum((record.cost for record in keeping.records[:3]), Decimal(0)) > 0
    assert stats["second"].first_event.count == 1
    assert [record.target.alias for record in keeping.records] == ["fast", "fast", "fast", "second"]


def test_the_blocking_handler_has_them_too(llm_simulator: Simulator) -> None:
    with ModelHandler(REGISTRY) as handler:
        handler.get_response("fast", "Say: hi")
        assert handler.stats()["fast"].calls == 1


async def test_other_aliases_stand_in_where_one_fails(llm_simulator: Simulator) -> None:
    llm_simulator.script(Fault(status=503), Fault(status=529))
    fallback = {"fast": ["second", "third"]}
    async with AsyncModelHandler(REGISTRY, fallback=fallback, breaker=BreakerPolicy()) as handler:
        response = await handler.get_full_response("fast", "Say: hi")
        stats = handler.stats()
    tried = [(attempt.provider, attempt.alias, attempt.outcome) for attempt in response.attempts]
    assert tried == [
        ("openai", "fast", "OverloadedError"),
        ("anthropic", "second", "OverloadedError"),
        ("google", "third", "ok"),
    ]
    # The call is the alias's that was asked for, with all its attempts.
    assert {alias: (one.calls, one.attempts) for alias, one in stats.items()} == {"fast": (1, 3)}
    assert stats["fast"].cost == response.cost


async def test_one_that_stands_in_is_an_alias_like_any_other(llm_simulator: Simulator) -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'second'"):
        async with AsyncModelHandler(REGISTRY, fallback={"fast": ["secnd"]}) as handler:
            await handler.get_response("fast", "Hi")


async def test_equal_prompts_are_answered_out_of_the_cache_and_saved_money_is_counted(
    llm_simulator: Simulator,
) -> None:
    async with AsyncModelHandler(REGISTRY, cache=CacheMiddleware()) as handler:
        first = await handler.get_full_response("fast", "Say: hi")
        second = await handler.get_full_response("fast", "Say: hi")
        stats = handler.stats()["fast"]
    assert (first.cached, second.cached) == (False, True)
    assert second.cost == 0
    assert len(llm_simulator.requests) == 1
    assert (stats.calls, stats.cache_hits, stats.attempts, stats.retries) == (2, 1, 1, 0)
    assert (stats.cost, stats.saved_cost) == (first.cost, first.cost)


async def test_budgets_hold_for_an_alias(llm_simulator: Simulator) -> None:
    budgets = [Budget(tokens=200, per="alias")]
    async with AsyncModelHandler(REGISTRY, budgets=budgets, cache=CacheMiddleware()) as handler:
        await handler.get_response("fast", "Say: hi", max_tokens=100)
        await handler.get_response("second", "Say: hi", max_tokens=100)
        await handler.get_response("fast", "Say: hi", max_tokens=100)
        with pytest.raises(BudgetExceededError):
            await handler.get_response("fast", "Something else", max_tokens=190)


async def test_a_breaker_leaves_an_alias_alone(llm_simulator: Simulator) -> None:
    llm_simulator.script(Fault(status=500, repeat=2))
    async with AsyncModelHandler(REGISTRY, breaker=BreakerPolicy(failures_in_a_row=2)) as handler:
        with pytest.raises(LLMError):
            await handler.get_response("fast", "Hi")
        with pytest.raises(CircuitOpenError):
            await handler.get_response("fast", "Hi")
        assert len(llm_simulator.requests) == 2
        assert await handler.get_response("second", "Say: hi") == "hi"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"fallbacks": {}}, "did you mean 'fallback'?"),
        ({"fallback": {"fast": "second"}}, "a list of other aliases"),
        ({"fallback": {"fast": ["fast"]}}, "a list of other aliases"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ModelHandler(REGISTRY, **arguments)
    assert named in str(caught.value)


async def test_a_key_that_is_set_anew_is_used_from_the_next_call_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def serve(exchange: Exchange) -> None:
        await exchange.answer(completion())

    async with raw_server(serve) as server:
        definition = AliasDefinition(alias="fast", provider="openai", model="gpt-4.1-mini", base_url=server.url)
        async with AsyncModelHandler({"fast": define_config(definition)}) as handler:
            for key in ("first-key", "first-key", "second-key"):
                monkeypatch.setenv("OPENAI_API_KEY", key)
                await handler.get_response("fast", "Hi")
    sent = [re.search(rb"Bearer (\S+)", exchange.head) for exchange in server.exchanges]
    assert [found and found[1] for found in sent] == [b"first-key", b"first-key", b"second-key"]


async def test_a_configuration_of_one_s_own_is_read_at_every_call(llm_simulator: Simulator) -> None:
    temperatures = iter((0.1, 0.1, 0.9))

    class Mine(OpenAIBaseConfig):
        @classmethod
        def alias(cls) -> str:
            return "mine"

        def __init__(self) -> None:
            super().__init__()
            self.model = "gpt-4.1-mini"
            self.temperature = next(temperatures)

    async with AsyncModelHandler({"mine": Mine}) as handler:
        for _ in range(3):
            await handler.get_response("mine", "Say: hi")
    assert [request.body["temperature"] for request in llm_simulator.requests] == [0.1, 0.1, 0.9]

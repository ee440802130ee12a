"""Live calls of stored configurations feed their health, beside the calls, and lose nothing at a clean end."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from core.llms.configs import ConfigRegistry
from core.llms.context import LLMContext
from core.llms.errors import LLMError, RateLimitError, ServerError, StorageError
from core.llms.handlers.base_handler import AsyncModelHandler
from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.factory import ProviderFactory
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.health.live import LiveHealth
from core.llms.provider_config.health.outcomes import Outcome
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Fault, Reply, Simulator
from tests.unit.provider_config.health.conftest import MODEL, Health


async def live_outcomes(service: HealthService) -> dict[str, int]:
    """How many live calls were kept of each outcome and class."""
    found: dict[str, int] = {}
    for check in await service.history(*MODEL):
        if check.kind == "passive":
            name = check.error_class or check.outcome
            found[name] = found.get(name, 0) + check.calls
    return found


async def test_answers_streams_and_failed_attempts_count(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    service = health()
    async with LiveHealth(service) as live:
        async with await ProviderFactory(configured, health=live).create_provider(*MODEL) as llm:
            sim.script(Fault(status=500, retry_after="0.01"), "after one failure")
            assert (await llm.get_answer("Say: hi")).text == "after one failure"
            await llm.stream_answer("Say: hi").get_response()
            sim.script(Reply("cut", fault=Fault(cut_after_events=3)))
            with pytest.raises(LLMError):
                await llm.stream_answer("Say: hi").get_response()
        assert await live_outcomes(service) == {}
    assert await live_outcomes(service) == {"ok": 2, "ServerError": 1, "ProtocolError": 1}
    status = await service.status(*MODEL)
    assert (status.live.calls, status.live.failures, status.live.success_rate) == (4, 2, 0.5)
    assert (status.live.latency.count, status.checks.calls) == (2, 0)
    assert (status.failures_in_a_row, status.state) == (1, "degraded")


async def test_generator_and_aliases_feed_it(health: Health, configured: ProviderConfigService) -> None:
    service = health()
    registry = ConfigRegistry()
    async with LiveHealth(service) as live:
        async with Generator(configured, health=live) as generator:
            await generator.generate(*MODEL, "Say: hi")
        registry.add_source(ConfigAliases(configured, health=live))
        async with AsyncModelHandler(registry) as handler:
            await handler.get_response("fast", "Say: hi")
            # Read anew after a change, the alias keeps what goes around its calls.
            await configured.update_provider_model(*MODEL, {"description": "changed"})
            await handler.get_response("fast", "Say: hi")
    assert await live_outcomes(service) == {"ok": 3}


async def test_what_the_caller_did_wrong_does_not_count(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    service = health()
    async with LiveHealth(service) as live:
        async with await ProviderFactory(configured, health=live).create_provider(*MODEL) as llm:
            sim.script(Fault(status=400))
            with pytest.raises(LLMError):
                await llm.get_answer("Say: hi")
            with pytest.raises(LLMError):
                await llm.get_answer("Say: hi", temperature=9.0)
            sim.script(Fault(hang=True))
            with pytest.raises(LLMError):
                await llm.get_answer("Say: hi", LLMContext(timeout_seconds=0.2))
            sim.script(Fault(hang=True))
            calling = asyncio.create_task(llm.get_answer("Say: hi"))
            while not sim.active_requests:
                await asyncio.sleep(0.005)
            calling.cancel()
            await asyncio.wait([calling])
        await live.flush()
    assert await live_outcomes(service) == {}


async def test_counts_are_written_by_the_clock(health: Health, configured: ProviderConfigService) -> None:
    service = health()
    async with (
        LiveHealth(service, flush_seconds=0.05) as live,
        await ProviderFactory(configured, health=live).create_provider(*MODEL) as llm,
    ):
        await llm.get_answer("Say: hi")
        async with asyncio.timeout(30):
            while await live_outcomes(service) != {"ok": 1}:
                await asyncio.sleep(0.02)


async def test_two_processes_add_to_the_same_minute(health: Health, configured: ProviderConfigService) -> None:
    service = health()
    config = await configured.get_provider_model(*MODEL)
    assert config is not None
    lives = [LiveHealth(service) for _ in range(2)]
    for live in lives:
        for _ in range(3):
            live.observe(config.id, 0.5)
    await asyncio.gather(*(live.aclose() for live in lives))
    history = await service.history(*MODEL)
    assert sum(check.calls for check in history) == 6
    assert len(history) <= 2
    assert (await service.status(*MODEL)).live.latency.count == 6


async def test_failed_calls_bring_the_switch_nearer_which_a_check_has_to_confirm(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    service = health(failures_before_deactivation=3)
    config = await configured.get_provider_model(*MODEL)
    assert config is not None
    async with LiveHealth(service) as live:
        for _ in range(20):
            live.observe(config.id, 0.1, ServerError("oh", status=500))
    status = await service.status(*MODEL)
    assert (status.is_active, status.state, status.failures_in_a_row) == (True, "unhealthy", 20)
    sim.faults.append(Fault(status=500))
    assert (await service.check(*MODEL)).switched == "off"


async def test_nothing_is_lost_while_the_database_is_down(
    health: Health, configured: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = health()
    config = await configured.get_provider_model(*MODEL)
    assert config is not None
    live = LiveHealth(service)

    def failing(self: Any, *, writes: bool) -> Any:
        raise StorageError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(type(configured.database), "_session", failing)
        live.observe(config.id, 0.1, RateLimitError("wait", status=429))
        with pytest.raises(StorageError):
            await live.flush()
        live.observe(config.id, 0.1)
        with pytest.raises(StorageError):
            await live.flush()
    await live.aclose()
    assert await live_outcomes(service) == {"ok": 1, "RateLimitError": 1}
    assert (await service.history(*MODEL))[0].outcome in (Outcome.OK, Outcome.BUSY)
    assert (await service.status(*MODEL)).failures_in_a_row == 0


async def test_memory_is_bounded_and_says_what_is_lost(
    health: Health, configured: ProviderConfigService, caplog: pytest.LogCaptureFixture
) -> None:
    service = health()
    config = await configured.get_provider_model(*MODEL)
    assert config is not None
    live = LiveHealth(service, most_kinds=2)
    for status in (500, 502, 504, 504):
        live.observe(config.id, 0.1, ServerError("oh", status=status))
    with caplog.at_level(logging.ERROR, "core.llms.health"):
        await live.aclose()
    assert live.lost_calls == 2
    assert "2 live calls is lost" in caplog.text
    assert await live_outcomes(service) == {"ServerError": 2}


async def test_calls_of_what_was_deleted_meanwhile_are_left_out(
    health: Health, configured: ProviderConfigService
) -> None:
    service = health()
    config = await configured.get_provider_model(*MODEL)
    assert config is not None
    live = LiveHealth(service)
    live.observe(config.id, 0.1)
    live.observe(config.id + 1, 0.1)
    await live.aclose()
    assert await live_outcomes(service) == {"ok": 1}

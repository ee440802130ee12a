"""Stored configurations as aliases of a handler: changed and switched off by another process, seen at once."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

import pytest
from sqlalchemy import text

from core.llms import StorageError
from core.llms.configs import ConfigRegistry
from core.llms.handlers.base_handler import AsyncModelHandler, ModelHandler
from core.llms.provider_config import listening
from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.errors import ConfigInactiveError
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.runtime.blocking import run_blocking
from core.llms.simulator import Simulator
from core.llms.storage.database import Database
from tests.support.clocks import stopwatch

CALM = LLMParametersCreate(name="calm", max_new_tokens=100, temperature=0.2, top_k=5)
TEMPLATE = PromptTemplateCreate(name="plain", system_prompt="Be brief.", query_prefix="Question:")
MODEL = ("openai", "gpt-4.1-mini")

_CHANGE = """
import asyncio, json, sys
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

async def main():
    async with Database(sys.argv[1]) as database:
        service = ProviderConfigService(database)
        await service.parameters.update("calm", {"temperature": 0.9})
        if sys.argv[2] == "off":
            await service.update_provider_model("openai", "gpt-4.1-mini", {"is_active": False})

asyncio.run(main())
"""


def registry_over(aliases: ConfigAliases) -> ConfigRegistry:
    registry = ConfigRegistry()
    registry.add_source(aliases)
    return registry


async def change_elsewhere(url: str, what: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _CHANGE, url, what)
    assert await process.wait() == 0


@pytest.fixture
async def registered(service: ProviderConfigService) -> ProviderConfigService:
    await service.register_provider_model(*MODEL, CALM, TEMPLATE, alias="support", verify=False)
    return service


async def test_an_alias_is_called_as_it_is_configured(registered: ProviderConfigService, sim: Simulator) -> None:
    registry = registry_over(ConfigAliases(registered))
    async with AsyncModelHandler(registry) as handler:
        assert await handler.list_available_models() == ["support"]
        for alias in ("support", "openai/gpt-4.1-mini"):
            assert await handler.get_response(alias, "Say: hi")
    for request in sim.requests:
        assert request.body["messages"] == [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Question:\nSay: hi"},
        ]
        assert (request.body["temperature"], request.body["max_completion_tokens"]) == (0.2, 100)
        assert "top_k" not in request.body


async def test_one_caller_serves_an_alias_until_it_changes(registered: ProviderConfigService) -> None:
    registry = registry_over(ConfigAliases(registered, poll_seconds=0))
    async with AsyncModelHandler(registry) as handler:
        callers = set()
        for temperature in (0.2, 0.2, 0.5, 0.5):
            await registered.parameters.update("calm", {"temperature": temperature})
            await handler.get_response("support", "Say: hi")
            callers.add(handler._pool._shared["support"].caller)
    assert len(callers) == 2


async def test_a_change_in_another_process_is_in_the_next_call_within_a_second(
    registered: ProviderConfigService, sim: Simulator, database_url: str
) -> None:
    async with (
        ConfigAliases(registered) as aliases,
        AsyncModelHandler(registry_over(aliases)) as handler,
    ):
        await handler.get_response("support", "Say: hi")
        await change_elsewhere(database_url, "on")
        async with stopwatch() as watch:
            while sim.requests[-1].body["temperature"] != 0.9:
                await handler.get_response("support", "Say: hi")
            assert watch.own_seconds < 1
        await change_elsewhere(database_url, "off")
        async with stopwatch() as watch:
            with pytest.raises(ConfigInactiveError, match="switched off"):
                while True:
                    await handler.get_response("support", "Say: hi")
            assert watch.own_seconds < 1
        assert await handler.list_available_models() == []
        with pytest.raises(ConfigInactiveError):
            await handler.get_response("support", "Say: hi")


async def test_the_blocking_handler_knows_them_too(registered: ProviderConfigService, sim: Simulator) -> None:
    def ask() -> str:
        with ModelHandler(registry_over(ConfigAliases(registered))) as handler:
            answer = handler.get_response("support", "Say: hi")
        # Each loop has connections of its own, the one of blocking calls too.
        run_blocking(registered.database.aclose())
        return answer

    assert await asyncio.to_thread(ask)


async def test_postgresql_tells_of_a_change_without_polling(postgresql_url: str, sim: Simulator) -> None:
    async with Database(postgresql_url, upgrade=True) as database:
        service = ProviderConfigService(database)
        await service.register_provider_model(*MODEL, CALM, alias="support", verify=False)
        async with ConfigAliases(service, poll_seconds=3600) as aliases:
            assert await aliases.find_config("support") is not None
            await change_elsewhere(postgresql_url, "off")
            async with asyncio.timeout(30):
                with pytest.raises(ConfigInactiveError):
                    while True:
                        await aliases.find_config("support")
                        await asyncio.sleep(0.01)


async def test_what_was_read_last_holds_while_the_database_is_down(
    registered: ProviderConfigService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    aliases = ConfigAliases(registered, poll_seconds=0)
    assert await aliases.find_config("support") is not None

    async def down(generation: int) -> Any:
        raise StorageError("no database")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(registered, "read_changes", down)
        assert await aliases.find_config("support") is not None
        assert await aliases.find_config("support") is not None
        with pytest.raises(StorageError):
            await ConfigAliases(registered).find_config("support")
    assert caplog.text.count("what was read last holds") == 1
    await registered.update_provider_model(*MODEL, {"is_active": False})
    with pytest.raises(ConfigInactiveError):
        await aliases.find_config("support")


async def test_what_was_read_last_holds_while_the_database_does_not_answer(
    postgresql_url: str, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    async with Database(postgresql_url) as database, Database(postgresql_url) as other:
        service = ProviderConfigService(database)
        await service.register_provider_model(*MODEL, CALM, alias="support", verify=False)
        async with ConfigAliases(service, poll_seconds=0, patience_seconds=0.01) as aliases:
            known = await aliases.find_config("support")
            async with other.transaction() as session, asyncio.timeout(30):
                # Whoever reads it waits.
                await session.execute(text("LOCK TABLE config_generation IN ACCESS EXCLUSIVE MODE"))
                with caplog.at_level(logging.WARNING):
                    assert {await aliases.find_config("support") for _ in range(5)} == {known}
                assert caplog.text.count("what was read last holds") == 1
            await service.update_provider_model(*MODEL, {"is_active": False})
            async with asyncio.timeout(30):
                with pytest.raises(ConfigInactiveError):
                    while True:
                        await aliases.find_config("support")
                        await asyncio.sleep(0.01)


async def test_a_listener_leaves_nothing_behind_where_nobody_is_to_be_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_RETRY_SECONDS", 0.01)
    before = asyncio.all_tasks()
    listener = listening.ChangeListener(Database("postgresql://nobody@127.0.0.1:1/none"), lambda: None)
    await listener.start()
    await listener.aclose()
    assert asyncio.all_tasks() == before


async def test_a_change_that_is_heard_of_while_it_is_read_is_read_again(
    registered: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    aliases = ConfigAliases(registered, poll_seconds=3600)
    read_changes = registered.read_changes

    async def read_and_change(generation: int) -> Any:
        read = await read_changes(generation)
        await registered.update_provider_model(*MODEL, {"is_active": False})
        aliases._forget()
        return read

    with monkeypatch.context() as patch:
        patch.setattr(registered, "read_changes", read_and_change)
        assert await aliases.find_config("support") is not None
    with pytest.raises(ConfigInactiveError):
        await aliases.find_config("support")

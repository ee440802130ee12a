"""What other processes do with stored configurations: register them until they are killed."""

from __future__ import annotations

import asyncio
import os
import signal
from itertools import count
from typing import Any, Final

from sqlalchemy import event

from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from core.llms.storage.migrations import HEAD

# Any model of it may be there.
PROVIDER: Final = "ollama"


class Answering:
    """A provider that answers for everything."""

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        return None


async def register(service: ProviderConfigService, model: str) -> ProviderModelConfigResponse:
    """Register a model with parameters and a template of its own, and verify it."""
    return await service.register_provider_model(
        PROVIDER,
        model,
        LLMParametersCreate(name=f"parameters of {model}", temperature=0.3),
        PromptTemplateCreate(name=f"template of {model}", system_prompt="Be brief."),
        alias=f"alias of {model}",
    )


def register_and_die(url: str, model: str, step: int) -> None:
    """Register a model, and die without a word at one step of it: before a statement, or before a commit."""
    asyncio.run(_register_and_die(url, model, step))


async def _register_and_die(url: str, model: str, step: int) -> None:
    async with Database(url) as database:
        service = ProviderConfigService(database, verifier=Answering())
        await service.list_providers()
        steps = count()

        def die(*_: Any) -> None:
            if next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        for moment in ("before_cursor_execute", "commit"):
            event.listen(database.engine.sync_engine, moment, die)
        await register(service, model)


def register_for_ever(url: str, name: str, begun: Any) -> None:
    """Register one model after the other, having told that it begins, for as long as its parent lives."""
    asyncio.run(_register_for_ever(url, name, begun))


async def _register_for_ever(url: str, name: str, begun: Any) -> None:
    async with Database(url) as database:
        service = ProviderConfigService(database, verifier=Answering())
        await service.list_providers()
        begun.set()
        parent, numbers = os.getppid(), count()
        while os.getppid() == parent:
            await register(service, f"{name}-{next(numbers)}")


def upgrade(start: Any, url: str) -> None:
    """Take a database to the newest revision, at the same moment as others."""
    start.wait(90)
    asyncio.run(_upgrade(url))


async def _upgrade(url: str) -> None:
    async with Database(url) as database:
        assert await database.upgrade() == HEAD
        await ProviderConfigService(database).list_providers()

"""`Generator`: answers of stored configurations, each made once and used until it changes."""

from __future__ import annotations

import asyncio
from typing import Any

from core.llms.context import LLMContext
from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.creation import create_configured_llm
from core.llms.provider_config.factory import ProviderFactory, UsePolicy
from core.llms.provider_config.health.live import LiveHealth
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.providers.base.implementation import BaseLLM
from core.llms.runtime.closing import AsyncClosing
from core.llms.types.messages import Message, SystemMessage, UserMessage
from core.llms.types.response import LLMResponse


class Generator(AsyncClosing):
    """Generates with stored configurations. Use it as `async with`, or `aclose()` it."""

    def __init__(
        self,
        provider_config_service: ProviderConfigService,
        policy: UsePolicy | None = None,
        *,
        health: LiveHealth | None = None,
    ) -> None:
        """With `health`, what becomes of calls is counted as the health of their configurations."""
        self._factory = ProviderFactory(provider_config_service, policy, health=health)
        self._made: dict[tuple[str, str], _Made] = {}
        self._replaced: list[_Made] = []

    async def generate(
        self,
        provider: str,
        model_id: str,
        prompt: str,
        context: str | None = None,
        ctx: LLMContext | None = None,
        *,
        actor: Actor | str | None = None,
        **options: Any,
    ) -> LLMResponse:
        """Answer a prompt, put by the configuration's template, with its parameters; `options` go before these.

        Raises `ConfigNotFoundError`, `ConfigInactiveError`, `AccessDeniedError`, and as `BaseLLM.get_answer` does.
        """
        config = await self._factory.find_usable(provider, model_id, actor=actor)
        made = await self._make(config, actor)
        async with made:
            await self._retire_replaced()
            return await made.llm.get_answer(_put(config, prompt, context), ctx, **options)

    async def _make(self, config: ProviderModelConfigResponse, actor: Actor | str | None) -> _Made:
        key = (config.provider_name, config.model_id)
        known = self._made.get(key)
        if known is not None and known.config == config:
            return known
        secrets = await self._factory.resolve(config, actor=actor)
        # Another call may have made one meanwhile.
        known = self._made.get(key)
        if known is not None and known.config == config:
            return known
        middleware = self._factory.middleware_for(config)
        llm = create_configured_llm(config, secrets, with_template=False, middleware=middleware)
        made = self._made[key] = _Made(config, llm)
        if known is not None:
            self._replaced.append(known)
        return made

    async def _retire_replaced(self) -> None:
        several, self._replaced = self._replaced, []
        await asyncio.gather(*(made.retire() for made in several))

    async def aclose(self) -> None:
        """Close every LLM, each when its last call has ended."""
        self._replaced += self._made.values()
        self._made = {}
        await self._retire_replaced()


class _Made:
    """An LLM, what it was made of, and how many calls it has running."""

    def __init__(self, config: ProviderModelConfigResponse, llm: BaseLLM) -> None:
        self.config = config
        self.llm = llm
        self._running = 0
        self._is_retired = False

    async def __aenter__(self) -> None:
        self._running += 1

    async def __aexit__(self, *error: object) -> None:
        self._running -= 1
        if self._is_retired and not self._running:
            await self.llm.aclose()

    async def retire(self) -> None:
        self._is_retired = True
        if not self._running:
            await self.llm.aclose()


def _put(config: ProviderModelConfigResponse, prompt: str, context: str | None) -> list[Message]:
    template = config.prompt_template
    if template is None:
        return [UserMessage(prompt if context is None else f"{context}\n\n{prompt}")]
    messages: list[Message] = [UserMessage(template.render(prompt, context))]
    if template.system_prompt:
        messages.insert(0, SystemMessage(template.system_prompt))
    return messages

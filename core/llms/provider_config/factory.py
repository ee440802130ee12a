"""`ProviderFactory`: working LLMs of what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.creation import create_configured_llm
from core.llms.provider_config.errors import ConfigInactiveError, ConfigNotFoundError
from core.llms.provider_config.health.live import LiveHealth
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.providers.base.implementation import BaseLLM
from core.llms.runtime.middleware import Middleware
from core.llms.types.secrets import Secret


@dataclass(frozen=True, slots=True)
class UsePolicy:
    """Which configurations may be used: by default those that are switched on, verified or not."""

    requires_verification: bool = False

    def require_usable(self, config: ProviderModelConfigResponse) -> None:
        """Raise `ConfigInactiveError` where a configuration may not be used."""
        problem = None
        if not config.is_active:
            problem = "it is switched off; switch it on by update_provider_model(…, updates={'is_active': True})"
        elif self.requires_verification and not config.is_verified:
            problem = f"it is not verified ({config.verification_status}); verify it by verify_provider_model(…)"
        if problem is not None:
            raise ConfigInactiveError(problem, provider=config.provider_name, model=config.model_id)


class ProviderFactory:
    """Makes LLMs of stored configurations, each with its parameters and template applied."""

    def __init__(
        self,
        provider_config_service: ProviderConfigService,
        policy: UsePolicy | None = None,
        *,
        health: LiveHealth | None = None,
    ) -> None:
        """With `health`, what becomes of calls is counted as the health of their configurations."""
        self._service = provider_config_service
        self._health = health
        self.policy: UsePolicy = policy or UsePolicy()

    async def create_provider(self, provider: str, model_id: str, *, actor: Actor | str | None = None) -> BaseLLM:
        """Make the LLM of a configuration for an actor; use it as `async with`, or `aclose()` it.

        Raises `ConfigNotFoundError`, `ConfigInactiveError`, `AccessDeniedError`, as `CredentialService.resolve` does,
        and what the provider's factory raises.
        """
        config = await self.find_usable(provider, model_id, actor=actor)
        secrets = await self.resolve(config, actor=actor)
        return create_configured_llm(config, secrets, middleware=self.middleware_for(config))

    def middleware_for(self, config: ProviderModelConfigResponse) -> Sequence[Middleware]:
        """Return what goes around the calls of a configuration besides its template."""
        return () if self._health is None else (self._health.middleware_for(config),)

    async def resolve(
        self, config: ProviderModelConfigResponse, *, actor: Actor | str | None = None
    ) -> dict[str, Secret]:
        """Return the secrets of a configuration. Raises as `CredentialService.resolve` does."""
        return await self._service.credentials.resolve(config, actor=actor)

    async def find_usable(
        self, provider: str, model_id: str, *, actor: Actor | str | None = None
    ) -> ProviderModelConfigResponse:
        """Return a configuration that the actor may use.

        Raises `ConfigNotFoundError`, `ConfigInactiveError`, `AccessDeniedError`.
        """
        config = await self._service.get_provider_model(provider, model_id, actor=actor)
        if config is None:
            raise ConfigNotFoundError("it is not configured; register it first", provider=provider, model=model_id)
        await self._service.require(Operation.USE, config, actor=actor)
        self.policy.require_usable(config)
        return config

"""`ConfigAliases`: stored configurations as aliases of a registry, seen in every process soon after they change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from time import monotonic
from weakref import WeakKeyDictionary

from core.llms.configs.base.definitions import AliasDefinition, define_config
from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.errors import StorageError
from core.llms.provider_config.called_models import find_called_model
from core.llms.provider_config.compatibility import check_compatibility
from core.llms.provider_config.creation import PromptTemplateMiddleware
from core.llms.provider_config.factory import UsePolicy
from core.llms.provider_config.health.live import LiveHealth
from core.llms.provider_config.listening import ChangeListener
from core.llms.provider_config.provider_versions import factory_settings
from core.llms.provider_config.schemas import CredentialReference, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.runtime.closing import AsyncClosing
from core.llms.runtime.middleware import Middleware
from core.llms.types.secrets import Secret

_LOG = logging.getLogger("core.llms.provider_config")


class ConfigAliases(AsyncClosing):
    """A source of aliases: `registry.add_source(aliases)`, and every handler over the registry knows them.

    A configuration goes by its `alias` and by `provider/model_id`. A change is seen at the first call that comes
    `poll_seconds` after it at the latest; with PostgreSQL, between `async with` and its end, at once. While the
    database is down, what was read last holds. What is switched off is refused with `ConfigInactiveError`.
    """

    def __init__(
        self,
        service: ProviderConfigService,
        policy: UsePolicy | None = None,
        *,
        poll_seconds: float = 0.5,
        health: LiveHealth | None = None,
    ) -> None:
        """With `health`, what becomes of calls is counted as the health of their configurations."""
        self._service = service
        self._health = health
        self._policy = policy or UsePolicy()
        self._poll_seconds = poll_seconds
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
        self._configs: Mapping[str, ProviderModelConfigResponse] = {}
        self._classes: dict[str, type[ProviderBaseConfig]] = {}
        self._secrets: dict[CredentialReference, Mapping[str, Secret]] = {}
        self._generation = -1
        self._checked = float("-inf")
        self._heard = 0
        self._is_down = False
        self._listener: ChangeListener | None = None

    async def find_config(self, alias: str) -> type[ProviderBaseConfig] | None:
        """Return the configuration class of an alias, or None where none is stored under it.

        Raises `ConfigInactiveError`, `CredentialError`, and `StorageError` where the database was never reached.
        """
        await self._refresh()
        config = self._configs.get(alias)
        if config is None:
            return None
        self._policy.require_usable(config)
        # What is read anew meanwhile has classes of its own.
        classes = self._classes
        if alias not in classes:
            secrets = await self._resolve(config)
            classes[alias] = define_config(self._define(alias, config), secrets)
        return classes[alias]

    def _define(self, alias: str, config: ProviderModelConfigResponse) -> AliasDefinition:
        settings = factory_settings(config)
        called = find_called_model(config.provider_name, config.model_id, settings)
        known = check_compatibility(called, config.parameters)
        middleware: list[Middleware] = [] if self._health is None else [self._health.middleware_for(config)]
        if config.prompt_template is not None:
            middleware.append(PromptTemplateMiddleware(config.prompt_template))
        if middleware:
            settings["middleware"] = tuple(middleware)
        return AliasDefinition(
            alias=alias,
            provider=config.provider_name,
            model=config.model_id,
            parameters=known.sendable,
            api_key_env=config.api_key_env,
            base_url=config.base_url,
            settings=settings,
            description=config.description,
        )

    async def _resolve(self, config: ProviderModelConfigResponse) -> Mapping[str, Secret] | None:
        credential = config.credential
        if credential is None:
            return None
        if credential not in self._secrets:
            self._secrets[credential] = await self._service.credentials.resolve(config)
        return self._secrets[credential]

    async def list_aliases(self) -> Collection[str]:
        """Return the aliases that may be used now."""
        await self._refresh()
        return [config.alias for config in self._configs.values() if config.alias is not None and config.is_active]

    async def __aenter__(self) -> ConfigAliases:
        self._listener = ChangeListener(self._service.database, self._forget)
        await self._listener.start()
        return self

    async def aclose(self) -> None:
        """End listening for changes; the aliases can still be used, and are polled."""
        listener, self._listener = self._listener, None
        if listener is not None:
            await listener.aclose()

    def _forget(self) -> None:
        self._heard += 1
        self._checked = float("-inf")

    async def _refresh(self) -> None:
        if monotonic() - self._checked < self._poll_seconds:
            return
        async with self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            begun = monotonic()
            if begun - self._checked >= self._poll_seconds:
                await self._read(begun)

    async def _read(self, begun: float) -> None:
        heard = self._heard
        try:
            changed = await self._service.read_changes(self._generation)
        except StorageError as error:
            if self._generation < 0:
                raise
            if not self._is_down:
                _LOG.warning("stored configurations cannot be read; what was read last holds: %s", error)
            self._is_down = True
            self._checked = begun
            return
        self._is_down = False
        # A change that is heard of while this is read asks for another reading.
        self._checked = begun if self._heard == heard else float("-inf")
        if changed is not None:
            self._generation, configs = changed
            self._configs = {name: config for config in configs for name in _names(config)}
            self._classes = {}
            in_use = {config.credential for config in configs}
            self._secrets = {known: secrets for known, secrets in self._secrets.items() if known in in_use}


def _names(config: ProviderModelConfigResponse) -> list[str]:
    own = f"{config.provider_name}/{config.model_id}"
    return [own] if config.alias is None else [own, config.alias]

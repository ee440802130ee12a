"""`ConfigAliases`: stored configurations as aliases of a registry, seen in every process soon after they change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

from core.llms.configs.base.definitions import AliasDefinition, define_config
from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.errors import StorageError
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.called_models import find_called_model
from core.llms.provider_config.compatibility import check_compatibility
from core.llms.provider_config.creation import PromptTemplateMiddleware
from core.llms.provider_config.factory import UsePolicy
from core.llms.provider_config.health.live import LiveHealth
from core.llms.provider_config.listening import ChangeListener
from core.llms.provider_config.provider_versions import factory_settings
from core.llms.provider_config.revisions.snapshots import config_name
from core.llms.provider_config.schemas import CredentialReference, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.runtime.closing import AsyncClosing
from core.llms.runtime.middleware import Middleware
from core.llms.types.secrets import Secret

_LOG = logging.getLogger("core.llms.provider_config")
# Then the connection is given up: it may be to a machine that is not there any more.
_LONGEST_READING_SECONDS: Final = 30.0


class ConfigAliases(AsyncClosing):
    """A source of aliases: `registry.add_source(aliases)`, and every handler over the registry knows them.

    A configuration goes by its `alias` and by `provider/model_id`. A change is seen at the first call that comes
    `poll_seconds` after it at the latest; with PostgreSQL, between `async with` and its end, at once. While the
    database is down, or does not answer within `patience_seconds`, what was read last holds, and a log line says so.
    What is switched off is refused with `ConfigInactiveError`.
    """

    def __init__(
        self,
        service: ProviderConfigService,
        policy: UsePolicy | None = None,
        *,
        poll_seconds: float = 0.5,
        patience_seconds: float = 1.0,
        health: LiveHealth | None = None,
    ) -> None:
        """With `health`, what becomes of calls is counted as the health of their configurations."""
        self._service = service
        self._health = health
        self._policy = policy or UsePolicy()
        self._poll_seconds = poll_seconds
        self._patience_seconds = patience_seconds
        self._readings: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()
        self._is_late = False
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

        Raises `ConfigInactiveError`, `AccessDeniedError` where the service's actor may not use it, `CredentialError`,
        and `StorageError` where the database was never reached.
        """
        await self._refresh()
        config = self._configs.get(alias)
        if config is None:
            return None
        self._policy.require_usable(config)
        # What is read anew meanwhile has classes of its own.
        classes = self._classes
        if alias not in classes:
            await self._service.require(Operation.USE, config)
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
        reading = self._readings.pop(asyncio.get_running_loop(), None)
        if reading is not None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def _forget(self) -> None:
        self._heard += 1
        self._checked = float("-inf")

    async def _refresh(self) -> None:
        oldest = monotonic() - self._poll_seconds
        if self._checked > oldest:
            return
        loop = asyncio.get_running_loop()
        reading = self._readings.get(loop)
        # What another call has begun to read may be too old for this one.
        if reading is not None and not reading.done():
            if not await self._is_read_soon(reading) or self._checked > oldest:
                return
            reading = self._readings.get(loop)
        if reading is None or reading.done():
            # A task, so that it ends whichever call is cancelled, and whether any still waits for it.
            reading = self._readings[loop] = loop.create_task(self._read(monotonic()))
            reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        await self._is_read_soon(reading)

    async def _is_read_soon(self, reading: asyncio.Task[None]) -> bool:
        """Wait for a reading, unless it takes too long, and tell whether it is done. Raises what it raised."""
        if self._generation < 0:
            await asyncio.shield(reading)
        await asyncio.wait([reading], timeout=0 if self._is_late else self._patience_seconds)
        if reading.done():
            reading.result()
            return True
        self._is_late = True
        self._tell_once(f"the database does not answer within {self._patience_seconds:g} s")
        return False

    def _tell_once(self, problem: object) -> None:
        if not self._is_down:
            _LOG.warning("stored configurations cannot be read; what was read last holds: %s", problem)
        self._is_down = True

    async def _read(self, begun: float) -> None:
        heard = self._heard
        try:
            async with asyncio.timeout(_LONGEST_READING_SECONDS):
                changed = await self._service.read_changes(self._generation)
        except (StorageError, TimeoutError) as error:
            if self._generation < 0:
                raise _as_storage_error(error) from error
            self._tell_once(_as_storage_error(error))
            self._checked = monotonic()
            return
        finally:
            self._is_late = False
        self._is_down = False
        # A change that is heard of while this is read asks for another reading.
        self._checked = begun if self._heard == heard else float("-inf")
        if changed is not None:
            self._generation, configs = changed
            self._configs = _by_name(configs)
            self._classes = {}
            in_use = {config.credential for config in configs}
            self._secrets = {known: secrets for known, secrets in self._secrets.items() if known in in_use}


def _as_storage_error(error: StorageError | TimeoutError) -> StorageError:
    told = f"the database does not answer within {_LONGEST_READING_SECONDS:g} s"
    return error if isinstance(error, StorageError) else StorageError(told)


def _by_name(configs: Collection[ProviderModelConfigResponse]) -> dict[str, ProviderModelConfigResponse]:
    """Return configurations by alias and by `provider/model_id`, which no alias of another stands in for."""
    aliases = {config.alias: config for config in configs if config.alias is not None}
    return aliases | {config_name(config.provider_name, config.model_id): config for config in configs}

"""`HealthService`: checking whether the providers of configurations answer, and telling how they stand."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime
from time import monotonic

from core.llms.errors import DeadlineExceededError, LLMError
from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.errors import ConfigNotFoundError, StaleConfigError
from core.llms.provider_config.health.call_counts import CallCounts
from core.llms.provider_config.health.counting import Switch, find_switch
from core.llms.provider_config.health.leases import Tenure
from core.llms.provider_config.health.outcomes import SUCCESS, Finding, Outcome, read_error
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.store import HealthStore, Kept
from core.llms.provider_config.health.switching import switch
from core.llms.provider_config.health.values import HealthCheck, HealthStatus
from core.llms.provider_config.health.windows import read_history, read_statuses
from core.llms.provider_config.registration import not_found
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.verification import Verifier

_LOG = logging.getLogger("core.llms.health")


class HealthService:
    """Health of the configurations of a service. `verifier`, by default the service's own, asks a provider.

    Every method takes the `actor` on whose behalf it acts, and raises `AccessDeniedError` and `StorageError` as the
    service's do.
    """

    def __init__(
        self,
        provider_config_service: ProviderConfigService,
        policy: HealthPolicy | None = None,
        *,
        verifier: Verifier | None = None,
    ) -> None:
        self.configs = provider_config_service
        self.policy: HealthPolicy = policy or HealthPolicy()
        self._verifier: Verifier = verifier or provider_config_service.verifier
        self._work = provider_config_service._work
        self._store = HealthStore(provider_config_service.database, self.policy)

    async def check(self, provider: str, model_id: str, *, actor: Actor | str | None = None) -> HealthCheck:
        """Ask the provider, keep the outcome, and switch as the policy says. A failure is the outcome, no error.

        Raises `ConfigNotFoundError`.
        """
        config = await self._find(provider, model_id, actor)
        await self.configs.require(Operation.VERIFY, config, actor=actor)
        return await self.check_config(config)

    async def check_all(self, *, provider: str | None = None, actor: Actor | str | None = None) -> list[HealthCheck]:
        """Check every configuration that is switched on, or was switched off by health, some at once."""
        statuses = await self.statuses(provider=provider, actor=actor)
        wanted = [status for status in statuses if status.is_active or status.switched_off_at is not None]
        places = asyncio.Semaphore(self.policy.max_concurrency)

        async def check(status: HealthStatus) -> HealthCheck:
            async with places:
                return await self.check(status.provider_name, status.model_id, actor=actor)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(check(status)) for status in wanted]
        return [task.result() for task in tasks]

    async def history(
        self,
        provider: str,
        model_id: str,
        *,
        limit: int = 100,
        since: datetime | None = None,
        actor: Actor | str | None = None,
    ) -> list[HealthCheck]:
        """Return what was found out of a configuration, newest first. Raises `ConfigNotFoundError`."""
        config = await self._find(provider, model_id, actor)
        return await read_history(self.configs.database, config, limit, since)

    async def status(self, provider: str, model_id: str, *, actor: Actor | str | None = None) -> HealthStatus:
        """Say how a configuration stands. Raises `ConfigNotFoundError`."""
        return (await self._read([await self._find(provider, model_id, actor)]))[0]

    async def statuses(self, *, provider: str | None = None, actor: Actor | str | None = None) -> list[HealthStatus]:
        """Say how every configuration stands that the actor may see, by provider and model."""
        return await self._read((await self.configs.list_providers(provider=provider, actor=actor)).providers)

    async def add_calls(self, counts: CallCounts) -> None:
        """Keep what became of live calls: the work of `LiveHealth`."""
        await self._store.add_calls(counts)

    async def clean(self) -> None:
        """Forget what is older, or more, than the policy keeps; whoever writes does so every ten minutes."""
        await self._store.clean()

    async def check_config(self, config: ProviderModelConfigResponse, tenure: Tenure | None = None) -> HealthCheck:
        """Check a configuration as it was read. Raises `ConfigNotFoundError` where it was deleted meanwhile.

        With a tenure nothing is kept or switched once that has ended: `LeaseLostError` is raised.
        """
        begun = monotonic()
        finding = await self._ask(config)
        seconds = monotonic() - begun
        kept = await self._store.add_check(config.id, finding, seconds, tenure)
        if kept is None:
            raise not_found(config.provider_name, config.model_id)
        return HealthCheck(
            provider_name=config.provider_name,
            model_id=config.model_id,
            kind="active",
            at=kept.at,
            outcome=finding.outcome,
            latency_seconds=seconds,
            error_class=finding.error_class,
            status=finding.status,
            message=finding.message,
            switched=await self._switch(config, kept),
        )

    async def _ask(self, config: ProviderModelConfigResponse) -> Finding:
        seconds = self.policy.timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                await self._verifier.verify(config)
        except LLMError as error:
            return read_error(error, self.policy.outcomes)
        except TimeoutError:
            late = DeadlineExceededError(
                f"no answer within {seconds:g} s", phase="total", provider=config.provider_name, model=config.model_id
            )
            return read_error(late, self.policy.outcomes)
        return SUCCESS

    async def _switch(self, config: ProviderModelConfigResponse, kept: Kept) -> Switch | None:
        wanted = find_switch(
            self.policy, kept.streak, is_active=config.is_active, is_off_by_health=kept.is_off_by_health
        )
        if wanted is None:
            return None
        name = f"{config.provider_name}/{config.model_id}"
        is_refused = kept.streak.outcome is Outcome.REFUSED
        try:
            is_done = await switch(
                self._work,
                config,
                is_active=wanted == "on",
                allows_off=lambda off, total: is_refused or self.policy.allows_off(off, total),
            )
        except (StaleConfigError, ConfigNotFoundError) as error:
            _LOG.info("%s is not switched %s: %s", name, wanted, error)
            return None
        if not is_done:
            _LOG.warning("%s fails and is not switched off: as many are already as the policy allows", name)
            return None
        level = logging.WARNING if wanted == "off" else logging.INFO
        _LOG.log(level, "%s is switched %s: %d failures in a row", name, wanted, kept.streak.failures)
        return wanted

    async def _find(self, provider: str, model_id: str, actor: Actor | str | None) -> ProviderModelConfigResponse:
        config = await self.configs.get_provider_model(provider, model_id, actor=actor)
        if config is None:
            raise not_found(provider, model_id)
        return config

    async def _read(self, configs: Iterable[ProviderModelConfigResponse]) -> list[HealthStatus]:
        return await read_statuses(self.configs.database, list(configs), self.policy)

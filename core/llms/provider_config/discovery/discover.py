"""`discover`: what the environment and this machine offer, compared with what is configured. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from core.llms.configs import CONFIG_REGISTRY
from core.llms.create import find_factory
from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.discovery.addresses import root_of
from core.llms.provider_config.discovery.choosing import find_obstacle, order_models
from core.llms.provider_config.discovery.environment import list_discoverable
from core.llms.provider_config.discovery.findings import (
    DiscoveredModel,
    DiscoveredProvider,
    DiscoveryProblem,
    DiscoveryReport,
)
from core.llms.provider_config.discovery.local import USUAL_ADDRESSES
from core.llms.provider_config.discovery.looking import Search, look
from core.llms.provider_config.discovery.places import Place
from core.llms.provider_config.discovery.proposals import Proposer
from core.llms.provider_config.schemas import ProviderModelConfigCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.registry.llm_registry import LLMRegistry

PROPOSED_OF_ONE_PROVIDER: Final = 5


async def discover(
    providers: str | Iterable[str] | None = None,
    *,
    service: ProviderConfigService | None = None,
    local_only: bool = False,
    addresses: Iterable[str] | None = None,
    api_key_env: Mapping[str, str] | None = None,
    limit: int | None = PROPOSED_OF_ONE_PROVIDER,
    timeout_seconds: float = 20.0,
    connect_seconds: float = 2.0,
    registry: LLMRegistry | None = None,
    actor: Actor | str | None = None,
) -> DiscoveryReport:
    """Find providers that the environment has credentials for, servers of this machine, and what their models can do.

    Of all providers, or of those named, the ones are asked for their lists of models whose variables are set: nothing
    that costs. Servers are looked for at this machine's usual addresses, or at `addresses`; they get no key. With
    `local_only` only servers of this machine are asked, and of the environment those that need no key, unless
    `addresses` name others. `api_key_env` maps providers to variables that hold their keys instead of the usual ones.

    With a `service`, what is configured is marked, on behalf of `actor`, what vanished is told, and proposed aliases
    are free there, too. Of each provider `limit` models are proposed, None for all that can be. Everything together
    takes `timeout_seconds`, and a connection to a server `connect_seconds`; what does not answer is a problem of the
    report, not an error.

    Raises `ConfigurationError` for a name that is no provider's, `ConfigValidationError` for an address that cannot be
    read, and what `service.list_providers` raises.
    """
    keys = dict(api_key_env or {})
    named = (providers,) if isinstance(providers, str) else tuple(providers or ())
    for name in (*named, *keys):
        find_factory(name)
    configs, parameter_names = await _read_configured(service, actor)
    found = await look(
        Search(
            providers={name: keys.get(name) for name in named or list_discoverable()},
            is_named=bool(named),
            addresses=tuple(map(root_of, USUAL_ADDRESSES if addresses is None else addresses)),
            is_asked=addresses is not None,
            is_local=local_only,
            timeout_seconds=timeout_seconds,
            connect_seconds=connect_seconds,
            registry=registry,
        )
    )
    taken = {*CONFIG_REGISTRY, *(config.alias for config in configs if config.alias is not None)}
    comparison = _Comparison(configs, Proposer(taken, parameter_names), limit)
    return DiscoveryReport(
        providers=tuple(comparison.compare(place) for place in found if isinstance(place, Place)),
        problems=tuple(problem for problem in found if isinstance(problem, DiscoveryProblem)),
    )


async def _read_configured(
    service: ProviderConfigService | None, actor: Actor | str | None
) -> tuple[Sequence[ProviderModelConfigResponse], list[str]]:
    if service is None:
        return (), []
    configs = (await service.list_providers(actor=actor)).providers
    return configs, [row.name for row in await service.parameters.list_all(actor=actor)]


class _Comparison:
    """Compares places with what is configured, one after the other: a model is proposed once."""

    def __init__(self, configs: Sequence[ProviderModelConfigResponse], proposer: Proposer, limit: int | None) -> None:
        self._configs = configs
        self._proposer = proposer
        self._limit = limit
        self._today = datetime.now(UTC).date()
        self._proposed: dict[tuple[str, str], str] = {}

    def compare(self, place: Place) -> DiscoveredProvider:
        """Say of every model of a place what it is here."""
        models: list[DiscoveredModel] = []
        left = self._limit
        for name in order_models(place):
            model = self._compare_model(place, name, left)
            models.append(model)
            if left is not None and model.proposal is not None:
                left -= 1
        return DiscoveredProvider(
            provider=place.provider,
            address=place.address,
            models=tuple(models),
            variables=place.variables,
            server=place.server,
            vanished=place.find_vanished(self._configs),
        )

    def _compare_model(self, place: Place, name: str, left: int | None) -> DiscoveredModel:
        profile = place.listed[name]
        config = place.find_config(name, self._configs)
        reason = self._find_reason(place, name, config, left)
        proposal: ProviderModelConfigCreate | None = None
        if reason is None:
            proposal = self._proposer.propose(place, name, profile)
            self._proposed[place.provider, name] = place.address
        return DiscoveredModel(
            provider=place.provider, model=name, profile=profile, config=config, proposal=proposal, reason=reason
        )

    def _find_reason(
        self, place: Place, name: str, config: ProviderModelConfigResponse | None, left: int | None
    ) -> str | None:
        if config is not None:
            elsewhere = "" if place.serves(config) else f", for calls to {config.base_url or 'another account'}"
            return f"it is configured{elsewhere}"
        obstacle = find_obstacle(place, place.listed[name], self._today)
        if obstacle is not None:
            return obstacle
        other = self._proposed.get((place.provider, name))
        if other is not None:
            return f"it is proposed at {other}, and there can be one of a name"
        return f"{self._limit} others are proposed" if left == 0 else None

"""Looking at everything at once: accounts of the environment and servers, each for its models, until one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from core.llms.provider_config.discovery.addresses import is_loopback, place_of
from core.llms.provider_config.discovery.asking import AskingError, ask, describe_failure
from core.llms.provider_config.discovery.environment import EnvironmentAccount, find_accounts, find_usual_address
from core.llms.provider_config.discovery.findings import DiscoveryProblem
from core.llms.provider_config.discovery.local import KINDS, FoundServer, find_server
from core.llms.provider_config.discovery.places import Place
from core.llms.registry.detection.base.registering import create_detector
from core.llms.registry.detection.base.waiting import gather_or_cancel
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.runtime.retry import NO_RETRY

Found: TypeAlias = Place | DiscoveryProblem | None
_SHARE_OF_FINDING: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look at. `providers` maps names to the variable of the key, None for the usual ones; `is_named` says that
    the caller named them, as `is_asked` says it of the addresses of servers. `timeout_seconds` is for all of it.
    """

    providers: Mapping[str, str | None]
    is_named: bool
    addresses: tuple[str, ...]
    is_asked: bool
    is_local: bool
    timeout_seconds: float
    connect_seconds: float
    registry: LLMRegistry | None


async def look(search: Search) -> list[Place | DiscoveryProblem]:
    """Return every place that answered, and every problem: those of the environment first, each kind in order."""
    begun = asyncio.get_running_loop().time()
    until = begun + search.timeout_seconds
    accounts = await find_accounts(search.providers, search.is_named, search.registry)
    if search.is_local:
        # A vendor may have addresses besides: of its control plane, or where it gives tokens for keys.
        accounts = [each for each in accounts if not each.needs_key and each.address and is_loopback(each.address)]
    tasks: list[Coroutine[Any, Any, Found]] = [_look_at_account(account, until) for account in accounts]
    if any(kind.provider in search.providers for kind in KINDS):
        known = {place_of(each.address) for each in accounts if each.address is not None}
        others = {place_of(address): address for address in search.addresses if place_of(address) not in known}
        half = begun + search.timeout_seconds * _SHARE_OF_FINDING
        tasks += [_look_at_address(address, search, half, until) for address in others.values()]
    return [found for found in await gather_or_cancel(tasks) if found is not None]


async def _look_at_account(account: EnvironmentAccount, until: float) -> Found:
    try:
        if account.error is not None:
            raise describe_failure(account.error)
        listed = await ask(account.detector, until)
    except AskingError as error:
        return DiscoveryProblem(
            kind=error.kind,
            reason=error.reason,
            provider=account.provider,
            address=account.address,
            variables=account.variables,
        )
    assert account.address is not None
    return Place(
        provider=account.provider,
        address=account.address,
        listed=listed,
        detector=account.detector,
        api_key_env=account.api_key_env,
        variables=account.variables,
        usual_address=account.address,
    )


async def _look_at_address(address: str, search: Search, half: float, until: float) -> Found:
    try:
        server = await find_server(address, search.connect_seconds, half)
        if server is not None:
            async with aclosing(server.connector):
                return await _look_at_server(server, search, until)
    except AskingError as error:
        return DiscoveryProblem(kind=error.kind, reason=error.reason, address=address)
    if search.is_asked:
        return DiscoveryProblem(kind="no_answer", reason="no server of a known kind answers there", address=address)
    return None


async def _look_at_server(server: FoundServer, search: Search, until: float) -> Found:
    provider = server.kind.provider
    if provider not in search.providers:
        return None
    detector = create_detector(provider, search.registry, connector=server.connector, retry=NO_RETRY)
    return Place(
        provider=provider,
        address=server.address,
        listed=await ask(detector, until, server.facts),
        detector=detector,
        base_url=server.address,
        server=server.kind.name,
        usual_address=await find_usual_address(provider, search.registry),
    )

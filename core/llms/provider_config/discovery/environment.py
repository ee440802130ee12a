"""Accounts of the environment: the providers that would be called with what its variables hold, found without a call.

The providers' own factories say which variables they read; no list of names is kept here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from typing import Any

from core.llms.create import ENTRY_POINT_GROUP, list_providers
from core.llms.errors import ConfigurationError
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.registry.current import peek_provider_registry
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.registering import create_detector
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.registry.packaged import packaged_connector
from core.llms.runtime.retry import NO_RETRY
from core.llms.types.secrets import Secret


class _AnyModel(BaseMetadata):
    """Stands where a factory wants a model, though it is the account that is looked at."""

    NAME = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentAccount:
    """A provider that the environment has something for.

    `variables` are those that are set; `api_key_env` is the one that holds the key, where one alone does. `address` is
    where calls go, None where the provider's LLM cannot be made, and `error` says why not. `needs_key` is false for
    what people run themselves.
    """

    provider: str
    variables: tuple[str, ...]
    needs_key: bool
    api_key_env: str | None = None
    address: str | None = None
    error: ConfigurationError | None = None
    detector: CapabilityDetector = field(repr=False)


def list_discoverable() -> list[str]:
    """Return the names of all providers: of this package, of plug-ins, and registered ones."""
    registry = peek_provider_registry()
    plugins = entry_points(group=ENTRY_POINT_GROUP).names
    return sorted({*list_providers(), *plugins, *(() if registry is None else registry.list_providers())})


async def find_accounts(
    providers: Mapping[str, str | None], named: bool, registry: LLMRegistry | None
) -> list[EnvironmentAccount]:
    """Find which of the providers the environment has a credential or an address for. Nothing is sent.

    `providers` maps each to the variable that holds its key instead of the usual ones. One that is `named` is found
    without any variable, too, where its LLM can be made: by a profile of the machine, say.
    """
    found = [await _find_account(name, variable, named, registry) for name, variable in providers.items()]
    return [account for account in found if account is not None]


async def _find_account(
    provider: str, variable: str | None, named: bool, registry: LLMRegistry | None
) -> EnvironmentAccount | None:
    credentials, addresses, says_all = _variables_of(provider)
    alternatives = [(variable,)] if variable is not None else credentials
    begun = dict.fromkeys(name for names in alternatives for name in names if _is_set(name))
    variables = (*begun, *filter(_is_set, addresses))
    needs_key = _needs_key(provider)
    # What needs no key is found by its address, or as a server.
    is_there = bool(begun or (named if needs_key else variables))
    if says_all and not is_there:
        return None
    key = None if variable is None else Secret(os.environ.get(variable, ""))
    detector = _detector_of(provider, registry, {} if key is None else {"api_key": key})
    account = EnvironmentAccount(provider=provider, variables=variables, needs_key=needs_key, detector=detector)
    try:
        address, identity = await _look_at(detector)
    except ConfigurationError as error:
        # What a plug-in needs it does not say: without it, it is not there.
        return replace(account, error=error) if is_there or named else None
    held = [names for names in alternatives if all(map(_is_set, names))]
    api_key_env = variable or await _find_key_variable(provider, registry, held, identity)
    return replace(account, address=address, api_key_env=api_key_env)


def _is_set(variable: str) -> bool:
    return bool(os.environ.get(variable, "").strip())


def _variables_of(provider: str) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...], bool]:
    """Return the variables of credentials and of addresses, and whether these are all that there are."""
    if provider in list_providers():
        connector = packaged_connector(provider)
        return connector.credential_variables(), connector.address_variables(), True
    registry = peek_provider_registry()
    known = None if registry is None else registry.find_registered(provider)
    if known is None:
        return (), (), False
    return tuple((name,) for name in known.key_variables), known.address_variables, known.compatible_with is not None


def _needs_key(provider: str) -> bool:
    return provider not in list_providers() or packaged_connector(provider).NEEDS_KEY


def _detector_of(provider: str, registry: LLMRegistry | None, options: Mapping[str, Any]) -> CapabilityDetector:
    return create_detector(provider, registry, retry=NO_RETRY, **options)


async def find_usual_address(provider: str, registry: LLMRegistry | None) -> str | None:
    """Return where calls go that name no address; None where they need one."""
    try:
        return (await _look_at(_detector_of(provider, registry, {})))[0]
    except ConfigurationError:
        return None


async def _look_at(detector: CapabilityDetector) -> tuple[str, Any]:
    async with detector.create_llm(_AnyModel.NAME, metadata=_AnyModel) as llm:
        return llm.connector.base_url, llm.connector.identity


async def _find_key_variable(
    provider: str, registry: LLMRegistry | None, held: list[tuple[str, ...]], identity: Any
) -> str | None:
    """Return the variable whose value, given as the key, makes the very connector that the environment makes."""
    for names in held:
        if len(names) == 1:
            key = Secret(os.environ[names[0]].strip())
            try:
                _, same = await _look_at(_detector_of(provider, registry, {"api_key": key}))
            except ConfigurationError:
                continue
            if same == identity:
                return names[0]
    return None

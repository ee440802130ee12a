"""Every method of the services, for every role within every scope, and for every denial: allowed, or refused."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence

import pytest

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.errors import AccessDeniedError
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.access_table import (
    CALLS,
    FREE,
    MODEL,
    PROVIDER,
    REPRESENTATIVES,
    SCOPES,
    WITHOUT_ACTOR,
    Call,
    fill,
    public_methods,
)

KEY = "key:" + "A" * 43 + "="


class Answering:
    """A provider that answers for everything."""

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        return None


@pytest.fixture
async def service(database: Database, monkeypatch: pytest.MonkeyPatch) -> ProviderConfigService:
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", KEY)
    filled = ProviderConfigService(database, verifier=Answering())
    await fill(filled)
    return filled


async def is_done(call: Call, service: ProviderConfigService) -> bool:
    if call.prepare is not None:
        await call.prepare(service)
    try:
        await call.run(service, "mallory")
    except AccessDeniedError:
        return False
    return True


def test_every_method_takes_an_actor_and_is_in_the_table(database: Database) -> None:
    methods = public_methods(ProviderConfigService(database))
    acting = {name for name, method in methods.items() if "actor" in inspect.signature(method).parameters}
    assert set(methods) - acting == WITHOUT_ACTOR
    assert set(methods) == {call.method for call in CALLS} | FREE


def cells(service: ProviderConfigService) -> Iterator[tuple[str, Scope, Sequence[Call]]]:
    """Every scope with one call for each operation, and the narrowest with every call; on PostgreSQL one each."""
    for named, scope in SCOPES.items():
        is_narrow = named == "its model"
        if service.database.url.is_sqlite or is_narrow:
            yield named, scope, CALLS if is_narrow and service.database.url.is_sqlite else REPRESENTATIVES


@pytest.mark.parametrize("role", Role)
async def test_a_role_allows_what_it_says_within_its_scope_and_nothing_else(
    service: ProviderConfigService, role: Role
) -> None:
    for named, scope, calls in cells(service):
        grant = await service.access.grant("mallory", role, scope)
        for call in calls:
            assert await is_done(call, service) == call.is_allowed(role, scope), (role, named, call)
        await service.access.revoke(grant.id)


@pytest.mark.parametrize("role", [Role.USER, Role.CREDENTIAL_MANAGER, Role.OWNER])
async def test_a_denial_wins_over_owning_everything(service: ProviderConfigService, role: Role) -> None:
    await service.access.grant("mallory", Role.OWNER)
    for named, scope, calls in cells(service):
        denial = await service.access.deny("mallory", role, scope)
        for call in calls:
            assert await is_done(call, service) != call.is_denied(role, scope), (role, named, call)
        await service.access.revoke(denial.id)


async def test_what_is_denied_changes_nothing_and_is_written_down(service: ProviderConfigService) -> None:
    await service.access.grant("mallory", Role.VIEWER)
    config, entries = await service.get_provider_model(PROVIDER, MODEL), await service.audit.list_entries(limit=1_000)
    refused = 0
    for call in CALLS:
        if call.prepare is None:
            refused += not await is_done(call, service)
    assert await service.get_provider_model(PROVIDER, MODEL) == config
    after = await service.audit.list_entries(limit=1_000)
    new = after[: len(after) - len(entries)]
    assert {(entry.actor, entry.outcome, entry.kind) for entry in new} == {("mallory", "denied", "access")}
    # What only lists is not refused, it shows nothing.
    listing = {"access.list_grants", "audit.list_entries", "credentials.list_all"}
    assert len(new) == refused - len(listing & {call.method for call in CALLS if call.prepare is None})

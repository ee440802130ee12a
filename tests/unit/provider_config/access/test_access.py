"""Roles, scopes and denials by themselves, and granting them."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.provider_config.access.actors import SYSTEM, Actor
from core.llms.provider_config.access.operations import EVERYTHING, Operation, Scope
from core.llms.provider_config.access.permissions import Grant, Permissions
from core.llms.provider_config.access.roles import OPERATIONS, Role
from core.llms.provider_config.errors import AccessDeniedError, ConfigNotFoundError, ConfigValidationError
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService

ANN = Actor("ann")
HERE = Scope("acme", "search", "openai", "gpt-4.1-mini")
MODEL = ("openai", "gpt-4.1-mini")
CALM = LLMParametersCreate(name="calm", temperature=0.2)


@pytest.mark.parametrize(
    ("wide", "narrow", "is_covered", "is_overlapping"),
    [
        (EVERYTHING, HERE, True, True),
        (HERE, EVERYTHING, False, True),
        (HERE, HERE, True, True),
        (Scope("acme"), HERE, True, True),
        (Scope(provider="openai"), HERE, True, True),
        (Scope(provider="groq"), HERE, False, False),
        (Scope("acme", "other"), HERE, False, False),
        (Scope("acme"), Scope(provider="openai"), False, True),
    ],
)
def test_scopes_cover_and_overlap(wide: Scope, narrow: Scope, is_covered: bool, is_overlapping: bool) -> None:
    assert (wide.covers(narrow), wide.overlaps(narrow)) == (is_covered, is_overlapping)


def test_every_operation_is_in_a_role_and_secrets_only_where_they_must_be() -> None:
    assert set(OPERATIONS) == set(Role)
    assert frozenset().union(*OPERATIONS.values()) == frozenset(Operation)
    seeing = {role for role, operations in OPERATIONS.items() if Operation.READ_SECRET in operations}
    assert seeing == {Role.SECRET_READER, Role.OWNER}


def test_a_denial_wins_whatever_the_order() -> None:
    allowed = Grant(id=1, subject="ann", role=Role.OWNER)
    denied = Grant(id=2, subject="ann", role=Role.USER, scope=Scope(provider="openai"), is_denial=True)
    for grants in ((allowed, denied), (denied, allowed)):
        permissions = Permissions(ANN, grants)
        assert not permissions.may(Operation.USE, HERE)
        assert permissions.may(Operation.USE, Scope("acme", "search", "groq"))
        assert permissions.may(Operation.DELETE, HERE)
        with pytest.raises(AccessDeniedError, match="grant 2 denies it"):
            permissions.require(Operation.USE, HERE)


def test_an_error_names_the_actor_the_operation_the_place_and_the_way() -> None:
    with pytest.raises(AccessDeniedError) as caught:
        Permissions(ANN).require(Operation.CONNECT, HERE, is_named=True)
    assert isinstance(caught.value, PermissionError)
    assert "'ann' may not connect within organisation 'acme', workspace 'search'" in str(caught.value)
    assert "maintainer, admin, owner" in str(caught.value)


@pytest.mark.parametrize("name", ["", " ann", "a\nb", "x" * 256, "system"])
def test_names_that_nobody_can_have_are_refused(name: str) -> None:
    with pytest.raises(ConfigValidationError, match="`actor`"):
        Actor(name)


async def test_nobody_gives_more_than_it_has(service: ProviderConfigService) -> None:
    await service.access.grant("ann", Role.ADMIN, Scope("acme"))
    assert (await service.access.grant("bob", "maintainer", Scope("acme", "search"), actor="ann")).id == 2
    for role, scope in ((Role.SECRET_READER, Scope("acme")), (Role.OWNER, Scope("acme")), (Role.VIEWER, EVERYTHING)):
        with pytest.raises(AccessDeniedError):
            await service.access.grant("bob", role, scope, actor="ann")
    with pytest.raises(AccessDeniedError):
        await service.access.grant("ann", Role.OWNER, Scope("acme"), actor="bob")
    assert [grant.role for grant in await service.access.list_grants("bob")] == [Role.MAINTAINER]


async def test_granting_the_same_again_changes_nothing_and_revoking_takes_it_back(
    service: ProviderConfigService,
) -> None:
    first = await service.access.grant("ann", Role.VIEWER)
    assert await service.access.grant("ann", Role.VIEWER) == first
    assert await service.access.may(Operation.READ, HERE, actor="ann")
    await service.access.revoke(first.id)
    assert not await service.access.may(Operation.READ, HERE, actor="ann")
    with pytest.raises(ConfigNotFoundError):
        await service.access.revoke(first.id)
    with pytest.raises(ConfigValidationError, match="no role 'boss'"):
        await service.access.grant("ann", "boss")
    assert [entry.action for entry in await service.audit.list_entries(kind="grant")] == ["revoke", "grant"]


async def test_a_service_of_one_actor_acts_for_it_everywhere(service: ProviderConfigService) -> None:
    await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    hers = ProviderConfigService(service.database, actor="ann")
    with pytest.raises(AccessDeniedError):
        await hers.get_provider_model(*MODEL)
    await service.access.grant("ann", Role.VIEWER)
    assert await hers.get_provider_model(*MODEL) is not None
    assert (await hers.get_provider_model(*MODEL, actor=SYSTEM)) is not None


async def test_to_see_is_not_to_use(service: ProviderConfigService) -> None:
    await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    await service.access.grant("ann", Role.VIEWER)
    async with Generator(service) as generator:
        with pytest.raises(AccessDeniedError, match="may not use"):
            await generator.generate(*MODEL, "Say: hello.", actor="ann")
        await service.access.grant("ann", Role.USER, Scope(model="gpt-4.1-mini"))
        assert (await generator.generate(*MODEL, "Say: hello.", actor="ann")).text
        await service.access.deny("ann", Role.USER, Scope(provider="openai"))
        with pytest.raises(AccessDeniedError):
            await generator.generate(*MODEL, "Say: hello.", actor="ann")


@pytest.mark.parametrize(
    "fields",
    [{"base_url": "https://evil.example"}, {"api_key_env": "DATABASE_PASSWORD"}, {"settings": {"organization": "o"}}],
    ids=lambda fields: next(iter(fields)),
)
async def test_whoever_changes_parameters_cannot_send_a_secret_elsewhere(
    service: ProviderConfigService, fields: dict[str, Any]
) -> None:
    await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    await service.access.grant("ann", Role.EDITOR)
    with pytest.raises(AccessDeniedError, match="may not connect"):
        await service.update_provider_model(*MODEL, fields, actor="ann")
    await service.update_provider_model(*MODEL, {"description": "hers"}, actor="ann")


async def test_a_role_for_one_model_is_enough_for_its_own_parameters_and_not_for_shared_ones(
    service: ProviderConfigService,
) -> None:
    await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    await service.access.grant("ann", Role.EDITOR, Scope(model="gpt-4.1-mini"))
    await service.update_provider_model(*MODEL, {}, parameters={"temperature": 0.5}, actor="ann")
    assert (await service.parameters.update("calm", {"temperature": 0.6}, actor="ann")).temperature == 0.6
    await service.register_provider_model(
        "openai", "gpt-4o", parameters=CALM.model_copy(update={"temperature": 0.6}), verify=False
    )
    with pytest.raises(AccessDeniedError):
        await service.update_provider_model(*MODEL, {}, parameters={"temperature": 0.7}, actor="ann")


async def test_parameters_of_another_workspace_stay_its_own(service: ProviderConfigService) -> None:
    shared = CALM.model_copy(update={"workspace": "theirs"})
    await service.register_provider_model(*MODEL, parameters=shared, verify=False, workspace="hers")
    await service.access.grant("ann", Role.MAINTAINER, Scope(workspace="hers"))
    with pytest.raises(AccessDeniedError, match="may not update there"):
        await service.update_provider_model(*MODEL, {}, parameters={"temperature": 0.5}, actor="ann")


async def test_a_credential_that_one_may_not_use_cannot_be_chosen(
    service: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", "key:" + "A" * 43 + "=")
    theirs = await service.credentials.create("account", "openai", {"api_key": "sk-1"}, workspace="theirs")
    await service.register_provider_model(*MODEL, parameters=CALM, verify=False, workspace="hers")
    await service.access.grant("ann", Role.MAINTAINER, Scope(workspace="hers"))
    with pytest.raises(AccessDeniedError, match="may not use there"):
        await service.update_provider_model(*MODEL, {"credential_id": theirs.id}, actor="ann")
    with pytest.raises(AccessDeniedError, match="may not use there"):
        await service.register_provider_model(
            "openai",
            "gpt-4o",
            LLMParametersCreate(name="other"),
            verify=False,
            workspace="hers",
            credential_id=theirs.id,
            actor="ann",
        )
    assert await service.get_provider_model("openai", "gpt-4o") is None

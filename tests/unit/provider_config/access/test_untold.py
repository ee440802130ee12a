"""What an actor does not get to know, to use or to take of a workspace that it may not read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.errors import AccessDeniedError, ConfigValidationError
from core.llms.provider_config.models import ProviderModelConfig
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from core.llms.storage.usage_store import DatabaseUsageStore
from core.llms.types.usage_totals import UsageKey, UsageTotals

MODEL = ("openai", "gpt-4.1-mini")
THEIRS: dict[str, Any] = {"organisation": "acme", "workspace": "hidden"}
OURS: dict[str, Any] = {"organisation": "acme", "workspace": "ours"}
CALM = LLMParametersCreate(name="calm", temperature=0.2)
Call = Callable[[ProviderConfigService], Awaitable[object]]
CALLS: dict[str, Call] = {
    "get": lambda s: s.get_provider_model(*MODEL, actor="bob"),
    "alias": lambda s: s.get_by_alias("fast", actor="bob"),
    "update": lambda s: s.update_provider_model(*MODEL, {}, actor="bob"),
    "history": lambda s: s.revisions.history(*MODEL, actor="bob"),
    "explain": lambda s: s.explain_parameters(*MODEL, actor="bob"),
    "parameters": lambda s: s.parameters.get("calm", actor="bob"),
    "parent": lambda s: s.parameters.create(LLMParametersCreate(name="kid", parent="calm", **OURS), actor="bob"),
    "revoke": lambda s: s.access.revoke(1, actor="bob"),
    "usage": lambda s: s.usage.summarize(actor="bob"),
}


@pytest.fixture
async def service(database: Database, service: ProviderConfigService) -> ProviderConfigService:
    """A model of one workspace, and bob, who may do nearly everything in another."""
    await service.access.grant("eve", "owner", Scope("acme", "hidden", *MODEL))
    await service.access.grant("bob", "maintainer", Scope("acme", "ours"))
    template = PromptTemplateCreate(name="plan", system_prompt="Sell it all.")
    await service.register_provider_model(*MODEL, CALM, template, alias="fast", verify=False, **THEIRS)
    key = UsageKey(datetime(2026, 11, 1, tzinfo=UTC), *MODEL, "chat", "fast", "eve", ())
    await DatabaseUsageStore(database).add({key: UsageTotals(calls=1)})
    return service


async def test_a_denial_does_not_say_where_it_is_nor_what(service: ProviderConfigService) -> None:
    for name, call in CALLS.items():
        with pytest.raises(AccessDeniedError) as caught:
            await call(service)
        assert not [word for word in ("acme", "hidden", *MODEL) if word in str(caught.value)], name
    denials = await service.audit.list_entries(outcome="denied")
    assert [entry.actor for entry in denials] == ["bob"] * len(CALLS)


async def test_an_actor_is_told_the_place_that_it_named(service: ProviderConfigService) -> None:
    with pytest.raises(AccessDeniedError, match="organisation 'acme', workspace 'hidden'"):
        await service.parameters.create(LLMParametersCreate(name="new", **THEIRS), actor="bob")


async def test_that_it_was_deleted_is_told_to_those_alone_who_could_read_it(service: ProviderConfigService) -> None:
    await service.delete_provider_model(*MODEL)
    with pytest.raises(AccessDeniedError):
        await service.revisions.history(*MODEL, limit=1, actor="bob")
    assert len(await service.revisions.history(*MODEL, limit=1, actor="eve")) == 1
    assert (await service.revisions.diff(*MODEL, 1, actor="eve"))[0].after is None


async def test_who_has_a_name_after_others_sees_and_restores_its_own_history_alone(
    service: ProviderConfigService,
) -> None:
    await service.delete_provider_model(*MODEL)
    mine = LLMParametersCreate(name="mine")
    await service.register_provider_model(*MODEL, mine, verify=False, actor="bob", **OURS)
    await service.update_provider_model(*MODEL, {"description": "mine"}, actor="bob")
    assert [revision.number for revision in await service.revisions.history(*MODEL, actor="bob")] == [4, 3]
    # bob may see the parameters by themselves by now; what the configuration said stays theirs.
    await service.access.grant("bob", "maintainer", Scope("acme", "hidden", "groq"))
    with pytest.raises(AccessDeniedError):
        await service.revisions.rollback(*MODEL, 1, actor="bob")
    assert (await service.revisions.rollback(*MODEL, 3, actor="bob")).description is None


async def test_going_back_makes_nothing_in_a_workspace_that_one_may_not_register_in(
    service: ProviderConfigService,
) -> None:
    shared = await service.parameters.create(LLMParametersCreate(name="shared", **THEIRS))
    await service.register_provider_model("openai", "gpt-4.1", LLMParametersCreate(name="own"), verify=False, **OURS)
    await service.update_provider_model("openai", "gpt-4.1", {"parameters_id": shared.id})
    own = await service.parameters.get("own")
    assert own is not None
    await service.update_provider_model("openai", "gpt-4.1", {"parameters_id": own.id})
    await service.parameters.delete("shared")
    with pytest.raises(AccessDeniedError):
        await service.revisions.rollback("openai", "gpt-4.1", 2, actor="bob")
    assert await service.parameters.get("shared") is None


async def test_going_back_leaves_rows_where_they_belong_now(service: ProviderConfigService) -> None:
    await service.prompt_templates.create(PromptTemplateCreate(name="note", system_prompt="One.", **THEIRS))
    await service.prompt_templates.delete("note")
    await service.prompt_templates.create(PromptTemplateCreate(name="note", system_prompt="Two.", **OURS))
    restored = await service.revisions.rollback_prompt_template("note", 1)
    assert (restored.system_prompt, restored.workspace) == ("One.", "ours")
    with pytest.raises(AccessDeniedError):
        await service.revisions.rollback_prompt_template("note", 1, actor="bob")


async def test_an_export_of_one_model_has_what_it_uses(service: ProviderConfigService) -> None:
    document = await service.transfer.export(actor="eve")
    assert [one.name for one in document.configurations] == ["/".join(MODEL)]
    assert ([one.name for one in document.parameters], [one.name for one in document.prompt_templates]) == (
        ["calm"],
        ["plan"],
    )
    assert (await service.transfer.export(actor="bob")).content() == {"core_llms_providers": 1}


async def test_aliases_are_for_those_who_may_use_them_for_as_long_as_they_may(
    service: ProviderConfigService, database: Database
) -> None:
    await service.access.grant("vic", "viewer")
    granted = await service.access.grant("vic", "user")
    aliases = ConfigAliases(ProviderConfigService(database, actor="vic"), poll_seconds=0)
    assert await aliases.find_config("fast") is not None
    await service.access.revoke(granted.id)
    with pytest.raises(AccessDeniedError):
        await aliases.find_config("fast")


async def test_no_alias_stands_in_for_a_model(service: ProviderConfigService, database: Database) -> None:
    own = LLMParametersCreate(name="own")
    with pytest.raises(ConfigValidationError, match="is what a model of openai is called"):
        await service.register_provider_model("xai", "grok-4", own, alias="openai/gpt-4.1-mini", verify=False)
    await service.register_provider_model("xai", "grok-4", own, alias="team/grok", verify=False)
    async with database.transaction() as session:
        taken = update(ProviderModelConfig).where(ProviderModelConfig.provider_name == "xai")
        await session.execute(taken.values(alias="openai/gpt-4.1-mini"))
    found = await ConfigAliases(service).find_config("openai/gpt-4.1-mini")
    assert found is not None
    assert found().get_params()["model"] == "gpt-4.1-mini"


@pytest.mark.parametrize("name", ["cli:ann", "health"])
async def test_nobody_is_granted_a_name_that_the_audit_has_for_the_process(
    service: ProviderConfigService, name: str
) -> None:
    with pytest.raises(ConfigValidationError, match="name"):
        await service.access.grant(name, "viewer")

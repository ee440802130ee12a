"""Every change is a revision: history, differences, and the way back, for shared rows and deleted ones, too."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete

from core.llms.provider_config.errors import (
    ConfigExistsError,
    ConfigNotFoundError,
    ConfigValidationError,
    StaleConfigError,
)
from core.llms.provider_config.models import RevisionRow
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.service import ProviderConfigService

MODEL = ("openai", "gpt-4.1-mini")
OTHER = ("openai", "gpt-4o")
CALM = LLMParametersCreate(name="calm", temperature=0.2, stop_sequences=["END"])
PLAIN = PromptTemplateCreate(name="plain", system_prompt="Be brief.")


@pytest.fixture
async def filled(service: ProviderConfigService) -> ProviderConfigService:
    await service.register_provider_model(*MODEL, parameters=CALM, prompt_template=PLAIN, alias="fast", verify=False)
    return service


def told(revisions: list[Any]) -> list[tuple[int, str, str]]:
    return [(one.number, one.action, one.actor) for one in revisions]


async def test_every_change_is_a_revision_by_its_actor_numbered_as_the_version(filled: ProviderConfigService) -> None:
    await filled.access.grant("ann", "owner")
    await filled.update_provider_model(*MODEL, {"description": "for the desk"}, actor="ann")
    config = await filled.verify_provider_model(*MODEL)
    history = await filled.revisions.history(*MODEL)
    assert told(history) == [(3, "verify", "system"), (2, "update", "ann"), (1, "register", "system")]
    assert config.version == 3
    assert [one.content and one.content["description"] for one in history] == ["for the desk", "for the desk", None]
    assert [one.number for one in await filled.revisions.history(*MODEL, limit=1, before=3)] == [2]


async def test_what_changes_nothing_is_no_revision(filled: ProviderConfigService) -> None:
    before = await filled.audit.list_entries()
    await filled.update_provider_model(*MODEL, {"alias": "fast"}, parameters={"temperature": 0.2})
    await filled.register_provider_model(*MODEL, parameters=CALM, prompt_template=PLAIN, alias="fast", verify=False)
    assert len(await filled.revisions.history(*MODEL)) == 1
    assert await filled.audit.list_entries() == before


async def test_a_change_of_shared_parameters_is_one_of_every_configuration_that_uses_them(
    filled: ProviderConfigService,
) -> None:
    await filled.register_provider_model(*OTHER, parameters=CALM, verify=False)
    await filled.update_provider_model(*OTHER, {"description": "x"}, parameters={"temperature": 0.7})
    for model, numbers in ((MODEL, [2, 1]), (OTHER, [2, 1])):
        history = await filled.revisions.history(*model)
        assert [one.number for one in history] == numbers
        assert history[0].content is not None
        assert history[0].content["parameters"]["temperature"] == 0.7
    assert [one.number for one in await filled.revisions.parameters_history("calm")] == [2, 1]


async def test_differences_name_each_field(filled: ProviderConfigService) -> None:
    await filled.update_provider_model(
        *MODEL, {"settings": {"organization": "o"}}, parameters={"temperature": 0.9, "stop_sequences": None}
    )
    changes = await filled.revisions.diff(*MODEL, 1)
    assert [str(change) for change in changes] == [
        "parameters.stop_sequences: ['END'] -> None",
        "parameters.temperature: 0.2 -> 0.9",
        "settings.organization: None -> 'o'",
    ]
    assert await filled.revisions.diff(*MODEL, 2, 1) == tuple(
        type(change)(change.field, change.after, change.before) for change in changes
    )
    with pytest.raises(ConfigNotFoundError, match="no revision 9"):
        await filled.revisions.diff(*MODEL, 9)


async def test_going_back_restores_fields_parameters_and_template_as_a_new_revision(
    filled: ProviderConfigService,
) -> None:
    first = await filled.get_provider_model(*MODEL)
    assert first is not None
    await filled.update_provider_model(
        *MODEL,
        {"alias": "slow", "description": "x", "is_active": False},
        parameters={"temperature": 1.0, "stop_sequences": None},
        prompt_template={"system_prompt": "Be long."},
    )
    back = await filled.revisions.rollback(*MODEL, 1, expected_version=2)
    assert (back.version, back.alias, back.description, back.is_active) == (3, "fast", None, False)
    assert back.parameters.neutral() == first.parameters.neutral()
    assert back.prompt_template is not None
    assert back.prompt_template.system_prompt == "Be brief."
    assert (await filled.revisions.history(*MODEL))[0].action == "rollback"
    with pytest.raises(StaleConfigError):
        await filled.revisions.rollback(*MODEL, 2, expected_version=2)


async def test_what_was_deleted_comes_back_switched_off_with_its_numbers_going_on(
    filled: ProviderConfigService,
) -> None:
    await filled.delete_provider_model(*MODEL)
    await filled.parameters.delete("calm")
    await filled.prompt_templates.delete("plain")
    assert told(await filled.revisions.history(*MODEL)) == [(2, "delete", "system"), (1, "register", "system")]
    with pytest.raises(ConfigNotFoundError, match="at revision 2 it was deleted"):
        await filled.revisions.rollback(*MODEL, 2)
    back = await filled.revisions.rollback(*MODEL, 1)
    assert (back.version, back.alias, back.is_active, back.parameters.temperature) == (3, "fast", False, 0.2)
    assert back.parameters.version == 3
    assert back == await filled.get_provider_model(*MODEL)


async def test_registering_anew_what_was_deleted_goes_on_counting(filled: ProviderConfigService) -> None:
    await filled.delete_provider_model(*MODEL)
    again = await filled.register_provider_model(*MODEL, parameters=CALM, verify=False)
    assert again.version == 3
    assert [one.number for one in await filled.revisions.history(*MODEL)] == [3, 2, 1]


async def test_going_back_is_refused_where_names_are_taken_or_credentials_gone(
    filled: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", "key:" + "A" * 43 + "=")
    await filled.update_provider_model(*MODEL, {"alias": None})
    await filled.register_provider_model(*OTHER, parameters=CALM, alias="fast", verify=False)
    with pytest.raises(ConfigExistsError, match="openai/gpt-4o"):
        await filled.revisions.rollback(*MODEL, 1)
    credential = await filled.credentials.create("account", "openai", {"api_key": "sk-1"})
    await filled.update_provider_model(*MODEL, {"credential_id": credential.id})
    await filled.update_provider_model(*MODEL, {"credential_id": None})
    assert (await filled.revisions.rollback(*MODEL, 3)).credential_id == credential.id
    await filled.update_provider_model(*MODEL, {"credential_id": None})
    await filled.credentials.delete("account")
    with pytest.raises(ConfigNotFoundError, match="'account' is not there any more"):
        await filled.revisions.rollback(*MODEL, 3)


async def test_parameters_and_templates_go_back_by_themselves(filled: ProviderConfigService) -> None:
    await filled.parameters.update("calm", {"temperature": 0.9})
    await filled.prompt_templates.update("plain", {"system_prompt": None})
    assert (await filled.revisions.rollback_parameters("calm", 1)).temperature == 0.2
    assert (await filled.revisions.rollback_prompt_template("plain", 1)).system_prompt == "Be brief."
    config = await filled.get_provider_model(*MODEL)
    assert config is not None
    assert (config.version, config.parameters.version) == (5, 3)


async def test_renamed_parameters_go_on_under_the_new_name(filled: ProviderConfigService) -> None:
    await filled.parameters.create(LLMParametersCreate(name="cool"))
    await filled.parameters.update("cool", {"temperature": 0.1})
    await filled.parameters.delete("cool")
    renamed = await filled.parameters.update("calm", {"name": "cool"})
    assert renamed.version == 4
    assert [one.number for one in await filled.revisions.parameters_history("cool")] == [4, 3, 2, 1]


async def test_what_is_older_than_its_history_keeps_what_it_was(filled: ProviderConfigService) -> None:
    async with filled.database.transaction() as session:
        await session.execute(delete(RevisionRow))
    await filled.update_provider_model(*MODEL, {"description": "x"})
    assert told(await filled.revisions.history(*MODEL)) == [(2, "update", "system"), (1, "found", "system")]
    assert (await filled.revisions.rollback(*MODEL, 1)).description is None


async def test_parameters_by_themselves_are_checked_against_the_models_that_use_them(
    filled: ProviderConfigService,
) -> None:
    with pytest.raises(ConfigValidationError, match="max_new_tokens"):
        await filled.parameters.update("calm", {"max_new_tokens": 10_000_000})
    stored = await filled.parameters.get("calm")
    assert stored is not None
    assert stored.max_new_tokens is None

"""Registering, reading, changing, verifying and deleting, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from core.llms.errors import AuthenticationError
from core.llms.provider_config.errors import (
    ConfigExistsError,
    ConfigInUseError,
    ConfigNotFoundError,
    ConfigValidationError,
    ProviderConfigError,
    StaleConfigError,
    VerificationError,
)
from core.llms.provider_config.schemas import (
    LLMParametersCreate,
    LLMParametersUpdate,
    PromptTemplateCreate,
    ProviderModelConfigUpdate,
)
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator
from core.llms.storage.database import Database
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server

CALM = LLMParametersCreate(name="calm", max_new_tokens=100, temperature=0.2)
TEMPLATE = PromptTemplateCreate(name="plain", system_prompt="Be brief.", query_prefix="Question:")
MODEL = ("openai", "gpt-4.1-mini")


async def test_registration_stores_verifies_and_switches_on(service: ProviderConfigService, sim: Simulator) -> None:
    config = await service.register_provider_model(*MODEL, parameters=CALM, prompt_template=TEMPLATE, alias="fast")
    assert (config.provider_name, config.model_id, config.alias) == (*MODEL, "fast")
    assert (config.is_active, config.verification_status) == (True, "verified")
    assert config.last_verified is not None
    assert config.parameters.temperature == 0.2
    assert config.prompt_template is not None
    assert config.prompt_template.system_prompt == "Be brief."
    assert config == await service.get_provider_model(*MODEL) == await service.get_by_alias("fast")
    assert [request.path for request in sim.requests] == ["/v1/models"]


async def test_registering_the_same_again_changes_and_asks_nothing(
    service: ProviderConfigService, sim: Simulator
) -> None:
    first = await service.register_provider_model(*MODEL, parameters=CALM, prompt_template=TEMPLATE)
    asked = len(sim.requests)
    assert await service.register_provider_model(*MODEL, parameters=CALM, prompt_template=TEMPLATE) == first
    assert len(sim.requests) == asked


@pytest.mark.parametrize(
    ("parameters", "template", "fields", "named"),
    [
        (CALM.model_copy(update={"temperature": 0.9}), TEMPLATE, {}, "`temperature` is 0.2, not 0.9"),
        (CALM, None, {}, "`prompt_template` is 'plain', not None"),
        (CALM, TEMPLATE.model_copy(update={"system_prompt": "x"}), {}, "`system_prompt` is 'Be brief.', not 'x'"),
        (CALM, TEMPLATE, {"alias": "other"}, "`alias` is None, not 'other'"),
    ],
    ids=["parameters", "no template", "template", "alias"],
)
async def test_registering_something_else_under_the_same_name_says_what_differs_and_update(
    service: ProviderConfigService, parameters: Any, template: Any, fields: dict[str, Any], named: str
) -> None:
    await service.register_provider_model(*MODEL, parameters=CALM, prompt_template=TEMPLATE)
    with pytest.raises(ConfigExistsError, match="update_provider_model") as caught:
        await service.register_provider_model(*MODEL, parameters=parameters, prompt_template=template, **fields)
    assert named in str(caught.value)


async def test_what_fails_to_verify_stays_stored_and_off(
    service: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_KEY", "invalid-key")
    with pytest.raises(VerificationError) as caught:
        await service.register_provider_model(*MODEL, parameters=CALM, api_key_env="TEAM_KEY")
    assert isinstance(caught.value.__cause__, AuthenticationError)
    stored = await service.get_provider_model(*MODEL)
    assert caught.value.config == stored
    assert stored is not None
    assert (stored.is_active, stored.verification_status, stored.last_verified) == (False, "failed", None)
    assert stored.verification_error is not None
    assert "401" in stored.verification_error
    monkeypatch.setenv("TEAM_KEY", "right-key")
    again = await service.register_provider_model(*MODEL, parameters=CALM, api_key_env="TEAM_KEY")
    assert (again.is_active, again.verification_status, again.verification_error) == (True, "verified", None)


async def test_verification_holds_no_transaction_while_the_provider_is_asked(database: Database) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    class Slow:
        async def verify(self, config: Any) -> None:
            asked.set()
            await go_on.wait()

    service = ProviderConfigService(database, verifier=Slow())
    registering = asyncio.create_task(service.register_provider_model(*MODEL, parameters=CALM))
    await asked.wait()
    pending = await service.get_provider_model(*MODEL)
    assert pending is not None
    assert (pending.is_active, pending.verification_status) == (False, "pending")
    async with asyncio.timeout(5):
        await service.update_provider_model(*MODEL, {"description": "meanwhile"})
    go_on.set()
    config = await registering
    # What was verified is not what is stored now: whoever changed it has to switch it on.
    assert (config.is_active, config.verification_status, config.description) == (False, "verified", "meanwhile")


async def test_without_verification_it_is_on_at_once_and_pending(
    service: ProviderConfigService, sim: Simulator
) -> None:
    config = await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    assert (config.is_active, config.verification_status, len(sim.requests)) == (True, "pending", 0)
    verified = await service.verify_provider_model(*MODEL)
    assert (verified.is_active, verified.verification_status) == (True, "verified")


async def test_a_model_that_no_list_names_is_asked_for_a_short_answer(
    service: ProviderConfigService,
) -> None:
    async def serve(exchange: Exchange) -> None:
        if exchange.number == 1:
            await exchange.answer(b'{"error": {"message": "no list"}}', "404 X")
        else:
            await exchange.answer(completion())

    async with raw_server(serve) as server:
        config = await service.register_provider_model(*MODEL, parameters=CALM, base_url=server.url)
    assert config.is_verified
    listed, asked = server.exchanges
    assert listed.head.startswith(b"GET /models")
    assert json.loads(asked.body)["max_completion_tokens"] == 16


async def test_values_the_model_would_refuse_are_not_stored(service: ProviderConfigService) -> None:
    much = LLMParametersCreate(name="much", max_new_tokens=10_000_000)
    with pytest.raises(ConfigValidationError, match="at most 32768") as caught:
        await service.register_provider_model(*MODEL, parameters=much)
    assert list(caught.value.problems) == ["max_new_tokens"]
    assert await service.get_provider_model(*MODEL) is None
    assert await service.parameters.get("much") is None


async def test_parameters_the_model_does_not_take_are_stored_and_named(service: ProviderConfigService) -> None:
    seeds = LLMParametersCreate(name="seeds", max_new_tokens=150, temperature=0.9, top_k=50, top_p=1.0)
    config = await service.register_provider_model(*MODEL, parameters=seeds)
    assert config.unsupported_parameters == ("top_k",)
    assert config.parameters.top_k == 50


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"provider": "opnai"}, "did you mean 'openai'?"),
        ({"base_url": "ftp://x"}, "https:// or http://"),
        ({"base_url": "https://user:secret@x/v1"}, "api_key_env"),
        ({"colour": "red"}, "`colour`: Extra inputs are not permitted"),
        ({"alias": "x" * 300}, "`alias`: String should have at most 255 characters"),
        ({"description": "nul \0"}, "`description`"),
    ],
)
async def test_wrong_fields_are_named(service: ProviderConfigService, fields: dict[str, Any], named: str) -> None:
    arguments = {"provider": "openai", "model_id": "gpt-4.1-mini", "parameters": CALM, **fields}
    with pytest.raises(ConfigValidationError) as caught:
        await service.register_provider_model(**arguments)
    assert named in str(caught.value)
    assert "secret" not in str(caught.value)
    assert (await service.list_providers()).providers == ()


async def test_an_update_changes_what_is_given_and_raises_the_version(service: ProviderConfigService) -> None:
    before = await service.register_provider_model(*MODEL, parameters=CALM, alias="fast")
    wild = await service.parameters.create(LLMParametersCreate(name="wild", temperature=1.5))
    after = await service.update_provider_model(*MODEL, {"parameters_id": wild.id, "alias": None})
    assert (after.parameters.name, after.alias, after.is_active) == ("wild", None, True)
    assert after.version == before.version + 1
    assert after.updated_at > before.updated_at
    assert await service.update_provider_model(*MODEL, ProviderModelConfigUpdate(is_active=True)) == after


async def test_a_stale_update_is_refused_with_what_changed(service: ProviderConfigService) -> None:
    read = await service.register_provider_model(*MODEL, parameters=CALM)
    await service.update_provider_model(*MODEL, {"description": "hers"})
    with pytest.raises(StaleConfigError, match="version 3, not 2") as caught:
        await service.update_provider_model(*MODEL, {"description": "his"}, expected_version=read.version)
    assert caught.value.changes == {"description": ("hers", "his")}
    stored = await service.get_provider_model(*MODEL)
    assert stored is not None
    assert stored.description == "hers"


async def test_updates_at_once_lose_nothing(service: ProviderConfigService) -> None:
    await service.register_provider_model(*MODEL, parameters=CALM, settings={})
    fields = ["description", "api_key_env", "base_url", "alias"]
    values = dict(zip(fields, ["d", "KEY", "https://x/v1", "a"], strict=True))
    await asyncio.gather(*(service.update_provider_model(*MODEL, {name: value}) for name, value in values.items()))
    config = await service.get_provider_model(*MODEL)
    assert config is not None
    assert {name: getattr(config, name) for name in fields} == values
    assert config.version == 6


@pytest.mark.parametrize(
    ("updates", "kind", "named"),
    [
        ({"is_actve": False}, ConfigValidationError, "is_actve"),
        ({"is_active": None}, ConfigValidationError, "`is_active` cannot be taken away"),
        ({"parameters_id": 999}, ConfigNotFoundError, "no parameters have the id 999"),
        ({"prompt_template_id": 999}, ConfigNotFoundError, "no template has the id 999"),
        ({"alias": "taken"}, ConfigExistsError, "'taken' is that of groq/"),
    ],
)
async def test_wrong_updates_change_nothing(
    service: ProviderConfigService, updates: dict[str, Any], kind: type[ProviderConfigError], named: str
) -> None:
    before = await service.register_provider_model(*MODEL, parameters=CALM)
    other = LLMParametersCreate(name="other")
    await service.register_provider_model("groq", "openai/gpt-oss-20b", other, alias="taken", verify=False)
    with pytest.raises(kind) as caught:
        await service.update_provider_model(*MODEL, {"description": "new", **updates})
    assert named in str(caught.value)
    assert await service.get_provider_model(*MODEL) == before


async def test_the_registry_lists_by_provider_and_state(service: ProviderConfigService) -> None:
    for model in ("gpt-4.1-mini", "gpt-4.1"):
        await service.register_provider_model("openai", model, CALM)
    await service.register_provider_model("groq", "openai/gpt-oss-20b", CALM, is_active=False)
    everything, active = await service.list_providers(), await service.list_providers(active_only=True)
    assert (everything.total_providers, everything.active_providers) == (2, 1)
    assert [config.model_id for config in everything.providers] == ["openai/gpt-oss-20b", "gpt-4.1", "gpt-4.1-mini"]
    assert [config.model_id for config in active.providers] == ["gpt-4.1", "gpt-4.1-mini"]
    assert [config.provider_name for config in (await service.list_providers(provider="groq")).providers] == ["groq"]


async def test_deleting_leaves_the_parameters(service: ProviderConfigService) -> None:
    config = await service.register_provider_model(*MODEL, parameters=CALM)
    with pytest.raises(ConfigInUseError, match=r"openai/gpt-4\.1-mini use it"):
        await service.parameters.delete("calm")
    with pytest.raises(StaleConfigError):
        await service.delete_provider_model(*MODEL, expected_version=config.version - 1)
    await service.delete_provider_model(*MODEL)
    assert await service.get_provider_model(*MODEL) is None
    assert await service.parameters.get("calm") is not None
    await service.parameters.delete("calm")
    with pytest.raises(ConfigNotFoundError, match="not configured"):
        await service.delete_provider_model(*MODEL)


async def test_parameters_are_changed_for_all_who_use_them(service: ProviderConfigService) -> None:
    for model in ("gpt-4.1-mini", "gpt-4.1"):
        await service.register_provider_model("openai", model, CALM)
    changed = await service.parameters.update("calm", LLMParametersUpdate(temperature=0.7, max_new_tokens=None))
    assert (changed.temperature, changed.max_new_tokens, changed.version) == (0.7, None, 2)
    configs = (await service.list_providers()).providers
    assert [config.parameters.temperature for config in configs] == [0.7, 0.7]
    with pytest.raises(StaleConfigError):
        await service.parameters.update("calm", {"temperature": 1.0}, expected_version=1)
    with pytest.raises(ConfigValidationError, match="temperature"):
        await service.parameters.update("calm", {"temperature": 9})


async def test_templates_are_kept_by_name(service: ProviderConfigService) -> None:
    stored = await service.prompt_templates.create(TEMPLATE)
    assert await service.prompt_templates.create(TEMPLATE) == stored
    with pytest.raises(ConfigExistsError, match="other values"):
        await service.prompt_templates.create(TEMPLATE.model_copy(update={"answer_prefix": "A:"}))
    await service.prompt_templates.create(PromptTemplateCreate(name="another"))
    with pytest.raises(ConfigExistsError, match="there already"):
        await service.prompt_templates.update("plain", {"name": "another"})
    assert [template.name for template in await service.prompt_templates.list_all()] == ["another", "plain"]
    await service.prompt_templates.delete("another")
    assert await service.prompt_templates.get("another") is None


def test_extra_parameters_are_neutral_names() -> None:
    assert LLMParametersCreate(name="x", extra_parameters={"reasoning_effort": "low"}, seed=1).neutral() == {
        "reasoning_effort": "low",
        "seed": 1,
    }
    with pytest.raises(ValueError, match="'tempo': not a parameter"):
        LLMParametersCreate(name="x", extra_parameters={"tempo": 1})


async def test_update_changes_the_rows_it_uses_in_the_same_transaction(service: ProviderConfigService) -> None:
    await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    changed = await service.update_provider_model(
        *MODEL, {"alias": "fast"}, parameters={"temperature": 0.9}, prompt_template={"system_prompt": "Be kind."}
    )
    assert (changed.alias, changed.version, changed.parameters.temperature) == ("fast", 2, 0.9)
    assert changed.parameters.max_new_tokens == 100
    assert changed.prompt_template is not None
    assert (changed.prompt_template.name, changed.prompt_template.system_prompt) == ("/".join(MODEL), "Be kind.")
    again = await service.update_provider_model(*MODEL, {}, prompt_template={"query_prefix": "Question:"})
    assert again.prompt_template is not None
    assert (again.version, again.prompt_template.version) == (3, 2)
    assert await service.update_provider_model(*MODEL, {}, parameters={"temperature": 0.9}) == again


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"max_new_tokens": 10**8}, ConfigValidationError),
        ({"temperature": 9}, ConfigValidationError),
        ({"name": "other"}, ConfigValidationError),
    ],
)
async def test_update_keeps_nothing_where_a_row_it_uses_cannot_be_so(
    service: ProviderConfigService, parameters: dict[str, Any], error: type[Exception]
) -> None:
    before = await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    with pytest.raises(error):
        await service.update_provider_model(*MODEL, {"alias": "fast"}, parameters=parameters)
    assert await service.get_provider_model(*MODEL) == before


async def test_updates_of_shared_parameters_at_the_same_time_are_all_kept(service: ProviderConfigService) -> None:
    others = ("gpt-4.1", "gpt-4o", "gpt-4.1-mini")
    for model_id in others:
        await service.register_provider_model("openai", model_id, parameters=CALM, verify=False)
    fields: list[dict[str, Any]] = [{"temperature": 0.5}, {"top_p": 0.5}, {"seed": 5}]
    await asyncio.gather(
        *(
            service.update_provider_model("openai", model_id, {}, parameters=changed)
            for model_id, changed in zip(others, fields, strict=True)
        )
    )
    stored = await service.parameters.get("calm")
    assert stored is not None
    assert (stored.version, stored.temperature, stored.top_p, stored.seed) == (4, 0.5, 0.5, 5)

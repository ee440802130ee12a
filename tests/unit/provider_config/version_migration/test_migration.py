"""Another model, or another version of an API, for what is configured: the plan, and doing it."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import AuthenticationError
from core.llms.provider_config.errors import (
    ConfigExistsError,
    ConfigValidationError,
    StaleConfigError,
    VerificationError,
)
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.schemas import LLMParametersCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.version_migration.plan import MigrationPlan
from core.llms.simulator import Simulator
from core.llms.storage.database import Database

OLD = ("openai", "gpt-4.1-mini")
CLAUDE = ("anthropic", "claude-sonnet-4-5")
OWN = LLMParametersCreate(
    name="own", temperature=0.3, max_new_tokens=20_000, top_k=5, seed=7, extra_parameters={"verbosity": "low"}
)


def fates(plan: MigrationPlan) -> dict[str, tuple[str, Any]]:
    return {step.name: (step.fate, step.after) for step in plan.steps}


async def test_each_parameter_has_a_fate_and_a_reason(service: ProviderConfigService) -> None:
    await service.register_provider_model(*OLD, OWN, verify=False)
    plan = await service.plan_migration(*OLD, to_model="gpt-5")
    assert fates(plan) == {
        "max_tokens": ("renamed", 20_000),
        "temperature": ("dropped", None),
        "top_k": ("kept", 5),
        "seed": ("dropped", None),
        "verbosity": ("kept", "low"),
    }
    reasons = {step.name: step.reason for step in plan.steps}
    assert reasons["max_tokens"] == "it goes out as `max_output_tokens`, no longer as `max_completion_tokens`"
    assert "the Responses API has no `seed`" in reasons["seed"]
    assert reasons["verbosity"] == "it was stored and never sent; from now on it is"
    assert "it is spoken to as openai_responses, no longer as openai_chat" in plan.notes
    smaller = await service.plan_migration(*OLD, to_model="gpt-4o-mini")
    assert fates(smaller)["max_tokens"] == ("clamped", 16_384)
    assert "its largest answer is 16,384 tokens, no longer 32,768" in smaller.notes


async def test_an_effort_becomes_the_nearest_and_a_choice_is_left_to_people(service: ProviderConfigService) -> None:
    parameters = LLMParametersCreate(name="p", temperature=0.3, extra_parameters={"reasoning_effort": "none"})
    model = ("openai", "gpt-5.1")
    await service.register_provider_model(*model, parameters, verify=False)
    plan = await service.plan_migration(*model, to_model="gpt-5")
    assert fates(plan) == {"temperature": ("dropped", None), "reasoning_effort": ("clamped", "minimal")}
    decided = await service.plan_migration(*model, to_model="gpt-5", decisions={"reasoning_effort": "high"})
    assert fates(decided)["reasoning_effort"] == ("decided", "high")
    wrong = await service.plan_migration(*model, to_model="gpt-5", decisions={"temperature": 0.5})
    assert [step.name for step in wrong.undecided] == ["temperature"]
    with pytest.raises(ConfigValidationError, match="`temperature` needs a decision"):
        await service.migrate_provider_model(wrong)
    with pytest.raises(ConfigValidationError, match="did you mean 'temperature'"):
        await service.plan_migration(*model, to_model="gpt-5", decisions={"temprature": 1})


async def test_a_migration_changes_the_next_call(service: ProviderConfigService, sim: Simulator) -> None:
    await service.register_provider_model(*OLD, OWN, alias="support")
    plan = await service.plan_migration(*OLD, to_model="gpt-5")
    migrated = await service.migrate_provider_model(plan)
    assert (migrated.model_id, migrated.alias, migrated.is_active) == ("gpt-5", "support", True)
    assert migrated.verification_status == "verified"
    assert await service.get_provider_model(*OLD) is None
    async with Generator(service) as generator:
        await generator.generate("openai", "gpt-5", "Say: hi")
    body = sim.requests[-1].body
    assert (body["model"], body["max_output_tokens"], body["text"]) == ("gpt-5", 20_000, {"verbosity": "low"})
    assert not {"temperature", "seed", "top_k"} & body.keys()
    ended, *_, first = await service.revisions.history(*OLD)
    assert (ended.action, ended.content, first.action) == ("migrate", None, "register")
    (new,) = await service.revisions.history("openai", "gpt-5")
    assert (new.action, new.number) == ("migrate", migrated.version)


async def test_what_others_use_stays_as_it_is_for_them(service: ProviderConfigService) -> None:
    await service.register_provider_model(*OLD, OWN, verify=False)
    await service.register_provider_model("openai", "gpt-4.1", OWN, verify=False)
    plan = await service.plan_migration(*OLD, to_model="gpt-5")
    migrated = await service.migrate_provider_model(plan, verify=False)
    assert (migrated.parameters.name, migrated.parameters.parent) == ("openai/gpt-5", "own")
    assert migrated.parameters.effective().all == {"max_tokens": 20_000, "top_k": 5, "verbosity": "low"}
    other = await service.get_provider_model("openai", "gpt-4.1")
    assert other is not None and other.parameters.neutral() == OWN.neutral()


async def test_a_plan_holds_only_for_what_it_was_made_of(service: ProviderConfigService) -> None:
    await service.register_provider_model(*OLD, OWN, verify=False)
    await service.register_provider_model("openai", "gpt-4o", LLMParametersCreate(name="other"), verify=False)
    plan = await service.plan_migration(*OLD, to_model="gpt-5")
    await service.parameters.update("own", {"temperature": 0.5})
    for verify in (True, False):
        with pytest.raises(StaleConfigError):
            await service.migrate_provider_model(plan, verify=verify)
    taken = await service.plan_migration(*OLD, to_model="gpt-4o")
    with pytest.raises(ConfigExistsError, match="configured already"):
        await service.migrate_provider_model(taken, verify=False)


async def test_nothing_changes_where_the_new_model_does_not_answer(database: Database) -> None:
    class Refusing:
        async def verify(self, config: ProviderModelConfigResponse) -> None:
            assert (config.model_id, config.parameters.temperature) == ("gpt-5", None)
            raise AuthenticationError("no such model for you")

    service = ProviderConfigService(database, verifier=Refusing())
    before = await service.register_provider_model(*OLD, OWN, verify=False)
    plan = await service.plan_migration(*OLD, to_model="gpt-5")
    with pytest.raises(VerificationError, match="nothing was changed: gpt-5 does not answer"):
        await service.migrate_provider_model(plan)
    assert await service.get_provider_model(*OLD) == before


async def test_a_retired_model_has_the_replacement_that_its_vendor_names(service: ProviderConfigService) -> None:
    old = ("openai", "gpt-4")
    await service.register_provider_model(*old, LLMParametersCreate(name="old", temperature=0.3), verify=False)
    plan = await service.plan_migration(*old)
    assert plan.to_model == "gpt-5.6-sol"
    assert "gpt-4 was retired on 2026-10-23; its vendor names gpt-5.6-sol instead" in plan.notes
    await service.register_provider_model("openai", "gpt-5.1", LLMParametersCreate(name="x"), verify=False)
    with pytest.raises(ConfigValidationError, match="names no replacement"):
        await service.plan_migration("openai", "gpt-5.1")


async def test_a_version_of_an_api_decides_what_is_sent(service: ProviderConfigService, sim: Simulator) -> None:
    parameters = LLMParametersCreate(name="c", temperature=0.3, max_new_tokens=100)
    await service.register_provider_model(*CLAUDE, parameters, verify=False, provider_version="2023-06-01")
    async with Generator(service) as generator:
        await generator.generate(*CLAUDE, "Say: hi")
        assert sim.requests[-1].headers["anthropic-version"] == "2023-06-01"
        assert sim.requests[-1].body["temperature"] == 0.3
        plan = await service.plan_migration(*CLAUDE, to_version="2026-10-21")
        assert fates(plan) == {"max_tokens": ("kept", 100), "temperature": ("dropped", None)}
        await service.migrate_provider_model(plan)
        await generator.generate(*CLAUDE, "Say: hi")
    assert sim.requests[-1].headers["anthropic-version"] == "2026-10-21"
    assert "temperature" not in sim.requests[-1].body


async def test_a_version_that_there_is_not_is_refused_with_those_that_there_are(
    service: ProviderConfigService,
) -> None:
    await service.register_provider_model(*OLD, OWN, verify=False)
    for version, problem in (("2024-01-01", "known: chat, responses"), ("chatt", "none called 'chatt'")):
        with pytest.raises(ConfigValidationError, match=problem):
            await service.update_provider_model(*OLD, {"provider_version": version})
        with pytest.raises(ConfigValidationError, match=problem):
            await service.plan_migration(*OLD, to_version=version)
    with pytest.raises(ConfigValidationError, match="contradicts the setting `wire`"):
        await service.update_provider_model(*OLD, {"provider_version": "responses", "settings": {"wire": "chat"}})
    changed = await service.update_provider_model(*OLD, {"provider_version": "chat"})
    assert changed.provider_version == "chat"

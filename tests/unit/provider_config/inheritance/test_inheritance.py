"""Parameters that inherit from others: what is sent, what is refused, and what a change of one does to those below."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from core.llms.configs import ConfigRegistry
from core.llms.handlers.base_handler import AsyncModelHandler
from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.errors import (
    ConfigExistsError,
    ConfigInUseError,
    ConfigNotFoundError,
    ConfigValidationError,
    StaleConfigError,
)
from core.llms.provider_config.factory import ProviderFactory
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.models import MAX_CHAIN
from core.llms.provider_config.schemas import LLMParametersCreate, LLMParametersUpdate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator

MODEL = ("openai", "gpt-4.1-mini")
COMPANY = LLMParametersCreate(
    name="company", temperature=0.3, max_new_tokens=400, extra_parameters={"service_tier": "flex", "store": False}
)
TEAM = LLMParametersCreate(name="team", parent="company", top_p=0.9, extra_parameters={"store": True})
OWN = LLMParametersCreate(name="own", parent="team", seed=7, unset=["max_tokens"])


@pytest.fixture
async def chained(service: ProviderConfigService) -> ProviderConfigService:
    for parameters in (COMPANY, TEAM):
        await service.parameters.create(parameters)
    await service.register_provider_model(*MODEL, OWN, alias="support", verify=False)
    return service


async def body_of(service: ProviderConfigService, sim: Simulator) -> dict[str, Any]:
    async with Generator(service) as generator:
        await generator.generate(*MODEL, "Say: hi")
    return dict(sim.requests[-1].body)


async def test_what_is_sent_is_the_own_value_else_that_of_the_nearest_ancestor(
    chained: ProviderConfigService, sim: Simulator
) -> None:
    body = await body_of(chained, sim)
    assert {name: value for name, value in body.items() if name not in ("model", "messages")} == {
        "seed": 7,
        "top_p": 0.9,
        "temperature": 0.3,
        "service_tier": "flex",
        "store": True,
    }
    async with await ProviderFactory(chained).create_provider(*MODEL) as llm:
        await llm.get_answer("Say: hi")
    assert sim.requests[-1].body == body


async def test_a_change_of_an_ancestor_is_in_the_next_call_of_all_below(
    chained: ProviderConfigService, sim: Simulator
) -> None:
    registry = ConfigRegistry()
    registry.add_source(ConfigAliases(chained, poll_seconds=0))
    async with AsyncModelHandler(registry) as handler, Generator(chained) as generator:
        for temperature in (0.3, 0.8):
            await chained.parameters.update("company", {"temperature": temperature})
            await handler.get_response("support", "Say: hi")
            await generator.generate(*MODEL, "Say: hi")
            assert [request.body["temperature"] for request in list(sim.requests)[-2:]] == [temperature] * 2
        await chained.parameters.update("team", {"parent": None})
        await handler.get_response("support", "Say: hi")
        assert "temperature" not in sim.requests[-1].body
        await chained.parameters.update("team", {"parent": "company"})
        await handler.get_response("support", "Say: hi")
        assert sim.requests[-1].body["temperature"] == 0.8


async def test_a_change_of_an_ancestor_is_a_new_version_of_what_uses_it(chained: ProviderConfigService) -> None:
    before = await chained.get_provider_model(*MODEL)
    assert before is not None
    await chained.parameters.update("company", {"temperature": 0.8})
    after = await chained.get_provider_model(*MODEL)
    assert after is not None
    assert (after.version, after.parameters.version) == (before.version + 1, before.parameters.version)
    with pytest.raises(StaleConfigError):
        await chained.update_provider_model(*MODEL, {"description": "x"}, expected_version=before.version)
    (change,) = await chained.revisions.diff(*MODEL, before.version, after.version)
    assert (change.field, change.before, change.after) == ("inherited.company.temperature", 0.3, 0.8)


async def test_going_back_brings_what_was_inherited_back(chained: ProviderConfigService) -> None:
    first = await chained.get_provider_model(*MODEL)
    assert first is not None
    await chained.parameters.update("company", {"temperature": 0.8})
    await chained.parameters.update("own", {"parent": None, "unset": [], "preset": "chat"})
    await chained.parameters.delete("team")
    back = await chained.revisions.rollback(*MODEL, first.version)
    assert back.parameters.effective() == first.parameters.effective()
    assert [ancestor.name for ancestor in back.parameters.ancestors] == ["team", "company"]


async def test_a_value_that_a_model_below_refuses_is_refused_above(chained: ProviderConfigService) -> None:
    await chained.parameters.update("own", {"unset": []})
    with pytest.raises(ConfigValidationError, match="at most 32768"):
        await chained.parameters.update("company", {"max_new_tokens": 100_000})
    config = await chained.get_provider_model(*MODEL)
    assert config is not None and config.parameters.effective().all["max_tokens"] == 400
    await chained.parameters.create(LLMParametersCreate(name="huge", max_new_tokens=100_000))
    with pytest.raises(ConfigValidationError, match="at most 32768"):
        await chained.parameters.update("company", {"parent": "huge", "max_new_tokens": None})
    wanted = LLMParametersCreate(name="heir", parent="huge")
    with pytest.raises(ConfigValidationError, match="at most 16384"):
        await chained.register_provider_model("openai", "gpt-4o-mini", wanted, verify=False)
    assert await chained.parameters.get("heir") is None


async def test_rings_and_endless_chains_are_refused_and_drawn(chained: ProviderConfigService) -> None:
    with pytest.raises(ConfigValidationError, match="inherit from themselves: company → own → team → company"):
        await chained.parameters.update("company", {"parent": "own"})
    with pytest.raises(ConfigValidationError, match="inherit from themselves: own → own"):
        await chained.parameters.update("own", {"parent": "own"})
    with pytest.raises(ConfigNotFoundError, match="no parameters are called 'nobody'"):
        await chained.parameters.create(LLMParametersCreate(name="x", parent="nobody"))
    above = None
    for depth in range(MAX_CHAIN - 2):
        await chained.parameters.create(LLMParametersCreate(name=f"n{depth}", parent=above))
        above = f"n{depth}"
    drawn = "own → team → company → n5 → n4 → n3 → n2 → n1 → n0"
    with pytest.raises(ConfigValidationError, match=f"more than {MAX_CHAIN}: {drawn}"):
        await chained.parameters.update("company", {"parent": above})
    await chained.parameters.update("company", {"parent": "n4"})
    config = await chained.get_provider_model(*MODEL)
    assert config is not None and len(config.parameters.ancestors) == MAX_CHAIN - 1


async def test_what_something_inherits_from_is_not_deleted(chained: ProviderConfigService) -> None:
    with pytest.raises(ConfigInUseError, match=r"openai/gpt-4\.1-mini, the parameters 'own', the parameters 'team'"):
        await chained.parameters.delete("company")
    await chained.delete_provider_model(*MODEL)
    for name in ("own", "team", "company"):
        await chained.parameters.delete(name)
    assert await chained.parameters.list_all() == []


async def test_the_last_word_on_a_parameter_holds(chained: ProviderConfigService) -> None:
    async def said(**changes: Any) -> tuple[Any, ...]:
        row = await chained.parameters.update("own", changes)
        return row.max_new_tokens, row.extra_parameters, row.preset, row.unset

    assert await said(max_new_tokens=50) == (50, {}, None, [])
    assert await said(extra_parameters={"verbosity": "low"}, preset="chat") == (50, {"verbosity": "low"}, "chat", [])
    switched_off = ["max_new_tokens", "preset", "verbosity"]
    assert await said(unset=["max_tokens", "verbosity", "preset"]) == (None, {}, None, switched_off)
    assert await said(extra_parameters={"verbosity": "high"}) == (
        None, {"verbosity": "high"}, None, ["max_new_tokens", "preset"],
    )  # fmt: skip
    assert await said(preset="code", max_new_tokens=9) == (9, {"verbosity": "high"}, "code", [])


async def test_the_same_again_changes_nothing_and_another_parent_is_something_else(
    chained: ProviderConfigService,
) -> None:
    again = await chained.register_provider_model(*MODEL, OWN, alias="support", verify=False)
    assert again.version == 1
    with pytest.raises(ConfigExistsError, match="`parent` is 'team', not 'company'"):
        await chained.parameters.create(OWN.model_copy(update={"parent": "company"}))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"unset": ["temprature"]}, "did you mean 'temperature'"),
        ({"preset": "codes"}, "did you mean 'code'"),
        ({"preset": "poker"}, "there are: chat, classification"),
        ({"temperature": 0.5, "unset": ["temperature"]}, "leave one of them out"),
        ({"extra_parameters": {"verbosity": "low"}, "unset": ["verbosity"]}, "leave one of them out"),
        ({"preset": "chat", "unset": ["preset"]}, "leave one of them out"),
    ],
)
def test_what_means_nothing_is_refused(fields: dict[str, Any], problem: str) -> None:
    for schema in (LLMParametersCreate, LLMParametersUpdate):
        with pytest.raises(ValidationError, match=problem):
            schema(name="x", **fields)

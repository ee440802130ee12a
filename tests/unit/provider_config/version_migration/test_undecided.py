"""What a plan leaves to people: it is not done before they say more, and each of its choices does."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator

OLD = ("openai", "gpt-4.1-mini")
CLAUDE = ("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0")
NOVA = "global.amazon.nova-2-lite-v1:0"


@pytest.mark.parametrize("choice", [0, 1])
async def test_a_temperature_waits_where_the_new_model_takes_it_only_without_thought(
    service: ProviderConfigService, sim: Simulator, choice: int
) -> None:
    parameters = LLMParametersCreate(name="own", temperature=0.3, max_new_tokens=2_000)
    before = await service.register_provider_model(*OLD, parameters, verify=False)
    plan = await service.plan_migration(*OLD, to_model="gpt-5.5")
    (step,) = plan.undecided
    assert (step.name, step.before, step.after) == ("temperature", 0.3, 0.3)
    assert step.reason == "`temperature` is not taken while the model reasons; set reasoning_effort='none' to use it"
    assert step.choices == ({"temperature": None}, {"reasoning_effort": "none"})
    with pytest.raises(
        ConfigValidationError, match="`temperature` needs a decision: `temperature` is not taken"
    ) as caught:
        await service.migrate_provider_model(plan)
    assert list(caught.value.problems) == ["temperature"]
    assert await service.get_provider_model(*OLD) == before
    decided = await service.plan_migration(*OLD, to_model="gpt-5.5", decisions=step.choices[choice])
    assert decided.undecided == ()
    await service.migrate_provider_model(decided)
    async with Generator(service) as generator:
        await generator.generate("openai", "gpt-5.5", "Say: hi")
    body = sim.requests[-1].body
    sent: tuple[Any, Any] = (body.get("temperature"), body.get("reasoning", {}).get("effort"))
    assert sent == ((None, None), (0.3, "none"))[choice]


async def test_an_effort_waits_where_the_new_models_wire_takes_it_only_without_another(
    service: ProviderConfigService,
) -> None:
    thinking = LLMParametersCreate(name="t", max_new_tokens=20_000, extra_parameters={"reasoning_effort": "high"})
    await service.register_provider_model(*CLAUDE, thinking, verify=False)
    plan = await service.plan_migration(*CLAUDE, to_model=NOVA)
    (step,) = plan.undecided
    assert (step.name, step.before, step.after) == ("reasoning_effort", "high", "high")
    assert "`max_tokens` is not taken with reasoning_effort='high'" in step.reason
    assert step.choices == ({"reasoning_effort": None},)
    for decisions, effort in (
        (step.choices[0], ("decided", None)),
        ({"reasoning_effort": "medium"}, ("decided", "medium")),
        ({"max_tokens": None}, ("renamed", "high")),
    ):
        decided = await service.plan_migration(*CLAUDE, to_model=NOVA, decisions=decisions)
        assert decided.undecided == ()
        assert {step.name: (step.fate, step.after) for step in decided.steps}["reasoning_effort"] == effort


async def test_a_decision_that_the_new_model_refuses_waits_for_another(service: ProviderConfigService) -> None:
    await service.register_provider_model(*OLD, LLMParametersCreate(name="own", temperature=0.3), verify=False)
    plan = await service.plan_migration(*OLD, to_model="gpt-5.5", decisions={"seed": 7, "temperature": None})
    (step,) = plan.undecided
    assert (step.name, step.before, step.after) == ("seed", None, None)
    assert step.reason.startswith("what was decided does not do: the Responses API has no `seed`")

"""Switching by policy among others who switch: several checks that fail at once, and somebody who says otherwise."""

from __future__ import annotations

import asyncio

from core.llms.errors import TransportError
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.schemas import LLMParametersCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService

CALM = LLMParametersCreate(name="calm")
MODELS = ("gpt-4.1", "gpt-4.1-mini", "gpt-4o", "gpt-4o-mini")
POLICY = HealthPolicy(deactivates=True, failures_before_deactivation=1, successes_before_return=1)


class Down:
    """A provider that fails, for all who ask at the same time."""

    def __init__(self, asking: int) -> None:
        self._barrier = asyncio.Barrier(asking)

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        await self._barrier.wait()
        raise TransportError("nobody is there")


class Up:
    """A provider that answers."""

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        return None


async def test_checks_that_fail_at_once_switch_no_more_off_than_the_policy_allows(
    service: ProviderConfigService,
) -> None:
    for model in MODELS:
        await service.register_provider_model("openai", model, CALM, verify=False)
    checks = await HealthService(service, POLICY, verifier=Down(len(MODELS))).check_all()
    assert sorted(str(check.switched) for check in checks) == ["None", "None", "off", "off"]
    assert len((await service.list_providers(active_only=True)).providers) == 2


async def test_what_a_document_says_is_off_health_leaves_off(service: ProviderConfigService) -> None:
    await service.register_provider_model("openai", "gpt-4.1", CALM, verify=False)
    (check,) = await HealthService(service, POLICY, verifier=Down(1)).check_all()
    assert check.switched == "off"
    await service.transfer.import_(await service.transfer.export())
    assert (await HealthService(service, POLICY, verifier=Up()).check("openai", "gpt-4.1")).switched is None
    assert (await service.list_providers(active_only=True)).providers == ()

"""Configurations to be checked, and their health."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator

MODEL = ("openai", "gpt-4.1-mini")
OTHERS = (("openai", "gpt-4.1"), ("groq", "openai/gpt-oss-20b"))
PARAMETERS = LLMParametersCreate(name="calm", max_new_tokens=100)
Health: TypeAlias = Callable[..., HealthService]


@pytest.fixture
async def configured(service: ProviderConfigService, sim: Simulator) -> ProviderConfigService:
    """A service with one model, of which nothing was asked yet."""
    await service.register_provider_model(*MODEL, PARAMETERS, verify=False, alias="fast")
    return service


@pytest.fixture
def health(configured: ProviderConfigService) -> Health:
    """Makes the health service of a policy, which by default switches."""

    def make(**policy: object) -> HealthService:
        return HealthService(configured, HealthPolicy(**{"deactivates": True, **policy}))  # type: ignore[arg-type]

    return make

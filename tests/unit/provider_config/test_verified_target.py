"""A configuration is verified for where its calls go: elsewhere it is pending, until the provider is asked there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.llms.provider_config.errors import ConfigInactiveError, StaleConfigError
from core.llms.provider_config.factory import ProviderFactory, UsePolicy
from core.llms.provider_config.schemas import LLMParametersCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

MODEL = ("openai", "gpt-4.1-mini")
CALM = LLMParametersCreate(name="calm", temperature=0.2)
ELSEWHERE = {"base_url": "https://elsewhere.example/v1"}


class Slow:
    """A provider that answers when it is told to."""

    def __init__(self) -> None:
        self.is_asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        self.is_asked.set()
        await self.may_answer.wait()


@pytest.mark.parametrize("fields", [ELSEWHERE, {"api_key_env": "OTHER"}, {"settings": {"wire": "responses"}}])
async def test_what_goes_elsewhere_is_pending_and_stays_on(
    service: ProviderConfigService, fields: dict[str, Any]
) -> None:
    verified = await service.register_provider_model(*MODEL, CALM)
    assert (await service.update_provider_model(*MODEL, {"description": "Same"})).is_verified
    config = await service.update_provider_model(*MODEL, fields)
    assert (verified.is_verified, config.verification_status, config.is_active) == (True, "pending", True)
    with pytest.raises(ConfigInactiveError, match="pending"):
        await ProviderFactory(service, UsePolicy(requires_verification=True)).create_provider(*MODEL)


async def test_going_back_to_another_address_is_pending_too(database: Database) -> None:
    answering = Slow()
    answering.may_answer.set()
    service = ProviderConfigService(database, verifier=answering)
    await service.register_provider_model(*MODEL, CALM, verify=False)
    await service.update_provider_model(*MODEL, ELSEWHERE)
    assert (await service.verify_provider_model(*MODEL)).is_verified
    assert (await service.revisions.rollback(*MODEL, 1)).verification_status == "pending"


async def test_an_answer_from_where_calls_went_before_does_not_count(database: Database) -> None:
    slow = Slow()
    service = ProviderConfigService(database, verifier=slow)
    await service.register_provider_model(*MODEL, CALM, verify=False)
    verifying = asyncio.create_task(service.verify_provider_model(*MODEL))
    await slow.is_asked.wait()
    await service.update_provider_model(*MODEL, ELSEWHERE)
    slow.may_answer.set()
    with pytest.raises(StaleConfigError, match="verify it again"):
        await verifying
    config = await service.get_provider_model(*MODEL)
    assert config is not None
    assert config.verification_status == "pending"

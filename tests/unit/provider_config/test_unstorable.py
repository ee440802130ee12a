"""What no row can have, asked for: the same error, or the same nothing, whichever the database is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from math import nan
from typing import Any

import pytest

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.errors import ConfigNotFoundError, ConfigValidationError
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

MODEL = ("openai", "gpt-4.1-mini")
LARGE = 2**31
Call = Callable[[ProviderConfigService], Awaitable[object]]


def nested(levels: int) -> list[Any]:
    whole: list[Any] = []
    for _ in range(levels):
        whole = [whole]
    return whole


def name_calls(name: str) -> list[Call]:
    return [
        lambda s: s.get_provider_model("openai", name),
        lambda s: s.get_by_alias(name),
        lambda s: s.update_provider_model("openai", name, {}),
        lambda s: s.list_providers(provider=name),
        lambda s: s.parameters.get(name),
        lambda s: s.revisions.parameters_history(f"{name}{name}"),
        lambda s: s.audit.list_entries(by=name),
        lambda s: s.access.grant("ann", "viewer", Scope(name)),
        lambda s: s.access.list_grants(name),
        lambda s: s.credentials.get(name),
    ]


REFUSED: list[Call] = [
    *name_calls("x" * 300),
    *name_calls("nul \0"),
    *name_calls("\ud800"),
    lambda s: s.audit.list_entries(since=datetime(2026, 1, 1)),
    lambda s: s.update_provider_model(*MODEL, {"settings": {"share": nan}}),
    lambda s: s.update_provider_model(*MODEL, {"settings": {"thing": object()}}),
    lambda s: s.update_provider_model(*MODEL, {"settings": {"deep": nested(100_000)}}),
]
MISSING: list[Call] = [
    lambda s: s.access.revoke(LARGE),
    lambda s: s.revisions.rollback(*MODEL, LARGE),
    lambda s: s.update_provider_model(*MODEL, {"parameters_id": LARGE}),
]


async def test_what_no_row_can_have_is_an_error_of_its_own_or_nothing(database: Database) -> None:
    service = ProviderConfigService(database)
    before = await service.register_provider_model(*MODEL, LLMParametersCreate(name="calm"), verify=False)
    for call in REFUSED:
        with pytest.raises(ConfigValidationError):
            await call(service)
    for call in MISSING:
        with pytest.raises(ConfigNotFoundError):
            await call(service)
    for limit in (0, -1):
        assert await service.revisions.history(*MODEL, limit=limit) == []
        assert await service.audit.list_entries(limit=limit) == []
    assert await service.get_provider_model(*MODEL) == before

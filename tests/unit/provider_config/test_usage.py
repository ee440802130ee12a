"""Usage statistics of the service: grouped in the database, exact, and only for those who may see them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from core.llms import LLMContext, MonitoringMiddleware, UsageRecorder
from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.errors import AccessDeniedError, ConfigValidationError
from core.llms.provider_config.factory import ProviderFactory
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.usage import UsageRow
from core.llms.storage.database import Database
from core.llms.storage.usage_store import DatabaseUsageStore
from core.llms.types.usage_totals import UsageKey, UsageTotals

DAY = datetime(2026, 11, 1, tzinfo=UTC)
SMALLEST = Decimal("0.000000000001")
ONE = UsageTotals(
    calls=2, succeeded=1, failed=1, attempts=3, unpriced=1, input_tokens=10, output_tokens=5, seconds=0.5,
    cost=Decimal("8999999.123456789012"), maybe_charged_cost=SMALLEST, saved_cost=Decimal("0.1"),
)  # fmt: skip
ROWS = {
    UsageKey(DAY - timedelta(hours=1), "openai", "gpt-4.1-mini", user_id="ann"): ONE,
    UsageKey(DAY, "openai", "gpt-4.1-mini", alias="fast", user_id="ann", tags=("a", "b")): ONE,
    UsageKey(DAY + timedelta(hours=23), "openai", "gpt-4.1-mini", user_id="ann", tags=("a",)): ONE,
    UsageKey(DAY, "openai", "gpt-4.1-mini", user_id="Bob"): ONE,
    UsageKey(DAY, "anthropic", "claude-haiku-4-5"): ONE,
}


@pytest.fixture
async def recorded(service: ProviderConfigService) -> ProviderConfigService:
    await DatabaseUsageStore(service.database).add(ROWS)
    return service


def brief(rows: list[UsageRow], *names: str) -> list[tuple[Any, ...]]:
    return [(*(getattr(row, name) for name in names), row.totals.calls) for row in rows]


async def test_usage_is_by_provider_model_actor_and_day_of_utc(recorded: ProviderConfigService) -> None:
    first, second = date(2026, 10, 31), date(2026, 11, 1)
    assert brief(await recorded.usage.summarize(), "provider", "model", "actor", "day") == [
        ("anthropic", "claude-haiku-4-5", "", second, 2),
        ("openai", "gpt-4.1-mini", "Bob", second, 2),
        ("openai", "gpt-4.1-mini", "ann", first, 2),
        ("openai", "gpt-4.1-mini", "ann", second, 4),
    ]


async def test_sums_are_exact_to_twelve_places_and_beyond_what_one_row_can_hold(
    recorded: ProviderConfigService,
) -> None:
    (row,) = await recorded.usage.summarize(group_by=())
    assert row.totals == ONE + ONE + ONE + ONE + ONE
    assert row.totals.cost == Decimal("44999995.617283945060")
    assert (row.totals.failed, row.totals.unpriced, row.totals.maybe_charged_cost) == (5, 5, 5 * SMALLEST)
    assert row == UsageRow(totals=row.totals)


async def test_every_group_has_a_value_of_its_own_kind(recorded: ProviderConfigService) -> None:
    usage = recorded.usage
    assert brief(await usage.summarize(group_by=["tag"]), "tag") == [("", 6), ("a", 4), ("b", 2)]
    assert brief(await usage.summarize(group_by=["alias", "month"]), "alias", "month") == [
        ("", "2026-10", 2), ("", "2026-11", 6), ("fast", "2026-11", 2),
    ]  # fmt: skip
    assert brief(await usage.summarize(group_by="hour", by="ann"), "hour") == [
        (DAY - timedelta(hours=1), 2), (DAY, 2), (DAY + timedelta(hours=23), 2),
    ]  # fmt: skip
    assert brief(await usage.summarize(group_by=["operation"]), "operation") == [("chat", 10)]


async def test_usage_is_chosen_by_time_and_names(recorded: ProviderConfigService) -> None:
    usage = recorded.usage
    (of_the_day,) = await usage.summarize(since=date(2026, 11, 1), until=date(2026, 11, 2), group_by=(), by="ann")
    assert of_the_day.totals.calls == 4
    begin = datetime(2026, 11, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert brief(await usage.summarize(since=begin, group_by=["provider"], provider="openai"), "provider") == [
        ("openai", 6)
    ]
    assert brief(await usage.summarize(group_by=["model"], model="claude-haiku-4-5"), "model") == [
        ("claude-haiku-4-5", 2)
    ]
    assert await usage.summarize(since=date(2026, 12, 1)) == []
    assert await usage.summarize(since=date(2026, 12, 1), group_by=()) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"group_by": ["modle"]}, "did you mean 'model'"),
        ({"since": datetime(2026, 11, 1)}, "`since`: a moment without a time zone"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_what_can(
    service: ProviderConfigService, wrong: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigValidationError, match=told):
        await service.usage.summarize(**wrong)


async def test_an_actor_sees_the_usage_of_its_own_models(recorded: ProviderConfigService) -> None:
    await recorded.register_provider_model(
        "openai", "gpt-4.1-mini", LLMParametersCreate(name="p"), verify=False, workspace="support"
    )
    await recorded.access.grant("vera", "viewer", Scope("default", "support"))
    await recorded.access.grant("carl", "credential_manager")
    await recorded.access.grant("olga", "viewer")
    usage = recorded.usage
    assert brief(await usage.summarize(group_by=["provider"], actor="vera"), "provider") == [("openai", 8)]
    assert brief(await usage.summarize(group_by=["provider"], actor="olga"), "provider") == [
        ("anthropic", 2), ("openai", 8),
    ]  # fmt: skip
    for actor, provider in (("vera", "anthropic"), ("carl", None), ("nobody", None)):
        with pytest.raises(AccessDeniedError, match="may not read usage"):
            await usage.summarize(provider=provider, actor=actor)
    await recorded.access.deny("olga", "viewer", Scope(provider="openai"))
    assert brief(await usage.summarize(group_by=["provider"], actor="olga"), "provider") == [("anthropic", 2)]


async def test_calls_of_a_configuration_are_in_the_statistics_of_its_owner(
    database: Database, service: ProviderConfigService
) -> None:
    await service.register_provider_model("openai", "gpt-4.1-mini", LLMParametersCreate(name="p"))
    await service.access.grant("vera", "viewer", Scope("default", "default"))
    async with (
        UsageRecorder(DatabaseUsageStore(database)) as recorder,
        await ProviderFactory(service).create_provider("openai", "gpt-4.1-mini") as llm,
        llm.with_middleware(MonitoringMiddleware(recorder)) as monitored,
    ):
        response = await monitored.get_answer("Hello!", LLMContext(user_id="ann"))
    (row,) = await service.usage.summarize(actor="vera")
    assert (row.provider, row.model, row.actor, row.totals.cost) == ("openai", "gpt-4.1-mini", "ann", response.cost)

"""`core-llms usage`: what was recorded, grouped and chosen, for people and as JSON."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.llms.storage.database import Database
from core.llms.storage.usage_store import DatabaseUsageStore
from core.llms.types.usage_totals import UsageKey, UsageTotals
from tests.unit.cli.command import Command

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
ONE = UsageTotals(
    calls=2, succeeded=1, failed=1, attempts=3, input_tokens=1500, output_tokens=5, seconds=3.0, cost=Decimal("0.0012")
)
ROWS = {
    UsageKey(NOW, "openai", "gpt-4.1-mini", alias="fast", user_id="u1", tags=("a", "b")): ONE,
    UsageKey(NOW, "openai", "gpt-4.1-mini", alias="fast", user_id="u2", tags=("a",)): ONE,
    UsageKey(NOW - timedelta(days=3), "anthropic", "claude-haiku-4-5", user_id="u1"): ONE,
    UsageKey(NOW - timedelta(days=30), "anthropic", "claude-haiku-4-5", user_id="u1"): ONE,
}


@pytest.fixture
def url(sqlite_url: str) -> str:
    async def fill() -> None:
        async with Database(sqlite_url, upgrade=True) as database:
            await DatabaseUsageStore(database).add(ROWS)

    asyncio.run(fill())
    return sqlite_url


def read(url: str, *arguments: str) -> Any:
    done = Command({}).run("usage", "--json", *arguments, CORE_LLMS_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_table_has_the_last_week_by_model(url: str) -> None:
    done = Command({}).run("usage", CORE_LLMS_DATABASE_URL=url)
    lines = done.stdout.splitlines()
    assert lines[0].split() == [
        "model",
        "calls",
        "failed",
        "input",
        "output",
        "cost",
        "$",
        "maybe",
        "$",
        "saved",
        "$",
        "unpriced",
        "mean",
        "s",
    ]
    assert lines[-2].split() == ["anthropic/claude-haiku-4-5", "2", "1", "1,500", "5", "0.0012", "0", "0", "0", "1.50"]
    assert lines[-1].split() == ["openai/gpt-4.1-mini", "4", "2", "3,000", "10", "0.0024", "0", "0", "0", "1.50"]


def test_groups_and_conditions_are_the_caller_s(url: str) -> None:
    users = {group["user"]: group["calls"] for group in read(url, "--by", "user", "--since", "2020-01-01")}
    assert users == {"u1": 6, "u2": 2}
    tags = {group["tag"]: group["calls"] for group in read(url, "--by", "tag", "--provider", "openai")}
    assert tags == {"a": 4, "b": 2}
    both = read(url, "--by", "day", "--by", "alias", "--user", "u1")
    assert [(group["alias"], group["cost"]) for group in both] == [("-", "0.0012"), ("fast", "0.0012")]
    assert read(url, "--until", f"{NOW - timedelta(days=5):%Y-%m-%d}") == []


def test_an_unknown_group_is_refused_with_those_there_are(url: str) -> None:
    done = Command({}).run("usage", "--by", "colour", CORE_LLMS_DATABASE_URL=url)
    assert done.returncode == 2
    assert "one of provider, model," in done.stderr


def test_nothing_recorded_is_said(sqlite_url: str) -> None:
    Command({}).run("db", "upgrade", CORE_LLMS_DATABASE_URL=sqlite_url)
    done = Command({}).run("usage", CORE_LLMS_DATABASE_URL=sqlite_url)
    assert (done.returncode, done.stdout, "no usage is recorded" in done.stderr) == (0, "", True)

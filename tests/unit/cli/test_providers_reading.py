"""`core-llms providers list` and `show`: tables for people, all facts as JSON, and no secret in either."""

from __future__ import annotations

import asyncio
import json

from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.stored_settings import store_settings
from tests.unit.cli.conftest import Providers

OWN = "openai/gpt-4.1-mini"


def test_list_draws_a_line_for_each_and_chooses(registered: Providers) -> None:
    registered("register", "groq", "openai/gpt-oss-20b", "--inactive", "--no-verify")
    heading, first, second = registered("list").stdout.splitlines()
    assert heading.split() == ["model", "alias", "active", "verified", "parameters", "template", "version"]
    assert first.split() == ["groq/openai/gpt-oss-20b", "no", "no", "1"]
    assert second.split("  ")[0] == "openai/gpt-4.1-mini"
    assert "max_tokens 100, temperature 0.3, top_k 5" in second
    active = json.loads(registered("list", "--active", "--json").stdout)
    assert [facts["provider_name"] for facts in active] == ["openai"]
    groq = json.loads(registered("list", "--provider", "groq", "--json").stdout)
    assert [facts["model_id"] for facts in groq] == ["openai/gpt-oss-20b"]


def test_list_of_none_says_so(providers: Providers) -> None:
    done = providers("list", "--upgrade")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "warning: no model is configured\n")


def test_show_takes_two_names_or_one(registered: Providers) -> None:
    names = (("openai", "gpt-4.1-mini"), ("openai/gpt-4.1-mini",), ("support",))
    shown = [registered("show", *each).stdout for each in names]
    assert shown[0] == shown[1] == shown[2]
    facts = dict(line.strip().split("  ", 1) for line in shown[0].splitlines() if "  " in line.strip())
    told = {name: text.strip() for name, text in facts.items()}
    assert (told["active"], told["verified"], told["temperature"]) == ("yes", "yes", "0.3")
    assert (told["system prompt"], told["version"]) == ("Be brief.", "2")
    assert told["top k"].startswith("`top_k` is not supported; supported: ")
    assert json.loads(registered("show", "support", "--json").stdout)["alias"] == "support"


def test_show_of_what_is_not_there_says_how_to_register(registered: Providers) -> None:
    done = registered("show", "openai", "gpt-4.1", "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["error"]["type"] == "ConfigNotFoundError"
    assert "`core-llms providers register openai gpt-4.1`" in done.stderr
    assert "no configuration has the alias 'suport'" in registered("show", "suport").stderr


def test_a_secret_that_was_stored_all_the_same_is_not_shown(providers: Providers, sqlite_url: str) -> None:
    async def store() -> None:
        async with Database(sqlite_url, upgrade=True) as database:
            await ProviderConfigService(database).register_provider_model(
                "openai", "gpt-4.1-mini", LLMParametersCreate(name="p"), verify=False,
                base_url="https://gateway.example/v1?api_key=canary-5f0e", description="canary-77aa",
            )  # fmt: skip
            settings = {"organization": "org", "api_token": "canary-5f0e"}
            await store_settings(database, "openai", "gpt-4.1-mini", settings)

    asyncio.run(store())
    for arguments in (
        ("list",),
        ("list", "--json"),
        ("show", "openai/gpt-4.1-mini"),
        ("show", "openai", "gpt-4.1-mini", "--json"),
    ):
        done = providers(*arguments, TEAM_API_KEY="canary-77aa")
        assert done.returncode == 0, done.stderr
        assert "canary" not in done.stdout + done.stderr

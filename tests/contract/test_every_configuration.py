"""What the configurations and callers of every provider do alike, held against the provider's own classes."""

from __future__ import annotations

import asyncio
import re
from importlib import import_module
from inspect import isabstract, signature
from pathlib import Path
from typing import Any

import pytest

import core.llms
from core.llms import (
    CONFIG_REGISTRY,
    AliasDefinition,
    ConfigRegistry,
    ConfigurationError,
    UserMessage,
    define_config,
)
from core.llms.callers import BaseCaller, find_caller
from core.llms.configs.base.definitions import find_base_config
from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.create import find_factory
from core.llms.registry.packaged import packaged_connector
from core.llms.simulator import Simulator
from tests.contract.provider_rows import (
    CANARY,
    EVERY_PROVIDER,
    PROVIDERS,
    ProviderRow,
    answering,
    load_rooms,
    load_row,
    streaming,
    vendor,
)
from tests.support.retired import STAND_INS

ALIASES = sorted(CONFIG_REGISTRY)
PACKAGE = Path(core.llms.__file__).parent


@pytest.fixture
def llm_simulator_options() -> dict[str, Any]:
    return {"stand_ins": STAND_INS}


def aliases_of(provider: str) -> list[str]:
    return [alias for alias in ALIASES if getattr(CONFIG_REGISTRY[alias], "PROVIDER", None) == provider]


def config_of(provider: str) -> type[ProviderBaseConfig]:
    """One of the provider's own configurations; where it lists no models, one that is defined."""
    for alias in aliases_of(provider):
        config = CONFIG_REGISTRY[alias]
        assert issubclass(config, ProviderBaseConfig)
        return config
    return define_config(AliasDefinition(alias="any", provider=provider, model=load_row(provider).model))


@EVERY_PROVIDER
def test_base_configuration_is_the_provider_s(provider: str) -> None:
    base = find_base_config(provider)
    room = import_module(f"core.llms.configs.{provider}")

    assert base.__module__ == room.__name__
    assert re.fullmatch(r"[A-Z]\w+BaseConfig", base.__name__)
    assert isabstract(base)
    assert packaged_connector(provider).KEY_VARIABLES[0] == base.API_KEY_ENV
    assert set(base.SETTINGS) <= {*signature(find_factory(provider)).parameters}
    assert callable(getattr(room, f"create_{provider}_model"))


@EVERY_PROVIDER
def test_caller_is_the_provider_s(provider: str) -> None:
    caller = find_caller(provider)

    assert (caller.PROVIDER, caller.__module__) == (provider, f"core.llms.callers.{provider}_caller")
    assert caller.__name__ == find_base_config(provider).__name__.replace("BaseConfig", "Caller")
    assert config_of(provider)().caller_class() is caller


@EVERY_PROVIDER
def test_provider_that_lists_models_has_aliases(provider: str) -> None:
    assert bool(aliases_of(provider)) == bool(load_rooms(provider))


@EVERY_PROVIDER
def test_parameters_have_the_key_of_the_environment(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_of(provider)()
    assert config.api_key_env is not None
    monkeypatch.delenv(config.api_key_env, raising=False)
    assert config.get_params()["api_key"] is None

    monkeypatch.setenv(config.api_key_env, CANARY)
    params = config.get_params()
    assert params["api_key"].get_secret_value() == CANARY
    assert CANARY not in repr(params) + repr(config) + repr(vars(config))
    assert {"model", "temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty"} < set(params)
    assert {"system_message", "stream", "stop"} < set(params)


@EVERY_PROVIDER
def test_unknown_field_is_refused_with_a_suggestion(provider: str) -> None:
    registry = ConfigRegistry([config_of(provider)])
    create = getattr(import_module(f"core.llms.configs.{provider}"), f"create_{provider}_model")
    (alias,) = registry

    with pytest.raises(ConfigurationError, match=r"unknown field 'max_tokns'; did you mean 'max_tokens'\?"):
        create(alias, registry=registry, max_tokns=5)
    assert create(alias, registry=registry, stop=None, base_url="http://localhost:1").base_url == "http://localhost:1"


def caller_of(row: ProviderRow, url: str) -> BaseCaller:
    return find_caller(row.provider)({**row.arguments(url), "model": row.model, "system_message": "Be brief."})


@EVERY_PROVIDER
@pytest.mark.usefixtures("bare_environment")
async def test_caller_answers_blocking_and_not(row: ProviderRow) -> None:
    replies = next(iter(row.replies.values()))
    async with vendor(row, answering(replies.answer)) as server, caller_of(row, server.url) as caller:
        assert await caller.acall_llm("Hi", max_tokens=100) == "Hello"
        assert await asyncio.to_thread(caller.call_llm, [UserMessage("Hi")]) == "Hello"
        response = await caller.acomplete("Hi")
    assert (response.provider, [attempt.outcome for attempt in response.attempts]) == (row.provider, ["ok"])
    assert all(b"Be brief." in exchange.body for exchange in server.exchanges)


@EVERY_PROVIDER
@pytest.mark.usefixtures("bare_environment")
async def test_caller_streams_blocking_and_not(row: ProviderRow) -> None:
    replies = next(iter(row.replies.values()))
    async with vendor(row, streaming(replies)) as server, caller_of(row, server.url) as caller:
        assert [text async for text in caller.astream_llm("Hi")] == ["Hel", "lo"]
        assert await asyncio.to_thread(lambda: list(caller.stream_llm("Hi"))) == ["Hel", "lo"]


@pytest.mark.parametrize("alias", ALIASES)
def test_every_alias_answers_with_all_its_defaults(alias: str, llm_simulator: Simulator) -> None:
    config = CONFIG_REGISTRY[alias]()
    config.validate()
    with config.create_caller() as caller:
        response = caller.complete("Say: hello.")
        rendered = caller.llm.render_answer("Hi")

    assert (response.text, response.finish_reason.unified) == ("hello.", "stop")
    assert rendered.warnings == ()
    assert config.alias() == alias
    assert type(config).__doc__


@pytest.mark.parametrize("alias", ALIASES)
def test_every_alias_s_model_is_listed(alias: str) -> None:
    config: Any = CONFIG_REGISTRY[alias]()

    assert config.model in load_rooms(config.PROVIDER)


def test_a_retired_model_s_alias_is_one_of_old() -> None:
    from datetime import date

    retired = set()
    for alias in ALIASES:
        config: Any = CONFIG_REGISTRY[alias]()
        metadata, _ = load_rooms(config.PROVIDER)[config.model].load()
        if metadata.RETIRED is not None and date(2026, 11, 28) >= metadata.RETIRED:
            retired.add(alias)

    assert retired == {"c3opus", "gemma2-9b", "gpt-4", "granite-13b", "llama3-70b", "llama3-8b", "mixtral-8x7b"}


def test_no_provider_is_named_outside_its_room() -> None:
    shared = [*PACKAGE.glob("configs/base/*.py"), *PACKAGE.glob("callers/base/*.py"), *PACKAGE.glob("handlers/*.py")]
    names = re.compile("|".join([*PROVIDERS, *(load_row(name).provider for name in PROVIDERS)]), re.IGNORECASE)

    assert len(shared) > 15
    assert {path.name: found for path in shared if (found := names.findall(path.read_text(encoding="utf-8")))} == {}

from __future__ import annotations

import multiprocessing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.llms import ConfigurationError
from core.llms.registry.files import load_profiles, save_profiles
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.registry.models import FactSource, LLMCapabilities, LLMProfile, Modality
from core.llms.types.prices import PriceChange, Prices, PriceTier, PriceWindow

names = st.text("abc-./:é\u2028 ", min_size=1, max_size=8)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
amounts = st.decimals(0, 1000, places=6, allow_nan=False).map(lambda value: Decimal(f"{value.normalize():f}"))
tokens = st.integers(1, 10**7)
plain_prices = st.builds(Prices, amounts, amounts, cache_read=st.none() | amounts, reasoning=st.none() | amounts)
windows = st.builds(PriceWindow, st.just(0.5), st.just(16.0), plain_prices, st.just((0, 6)))
prices = st.builds(
    Prices,
    amounts,
    amounts,
    cache_write_1h=st.none() | amounts,
    request_usd_per_thousand=st.none() | amounts,
    tiers=st.lists(st.builds(PriceTier, tokens, plain_prices), max_size=2).map(tuple),
    service_tiers=st.dictionaries(names, plain_prices, max_size=2),
    windows=st.lists(
        st.builds(PriceWindow, st.just(0.5), st.just(16.0), plain_prices, st.just((0, 6))), max_size=1
    ).map(tuple),
    changes=st.lists(st.builds(PriceChange, days, plain_prices), max_size=2).map(tuple),
)
abilities = st.fixed_dictionaries(
    {},
    optional={
        "supports_vision": st.none() | st.booleans(),
        "context_window": st.just(10**7),
        "max_output_tokens": tokens,
        "input_modalities": st.frozensets(st.sampled_from(Modality)),
        "supported_parameters": st.frozensets(names, max_size=2),
        "reasoning_efforts": st.lists(names, max_size=2).map(tuple),
        "reasoning_budget_tokens": st.tuples(st.none() | tokens, st.none() | tokens),
        "sampling": st.sampled_from(["always", "never", "unless_reasoning"]),
    },
).map(LLMCapabilities.model_validate)
profiles = st.fixed_dictionaries(
    {"provider": names, "model_id": names},
    optional={
        "aliases": st.lists(names, max_size=2).map(tuple),
        "description": names,
        "capabilities": abilities,
        "prices": prices,
        "released": days,
        "retired": st.none() | days,
        "is_deprecated": st.booleans(),
        "sources": st.lists(st.builds(FactSource, name=names, read_on=days), max_size=2).map(tuple),
        "origin": st.sampled_from(["user", "detected"]),
        "detected_at": st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    },
).map(LLMProfile.model_validate)


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=st.lists(profiles, max_size=3, unique_by=lambda profile: profile.key))
def test_every_fact_comes_back_from_a_file(tmp_path: Path, suffix: str, kept: list[LLMProfile]) -> None:
    path = tmp_path / f"models{suffix}"
    path.unlink(missing_ok=True)
    save_profiles(path, kept)
    back = load_profiles(path)
    assert back == sorted(kept, key=lambda profile: profile.key)
    assert [each.model_fields_set for each in back] == [
        each.model_fields_set for each in sorted(kept, key=lambda profile: profile.key)
    ]


def test_saving_adds_to_what_another_wrote(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    one, other = LLMRegistry(catalog=False), LLMRegistry(catalog=False)
    one.register_model("x", "a")
    other.register_model("x", "b")
    one.save(path)
    other.save(path)
    third = LLMRegistry(catalog=False)
    third.load(path)
    assert [each.model_id for each in third.list_models()] == ["a", "b"]


def _save_some(path: Path, provider: str) -> None:
    for number in range(20):
        save_profiles(path, [LLMProfile(provider=provider, model_id=f"m{number}")])


def test_two_processes_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_save_some, args=(path, name)) for name in ("x", "y")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(load_profiles(path)) == 40


GOOD = '{"models": [{"provider": "x", "model_id": "m"}]}'


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("models.json", '{"models": [\n{"provider": "x",\n', r"models\.json is corrupt at line 3: "),
        ("models.json", "[]", r"models\.json holds no list under `models`"),
        ("models.json", GOOD.replace('"m"', '""'), r"models\[0\] \(\): model_id: .*at least 1|models\[0\]: model_id"),
        ("models.json", GOOD.replace("}]", ', "prices": {"input": "x"}}]'), r"models\[0\] \(m\): prices: "),
        ("models.yaml", "models:\n  - provider: x\n model_id: m\n", r"models\.yaml is corrupt at line 3"),
    ],
)
def test_corrupt_file_is_refused_with_its_place_and_kept(tmp_path: Path, name: str, content: str, problem: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=problem):
        load_profiles(path)
    with pytest.raises(ConfigurationError, match=problem):
        save_profiles(path, [LLMProfile(provider="x", model_id="new")])
    assert path.read_text() == content


def test_other_file_types_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"kept in \.json, \.yaml or \.yml files, not in 'models\.toml'"):
        save_profiles(tmp_path / "models.toml", [])
    with pytest.raises(ConfigurationError, match=r"none\.json cannot be read"):
        load_profiles(tmp_path / "none.json")


def test_file_has_what_was_stated_alone(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    facts: dict[str, Any] = {"capabilities": {"context_window": 5}}
    save_profiles(path, [LLMProfile(provider="x", model_id="m", **facts)])
    expected = '{"models":[{"provider":"x","model_id":"m","capabilities":{"context_window":5}}]}'
    assert "".join(path.read_text().split()) == expected

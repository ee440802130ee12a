"""What holds for every model of every provider: the folders of `core/llms/providers`, with the table of each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Set
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from core.llms.errors import UnsupportedParameterError
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.providers.base.rooms import Room, model_id_for
from core.llms.types.parameters import ALL_PARAMS, REASONING_EFFORTS, SAMPLING_PARAMS
from core.llms.types.prices import Prices
from tests.contract.provider_rows import PROVIDERS, load_rooms

TABLES: Mapping[str, Mapping[str, Room]] = MappingProxyType({provider: load_rooms(provider) for provider in PROVIDERS})
# Where a large prompt begins to cost more.
LONG_PROMPTS = {
    "openai": 272_000,
    "azure": 272_000,
    "google": 200_000,
    "anthropic": 100_000,
    "bedrock": 100_000,
    "xai": 199_999,
    "openrouter": 272_000,
}
# Where the price is another's matter: a router's inference provider, a catalogue of trials.
UNPRICED = frozenset({"huggingface", "nvidia"})
# Those, and the models of which no list at hand has the price.
UNPRICED_ONES = UNPRICED | {"watsonx-ibm/granite-embedding-278m-multilingual"}
# What a source's name must say, for each kind of fact that a class states.
FACTS = {
    "limits": ("CONTEXT_WINDOW", "MAX_INPUT_TOKENS", "MAX_TOKENS", "EMBEDDING_DIMENSIONS"),
    "prices": ("PRICES", "COST_PER_1K_INPUT", "COST_PER_1K_OUTPUT", "REGIONAL_UPLIFT"),
    "reasoning": ("DEFAULT_REASONING_EFFORT", "THINKING_BUDGETS"),
    "cutoff": ("KNOWLEDGE_CUTOFF",),
    "released": ("RELEASED",),
    "deprecated": ("DEPRECATED",),
    "retired": ("RETIRED",),
    "replacement": ("REPLACEMENT",),
}
SEEN = [(provider, room) for provider, table in TABLES.items() for room in dict.fromkeys(table.values())]
CLASSES = [(provider, room.load()[0]) for provider, room in SEEN]
EVERY = pytest.mark.parametrize(("provider", "metadata"), CLASSES, ids=[metadata.NAME for _, metadata in CLASSES])
PRICED = pytest.mark.parametrize(
    ("provider", "metadata"),
    [(provider, metadata) for provider, metadata in CLASSES if not {provider, metadata.NAME} & UNPRICED_ONES],
    ids=lambda value: getattr(value, "NAME", ""),
)
CHAT = pytest.mark.parametrize(
    "metadata",
    [metadata for _, metadata in CLASSES if not metadata.supports(Capability.EMBEDDINGS)],
    ids=lambda metadata: metadata.NAME,
)
OPENAI_CHAT = pytest.mark.parametrize(
    "metadata",
    [m for provider, m in CLASSES if provider in ("openai", "azure") and not m.supports(Capability.EMBEDDINGS)],
    ids=lambda metadata: metadata.NAME,
)


def _all_prices(prices: Prices) -> Iterator[Prices]:
    yield prices
    for tier in prices.tiers:
        yield from _all_prices(tier.prices)
    for service_tier in prices.service_tiers.values():
        yield from _all_prices(service_tier)
    for window in prices.windows:
        yield from _all_prices(window.prices)
    for change in prices.changes:
        yield from _all_prices(change.prices)


def _amounts(prices: Prices) -> dict[str, Decimal]:
    names = ("input", "output", "cache_read", "cache_write", "server_tool_usd_per_thousand")
    return {name: value for name in names if (value := getattr(prices, name)) is not None}


@EVERY
def test_table_lists_the_model_and_its_aliases(provider: str, metadata: type[BaseMetadata]) -> None:
    listed = [name for name, room in TABLES[provider].items() if room.load()[0] is metadata]
    assert sorted(listed) == sorted({metadata.MODEL_ID, *metadata.ALIASES})


@EVERY
def test_names_follow_from_provider_and_id(provider: str, metadata: type[BaseMetadata]) -> None:
    assert f"{provider}-{metadata.MODEL_ID}" == metadata.NAME
    assert provider == metadata.PROVIDER
    assert metadata.DISPLAY_NAME
    assert metadata.FAMILY


@EVERY
def test_ids_go_on_the_wire_as_they_are(provider: str, metadata: type[BaseMetadata]) -> None:
    ids = (metadata.MODEL_ID, *metadata.ALIASES)
    assert tuple(model_id_for(metadata, id) for id in ids) == ids
    assert model_id_for(metadata, metadata.NAME) == metadata.MODEL_ID


@EVERY
def test_every_fact_has_a_source(provider: str, metadata: type[BaseMetadata]) -> None:
    said = " ".join(source.name.partition("(")[2] for source in metadata.SOURCES)
    stated = {kind for kind, names in FACTS.items() if any(getattr(metadata, name, None) is not None for name in names)}
    assert {kind for kind in stated if kind not in said} == set()
    assert all(date(2026, 1, 1) <= source.read_on <= date.today() for source in metadata.SOURCES)


def _is_figure(value: Any) -> bool:
    if isinstance(value, tuple | list | Set):
        return any(map(_is_figure, value))
    if isinstance(value, Mapping):
        return any(_is_figure(item) for pair in value.items() for item in pair)
    return isinstance(value, int | float | Decimal | date | Prices) and not isinstance(value, bool)


@EVERY
def test_no_figure_is_stated_that_needs_no_source(provider: str, metadata: type[BaseMetadata]) -> None:
    stated = {name for name in dir(metadata) if name.isupper() and not name.startswith("_")}
    figures = {name for name in stated if _is_figure(getattr(metadata, name))}
    assert figures - {name for names in FACTS.values() for name in names} == set()


@PRICED
def test_prices_are_positive_decimals(provider: str, metadata: type[BaseMetadata]) -> None:
    assert metadata.PRICES is not None
    for prices in _all_prices(metadata.PRICES):
        amounts = _amounts(prices)
        assert all(type(amount) is Decimal for amount in amounts.values())
        if metadata.supports(Capability.EMBEDDINGS):
            assert amounts.pop("output") == 0
        assert all(amount > 0 for amount in amounts.values())


@PRICED
def test_prices_of_all_tiers_have_the_same_parts(provider: str, metadata: type[BaseMetadata]) -> None:
    assert metadata.PRICES is not None
    parts = {frozenset(_amounts(prices)) - {"server_tool_usd_per_thousand"} for prices in _all_prices(metadata.PRICES)}
    assert len(parts) == 1
    caches = "cache_read" in next(iter(parts))
    assert caches == metadata.supports(Capability.PROMPT_CACHING)


@PRICED
def test_prices_order_is_cached_then_plain_then_written_then_output(
    provider: str, metadata: type[BaseMetadata]
) -> None:
    assert metadata.PRICES is not None
    for prices in _all_prices(metadata.PRICES):
        order = [prices.cache_read, prices.input, prices.cache_write, prices.output or None]
        known = [price for price in order if price is not None]
        assert known == sorted(known)
        assert [tier.above_input_tokens for tier in prices.tiers] == [LONG_PROMPTS.get(provider)] * len(prices.tiers)
        assert all(tier.prices.input > prices.input for tier in prices.tiers)


@PRICED
def test_cost_per_thousand_is_the_price_per_million(provider: str, metadata: type[BaseMetadata]) -> None:
    assert metadata.PRICES is not None
    today = metadata.PRICES.on(date.today())
    assert today.input / 1000 == metadata.COST_PER_1K_INPUT
    assert today.output / 1000 == metadata.COST_PER_1K_OUTPUT


@EVERY
def test_prices_are_known_where_they_are_the_provider_s_own(provider: str, metadata: type[BaseMetadata]) -> None:
    assert (metadata.PRICES is None) is bool({provider, metadata.NAME} & UNPRICED_ONES)


@EVERY
def test_limits_fit_each_other(provider: str, metadata: type[BaseMetadata]) -> None:
    assert metadata.CONTEXT_WINDOW is not None
    assert (metadata.MAX_TOKENS or 0) <= metadata.CONTEXT_WINDOW
    if metadata.MAX_INPUT_TOKENS is not None:
        assert metadata.MAX_TOKENS is not None
        assert metadata.MAX_INPUT_TOKENS + metadata.MAX_TOKENS == metadata.CONTEXT_WINDOW
    assert (metadata.EMBEDDING_DIMENSIONS is not None) is metadata.supports(Capability.EMBEDDINGS)


@EVERY
def test_capabilities_are_complete(provider: str, metadata: type[BaseMetadata]) -> None:
    assert set(metadata.CAPABILITIES) == set(Capability)
    assert all(type(answer) is bool for answer in metadata.CAPABILITIES.values())


@EVERY
def test_dates_follow_each_other(provider: str, metadata: type[BaseMetadata]) -> None:
    dates = [d for d in (metadata.RELEASED, metadata.DEPRECATED, metadata.RETIRED) if d is not None]
    assert dates == sorted(dates)
    if metadata.KNOWLEDGE_CUTOFF is not None and metadata.RELEASED is not None:
        assert metadata.KNOWLEDGE_CUTOFF <= metadata.RELEASED


@EVERY
def test_parameters_and_efforts_are_neutral_names(provider: str, metadata: type[BaseMetadata]) -> None:
    assert metadata.SUPPORTED_PARAMS is not None
    assert metadata.SUPPORTED_PARAMS <= ALL_PARAMS
    in_order = tuple(effort for effort in REASONING_EFFORTS if effort in metadata.REASONING_EFFORTS)
    assert in_order == metadata.REASONING_EFFORTS
    assert metadata.DEFAULT_REASONING_EFFORT in (None, *metadata.REASONING_EFFORTS)


@CHAT
def test_output_limit_is_taken_up_to_the_largest_answer(metadata: type[BaseMetadata]) -> None:
    assert metadata.validate_params({"max_tokens": 100}) == {"max_tokens": 100}
    assert metadata.validate_params({"max_tokens": metadata.MAX_TOKENS}) == {"max_tokens": metadata.MAX_TOKENS}
    with pytest.raises(UnsupportedParameterError, match=f"at most {metadata.MAX_TOKENS}"):
        metadata.validate_params({"max_tokens": (metadata.MAX_TOKENS or 0) + 1})


@CHAT
def test_sampling_agrees_with_reasoning(metadata: type[BaseMetadata]) -> None:
    reasons = metadata.supports(Capability.REASONING)
    assert reasons is bool(metadata.REASONING_EFFORTS)
    assert metadata.SUPPORTED_PARAMS is not None
    assert bool(metadata.SUPPORTED_PARAMS & SAMPLING_PARAMS) is (metadata.SAMPLING != "never")
    assert ("reasoning_effort" in metadata.SUPPORTED_PARAMS) is reasons


@OPENAI_CHAT
def test_openai_s_reasoning_turns_sampling_off(metadata: type[BaseMetadata]) -> None:
    can_be_off = "none" in metadata.REASONING_EFFORTS
    reasons = metadata.supports(Capability.REASONING)
    expected = "always" if not reasons else "unless_reasoning" if can_be_off else "never"
    assert expected == metadata.SAMPLING


@OPENAI_CHAT
def test_sampling_is_refused_exactly_while_the_model_reasons(metadata: type[BaseMetadata]) -> None:
    for effort in metadata.REASONING_EFFORTS:
        params = {"reasoning_effort": effort, "temperature": 0.5}
        if effort == "none":
            assert metadata.validate_params(params) == params
        else:
            with pytest.raises(UnsupportedParameterError, match="`temperature`"):
                metadata.validate_params(params)
    if metadata.is_reasoning({}):
        with pytest.raises(UnsupportedParameterError, match="`temperature`"):
            metadata.validate_params({"temperature": 0.5})
    else:
        assert metadata.validate_params({"temperature": 0.5}) == {"temperature": 0.5}


@OPENAI_CHAT
def test_reasoning_models_are_called_on_the_responses_wire(metadata: type[BaseMetadata]) -> None:
    assert ("responses" if metadata.supports(Capability.REASONING) else "chat") == metadata.WIRE


@pytest.mark.parametrize("provider", TABLES)
def test_tables_import_no_room(provider: str) -> None:
    code = (
        f"import sys, core.llms.providers.{provider} as p; "
        f"print([m for m in sys.modules if m.startswith('core.llms.providers.{provider}.models.')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"

"""What a call costs here is what it costs by genai-prices, or a rule says who is right, and why."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.llms.catalog.assembly.names import GENAI_PRICES
from core.llms.types.costs import compute_cost
from core.llms.types.response import LLMResponse
from core.llms.types.usage import Usage
from tests.contract.cost_cases import (
    MOMENTS,
    NOW,
    ROUNDING,
    Difference,
    Model,
    compare,
    find_model,
    find_models,
    walk_cases,
)
from tests.contract.cost_page import PAGE, find_differences, render_figures, render_page
from tests.contract.cost_rules import READINGS, RULES, reason_of, render_tables
from tests.contract.provider_rows import NOWHERE, load_row
from tests.wires.corpus import Exchange, exchange_params, load_exchanges

WIRES: Final = {
    "chat_completions": "chat",
    "responses": "responses",
    "messages": "messages",
    "generate_content": "gemini",
    "stream_generate_content": "gemini",
    "converse": "converse",
    "converse_stream": "converse",
    "chat_v2": "cohere_v2",
}
FLAVOURS: Final = {"chat_completions": "chat", "responses": "responses"}


def test_generated_usages_cost_the_same_or_a_rule_says_why() -> None:
    assert [found for found in find_differences() if reason_of(found) is None] == []
    assert sum(1 for _ in walk_cases()) > 60_000
    assert len(find_models()) > 1_700


def test_known_prices_are_the_same_for_most_models() -> None:
    plain = [found for found in find_differences() if found.usage.service_tier is None and found.moment == NOW]
    differing = {(found.model.provider, found.model.id) for found in plain if found.ours is not None}
    own = [model for model in find_models() if not model.borrowed]
    assert len({(model.provider, model.id) for model in own} - differing) > 0.93 * len(own)


def test_every_rule_explains_a_difference() -> None:
    used = Counter(rule.name for found in find_differences() if (rule := reason_of(found)) is not None)
    recorded_only = {"mistral-large-latest"}
    assert {rule.name for rule in RULES} - used.keys() == recorded_only


def test_page_says_what_the_comparison_found() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == render_page(page)
    assert render_tables() in page
    assert render_figures() in page


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    size, answer = draw(st.integers(0, 2_000_000)), draw(st.integers(0, 200_000))
    read = draw(st.integers(0, size))
    written = draw(st.integers(0, size - read))
    return Usage(
        size,
        answer,
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=draw(st.integers(0, written)),
        reasoning_tokens=draw(st.integers(0, answer)),
        server_tool_requests=draw(st.integers(0, 9)),
        service_tier=draw(st.sampled_from((None, None, "batch", "flex", "priority"))),
    )


@settings(max_examples=600, deadline=None)
@given(model=st.deferred(lambda: st.sampled_from(find_models())), usage=usages(), moment=st.sampled_from(MOMENTS))
def test_any_usage_costs_the_same_or_a_rule_says_why(model: Model, usage: Usage, moment: datetime) -> None:
    found = compare(model, usage, moment)
    assert found is None or reason_of(found) is not None


def priced(exchange: Exchange) -> bool:
    return (
        exchange.status == 200
        and exchange.api in WIRES
        and not (exchange.is_stream and "error" in exchange.features)
        and provider_of(exchange) in GENAI_PRICES
        and find_model(provider_of(exchange), exchange.model) is not None
    )


def provider_of(exchange: Exchange) -> str:
    return "google" if exchange.provider == "vertexai" else exchange.provider


def read(exchange: Exchange) -> LLMResponse:
    wire = load_row(provider_of(exchange)).create(NOWHERE, model=exchange.model, wire=WIRES[exchange.api]).wire
    if not exchange.is_stream:
        return wire.parse_response(exchange.body)
    decoder = wire.create_stream_decoder()
    decoder.feed(exchange.body_bytes)
    return decoder.partial_response()


RECORDED = [exchange for exchange in load_exchanges() if priced(exchange)]


def model_of(exchange: Exchange) -> Model:
    model = find_model(provider_of(exchange), exchange.model)
    assert model is not None
    return model


@pytest.mark.filterwarnings("ignore:.*was retired on")
@pytest.mark.parametrize("exchange", exchange_params(RECORDED))
def test_recorded_usage_costs_the_same_or_a_rule_says_why(exchange: Exchange) -> None:
    usage = dataclasses.replace(read(exchange).usage, reported_cost=None)
    found = compare(model_of(exchange), usage, NOW)
    assert found is None or reason_of(found) is not None


def foreign_cost(exchange: Exchange, model: Model) -> Decimal | None:
    """Price a recorded answer by genai-prices' own reading of it; None where that has none."""
    flavour = FLAVOURS.get(exchange.api, "default")
    try:
        _, usage = model.foreign_provider.extract_usage(exchange.body, api_flavor=flavour)
        return model.foreign.calc_price(usage, model.foreign_provider, genai_request_timestamp=NOW).total_price
    except (ValueError, AttributeError):
        return None


@pytest.mark.filterwarnings("ignore:.*was retired on")
@pytest.mark.parametrize("exchange", exchange_params([each for each in RECORDED if not each.is_stream]))
def test_recorded_answer_is_read_and_priced_the_same_or_a_rule_says_why(exchange: Exchange) -> None:
    model = model_of(exchange)
    usage = dataclasses.replace(read(exchange).usage, reported_cost=None)
    ours, theirs = compute_cost(usage, model.prices, NOW)[0], foreign_cost(exchange, model)
    if theirs is None or (ours is not None and abs(ours - theirs) <= ROUNDING * usage.total_tokens):
        return
    found = Difference(model, usage, NOW, ours, theirs)
    readings = [reading for reading in READINGS if exchange.name.startswith(reading.exchanges)]
    assert readings or reason_of(found) is not None

from __future__ import annotations

from decimal import Decimal

import pytest

from core.llms import ImagePart, UserMessage, estimate_cost
from core.llms.errors import UnknownModelError
from core.llms.providers.openai import create_openai_llm
from core.llms.providers.openai.models.gpt41_mini.metadata import GPT41MiniMetadata
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.runtime.token_utils import count_chat_tokens
from core.llms.simulator import Simulator
from core.llms.types.prices import Prices, PriceWindow

TEXT = "How many words are in this sentence, and in the next one? " * 40
assert GPT41MiniMetadata.PRICES is not None
PRIORITY = GPT41MiniMetadata.PRICES.service_tiers["priority"]
PRICES = Prices.of("2", "10", cache_read="0.5", cache_write="2.5", service_tiers={"batch": Prices.of("1", "5")})


def test_estimate_is_the_prompt_counted_and_an_answer_of_the_given_lengths() -> None:
    found = estimate_cost("openai/gpt-4o", TEXT, max_tokens=400, expected_output_tokens=100, prices=PRICES)
    tokens = count_chat_tokens([UserMessage(TEXT)], model_id="gpt-4o").tokens
    assert found.input_tokens.tokens == tokens
    assert found.input_tokens.exact
    assert found.lowest == (tokens * Decimal("0.5") + 10) / 10**6
    assert found.expected == (tokens * Decimal(2) + 1_000) / 10**6
    assert found.highest == (tokens * Decimal("2.5") + 4_000) / 10**6
    assert (found.expected_output_tokens, found.highest_output_tokens, found.unknown_reason) == (100, 400, None)
    assert found.assumed == (
        "the prompt is counted exactly",
        "an answer of 100 tokens is expected",
        "at most 400 tokens are answered, reasoning with them",
    )


def test_estimate_says_how_far_off_the_count_may_be() -> None:
    found = estimate_cost("anthropic/claude-sonnet-4-6", TEXT, max_tokens=400, prices=Prices.of("2", "10"))
    tokens = found.input_tokens.tokens
    assert not found.input_tokens.exact
    assert found.lowest is not None and found.highest is not None
    assert found.lowest == (int(tokens / 1.67) * 2 + 10) / Decimal(10**6)
    assert found.highest == (-(-tokens * 167 // 100) * 2 + 4_000) / Decimal(10**6)
    assert "estimated for Claude" in found.assumed[0]


def test_longest_answer_is_the_models_where_none_is_given() -> None:
    found = estimate_cost("openai/gpt-4o", "Hi")
    assert (found.highest_output_tokens, found.expected_output_tokens) == (16_384, 500)
    assert found.lowest is not None and found.expected is not None and found.highest is not None
    assert found.lowest < found.expected < found.highest


def test_dearest_hour_is_the_highest() -> None:
    peak = Prices.of("20", "100")
    prices = Prices.of("2", "10", windows=(PriceWindow(0, 0.001, peak),))
    found = estimate_cost("openai/gpt-4o", TEXT, max_tokens=400, prices=prices)
    tokens = found.input_tokens.tokens
    assert found.highest == (tokens * Decimal(20) + 40_000) / 10**6


def test_answer_of_images_or_sound_alone_is_the_highest_where_it_costs_more() -> None:
    prices = Prices.of("2", "10", image_output="30", audio_output="20")
    found = estimate_cost("openai/gpt-4o", TEXT, max_tokens=400, expected_output_tokens=100, prices=prices)
    assert found.highest == (found.input_tokens.tokens * 2 + 400 * 30) / Decimal(10**6)
    assert found.expected == (found.input_tokens.tokens * 2 + 100 * 10) / Decimal(10**6)


@pytest.mark.parametrize(
    ("model", "most"),
    [("anthropic/claude-haiku-4-5", 1568), ("openai/gpt-5.4", 3000), ("groq/openai/gpt-oss-120b", 3000)],
)
def test_image_of_unknown_size_is_as_large_as_it_can_be_in_the_highest(model: str, most: int) -> None:
    messages = [UserMessage((ImagePart(url="https://example.com/a.png"),))]
    found = estimate_cost(model, messages, max_tokens=1, prices=Prices.of("1", "0"))
    count = found.input_tokens
    assert count.image_tokens + count.unseen_image_tokens == most
    assert found.highest is not None and found.expected is not None
    assert found.highest * 10**6 >= count.tokens + count.unseen_image_tokens
    assert found.expected * 10**6 == count.tokens


def test_tier_has_its_own_price() -> None:
    found = estimate_cost("openai/gpt-4o", TEXT, max_tokens=400, prices=PRICES, service_tier="batch")
    assert found.highest == (found.input_tokens.tokens + 2_000) / Decimal(10**6)
    unknown = estimate_cost("openai/gpt-4o", TEXT, prices=PRICES, service_tier="flex")
    assert (unknown.lowest, unknown.expected, unknown.highest) == (None, None, None)
    assert unknown.unknown_reason == "no price is known for service tier 'flex'"


def test_unknown_price_is_none_with_the_reason() -> None:
    registry = LLMRegistry(catalog=False)
    registry.register_model("lab", "m")
    found = estimate_cost("lab/m", "Hi", registry=registry)
    assert (found.lowest, found.expected, found.highest) == (None, None, None)
    assert found.unknown_reason == "no price is known for this model"
    priced = estimate_cost("lab/m", "Hi", registry=registry, prices=PRICES)
    assert priced.lowest is not None and (priced.expected, priced.highest) == (None, None)
    assert priced.unknown_reason == "the longest answer of the model is not known: give `max_tokens`"
    with pytest.raises(UnknownModelError):
        estimate_cost("no-such-model-anywhere", "Hi")


async def test_llm_estimates_what_the_call_then_costs() -> None:
    async with (
        Simulator() as simulator,
        create_openai_llm("gpt-4.1-mini", api_key="any", base_url=simulator.openai_base_url) as llm,
    ):
        found = await llm.estimate_cost(TEXT, max_tokens=100, service_tier="priority")
        assert len(simulator.requests) == 0
        response = await llm.get_answer(TEXT, max_tokens=100, service_tier="priority")
        several = await llm.estimate_cost(TEXT, max_tokens=100, n=3, service_tier="priority")
    assert response.cost is not None and found.lowest is not None and found.highest is not None
    assert found.lowest <= response.cost <= found.highest
    assert found.input_tokens.tokens == response.usage.input_tokens
    assert found.highest_output_tokens == 100
    assert several.highest is not None
    assert several.highest - found.highest == 200 * PRIORITY.output / 10**6

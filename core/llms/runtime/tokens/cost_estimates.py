"""What a call may cost before it is made: at least, probably and at most, and what is assumed for each."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from core.llms.runtime.tokens.calibration import find_calibration
from core.llms.runtime.tokens.counting import count_chat_tokens
from core.llms.runtime.tool_functions import as_tool
from core.llms.types.costs import compute_cost, list_dearest_usages
from core.llms.types.message_dicts import MessagesInput, parse_messages
from core.llms.types.options import ToolInput
from core.llms.types.prices import Prices
from core.llms.types.response import TokenCount
from core.llms.types.tools import ResponseFormat
from core.llms.types.usage import Usage

if TYPE_CHECKING:
    from core.llms.registry.llm_registry import LLMRegistry

# What is expected of an answer of which nothing is said: an eighth of the most, and no more than this many tokens.
_EXPECTED_SHARE: Final = 8
_EXPECTED_MOST: Final = 500
_UNMEASURED_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a call may cost, in USD: None where that is not known, and `unknown_reason` says why.

    `lowest` is for an answer of one token with all of the prompt read from a cache, `highest` for the longest answer
    with nothing cached, at the dearest hour. `assumed` says in words what each rests on. The fees of tools that the
    vendor runs are not in it: how often they will be called is not known. `input_error_percent` is how
    far off 95 of 100 such counts of a prompt were at most: 0 where the count is exact, None where it was not measured;
    `input_token_bounds` are the least and the most tokens by it.
    """

    lowest: Decimal | None
    expected: Decimal | None
    highest: Decimal | None
    input_tokens: TokenCount
    expected_output_tokens: int | None = None
    highest_output_tokens: int | None = None
    unknown_reason: str | None = None
    assumed: tuple[str, ...] = field(default=(), repr=False)
    input_token_bounds: tuple[int, int] | None = None
    input_error_percent: int | None = None


def estimate_cost(
    model: str,
    messages: MessagesInput,
    *,
    max_tokens: int | None = None,
    tools: Iterable[ToolInput] = (),
    response_format: ResponseFormat | None = None,
    service_tier: str | None = None,
    expected_output_tokens: int | None = None,
    prices: Prices | None = None,
    registry: LLMRegistry | None = None,
) -> CostEstimate:
    """Say what a call of a model may cost: at least, probably and at most.

    `model` is a name that the registry knows, as `openai/gpt-4.1-mini`. Without `max_tokens` the longest answer is the
    model's. `expected_output_tokens` is your own guess of the answer. `prices` go before the model's. Blocks while it
    counts, like `count_chat_tokens`; an LLM has `await llm.estimate_cost(…)`.

    Raises:
        UnknownModelError: the registry does not know the model.
    """
    from core.llms.registry.current import default_registry

    profile = (registry or default_registry()).get(model)
    asked = tuple(map(as_tool, tools))
    count = count_chat_tokens(
        parse_messages(messages), model_id=profile.model_id, tools=asked, response_format=response_format
    )
    return price_estimate(
        count,
        prices or profile.prices,
        model_id=profile.model_id,
        with_tools=bool(asked),
        most=max_tokens or profile.capabilities.max_output_tokens,
        expected=expected_output_tokens,
        service_tier=service_tier,
    )


def price_estimate(
    count: TokenCount,
    prices: Prices | None,
    *,
    model_id: str,
    with_tools: bool,
    most: int | None,
    expected: int | None = None,
    service_tier: str | None = None,
    choices: int = 1,
) -> CostEstimate:
    """Price a prompt that was counted, and answers of `most` tokens each at most (None: not known)."""
    percent = _error_percent(count, model_id, with_tools)
    lowest_input, highest_input = bounds = _bounds(count, model_id, percent)
    if expected is None and most is not None:
        expected = min(max(1, most // _EXPECTED_SHARE), _EXPECTED_MOST)
    expected = expected if expected is None or most is None else min(expected, most)

    def usage(input_tokens: int, output_tokens: int) -> Usage:
        return Usage(input_tokens, output_tokens * choices, service_tier=service_tier)

    plain, reason = compute_cost(usage(count.tokens, expected or 0), prices)
    if prices is None or plain is None:
        assumed = _assumptions(count, most, expected)
        return CostEstimate(None, None, None, count, expected, most, reason, assumed, bounds, percent)
    cached = dataclasses.replace(usage(lowest_input, 1), cache_read_tokens=lowest_input)
    lowest = min(_costs(prices, cached, usage(lowest_input, 1)))
    highest = None
    if most is not None:
        written = dataclasses.replace(usage(highest_input, most), cache_write_tokens=highest_input)
        highest = max(_costs(prices, written, *list_dearest_usages(usage(highest_input, most), prices)))
    return CostEstimate(
        lowest,
        None if expected is None else plain,
        highest,
        count,
        expected,
        most,
        None if most is not None else "the longest answer of the model is not known: give `max_tokens`",
        _assumptions(count, most, expected),
        bounds,
        percent,
    )


def _error_percent(count: TokenCount, model_id: str, with_tools: bool) -> int | None:
    """Return how far off 95 of 100 such counts were at most; 0 for an exact one, None where that was not measured."""
    calibration = find_calibration(model_id)
    if count.exact or calibration is None:
        return 0 if count.exact else None
    errors = calibration.tooled if with_tools else calibration.plain
    return errors.worst if errors.prompts else None


def _bounds(count: TokenCount, model_id: str, percent: int | None) -> tuple[int, int]:
    """Return the least and the most tokens that the prompt may have."""
    if percent is None:
        percent = 0 if find_calibration(model_id) is None else _UNMEASURED_PERCENT
    highest = math.ceil(count.tokens * (100 + percent) / 100) + count.unseen_image_tokens
    return math.floor(count.tokens * 100 / (100 + percent)), highest


def _costs(prices: Prices, *usages: Usage) -> list[Decimal]:
    costs = [compute_cost(usage, each)[0] for usage in usages for each in (prices, *prices.every())]
    return [cost for cost in costs if cost is not None]


def _assumptions(count: TokenCount, most: int | None, expected: int | None) -> tuple[str, ...]:
    prompt = "the prompt is counted exactly" if count.exact else f"the prompt is estimated: {count.note}"
    answer = "the answer's length is not known" if expected is None else f"an answer of {expected:,} tokens is expected"
    longest = "" if most is None else f"at most {most:,} tokens are answered, reasoning with them"
    return tuple(filter(None, (prompt, answer, longest)))

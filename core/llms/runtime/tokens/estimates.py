"""What a call may consume, guessed cheaply before it, or after one whose end was not seen. Never for a bill."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.llms.errors import BudgetExceededError
from core.llms.types.content import AudioPart, FilePart, ImagePart, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.costs import compute_highest_cost
from core.llms.types.messages import Message
from core.llms.types.parameters import PARAM_MAX_TOKENS, PARAM_N, PARAM_SERVICE_TIER
from core.llms.types.prices import Prices
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.types.spending import NO_USD
from core.llms.types.usage import Usage

BYTES_PER_TOKEN = 3
TOKENS_PER_MESSAGE = 8
LEAST_TOKENS_PER_IMAGE = 1_700
TOKENS_PER_TOOL = 100
TOKENS_PER_FILE = 10_000


def estimate_text(text: str) -> int:
    """Estimate the tokens of a text from above: 3 bytes a token, where English has about 4.5 and code about 3.5."""
    size = len(text) if text.isascii() else len(text.encode())
    return -(-size // BYTES_PER_TOKEN)


def estimate_input(request: LLMRequest | EmbeddingRequest) -> int:
    """Estimate the prompt's tokens, from above for text and images; files count a flat, generous figure each."""
    if isinstance(request, EmbeddingRequest):
        return sum(estimate_text(text) for text in request.texts)
    tokens = TOKENS_PER_TOOL * len(request.tools)
    for message in request.messages:
        tokens += estimate_message(message, request.model)
    if request.response_format is not None and request.response_format.schema is not None:
        tokens += estimate_text(str(request.response_format.schema))
    return tokens


def estimate_message(message: Message, model: str = "") -> int:
    """Estimate one message's tokens, by a model's rule for images."""
    if type(message.content) is str:
        return TOKENS_PER_MESSAGE + estimate_text(message.content)
    tokens = TOKENS_PER_MESSAGE
    for part in message.parts:
        match part:
            case TextPart() | ReasoningPart() | RefusalPart():
                tokens += estimate_text(part.text)
            case ToolCall():
                tokens += estimate_text(part.arguments_json) + TOKENS_PER_MESSAGE
            case ImagePart():
                tokens += _estimate_image(part, model)
            case FilePart() | AudioPart():
                tokens += TOKENS_PER_FILE
    return tokens


def _estimate_image(part: ImagePart, model: str) -> int:
    from core.llms.runtime.tokens.files import count_image_part

    # A file that is not loaded yet is not read for an estimate: its size is taken as unknown.
    unread = part if part.path is None else ImagePart(url="https://unread.invalid", detail=part.detail)
    counted = count_image_part(unread, model)
    return max(LEAST_TOKENS_PER_IMAGE, counted.tokens + counted.unseen)


def estimate_usage(request: LLMRequest | EmbeddingRequest, partial: LLMResponse | None) -> Usage:
    """Estimate what an attempt without a final usage consumed: the prompt, and what arrived of the answer."""
    known_input = partial.usage.input_tokens if partial is not None else 0
    answered = sum(estimate_message(choice.message) for choice in partial.choices) if partial is not None else 0
    return Usage(input_tokens=known_input or estimate_input(request), output_tokens=answered, estimated=True)


def estimate_highest_cost(
    request: LLMRequest | EmbeddingRequest, prices: Prices | None, max_output_tokens: int | None
) -> Decimal:
    """Say what a call may cost at most, for a reservation. Raises `BudgetExceededError` where that is not known."""
    return estimate_highest(request, require_prices(request, prices), max_output_tokens)[0]


def estimate_highest(
    request: LLMRequest | EmbeddingRequest, prices: Prices | None, max_output_tokens: int | None
) -> tuple[Decimal, int]:
    """Say what a call may cost and how many tokens it may take at most, in and out; without prices it costs nothing.

    Raises `BudgetExceededError` where the largest answer is not known.
    """
    input_tokens, output_tokens = estimate_input(request), _highest_output(request, max_output_tokens)
    if prices is None:
        return NO_USD, input_tokens + output_tokens
    tier = None if isinstance(request, EmbeddingRequest) else request.params.get(PARAM_SERVICE_TIER)
    return compute_highest_cost(input_tokens, output_tokens, prices, tier), input_tokens + output_tokens


def require_prices(request: LLMRequest | EmbeddingRequest, prices: Prices | None) -> Prices:
    """Return the prices. Raises `BudgetExceededError` where there are none."""
    if prices is None:
        raise BudgetExceededError(
            f"the price of {request.model} is not known, so a budget cannot be held; give the factory `prices=`"
        )
    return prices


def _highest_output(request: LLMRequest | EmbeddingRequest, max_output_tokens: int | None) -> int:
    if isinstance(request, EmbeddingRequest):
        return 0
    params = request.params
    limit = find_largest_answer(params, max_output_tokens)
    if limit is None:
        raise BudgetExceededError(
            f"the largest answer of {request.model} is not known, so a budget cannot be held; set `max_tokens`"
        )
    choices: int = params.get(PARAM_N, 1)
    return limit * choices


def find_largest_answer(params: Mapping[str, Any], max_output_tokens: int | None) -> int | None:
    """Return the most tokens that an answer may have by a request's parameters, or else by the model; None: unknown."""
    limit: int | None = params.get(PARAM_MAX_TOKENS) or params.get("max_completion_tokens") or max_output_tokens
    return limit

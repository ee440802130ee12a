"""Cohere's list of models, page by page.

Facts: cohere 7.3.1, `models/client.py`, `types/get_model_response.py`. `tokenizer_url` is null: the simulator has no
file to give, and the vendor's client then asks for tokens over the API.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, assert_never

from core.llms.simulator.cohere.errors import invalid_request
from core.llms.simulator.cohere.models import MODELS, ChatModel, EmbeddingModel, Model, RankingModel, find_model

if TYPE_CHECKING:
    from multidict import MultiMapping

_ENDPOINTS = ("chat", "embed", "classify", "summarize", "rerank", "rate", "generate")
_FIELDS = ("page_size", "page_token", "endpoint", "default_only")
_PAGE = 20
_LARGEST_PAGE = 1000


def list_models(query: MultiMapping[str]) -> dict[str, Any]:
    """One page of the list. Raises: ApiError."""
    unknown = next((name for name in query if name not in _FIELDS), None)
    if unknown is not None:
        raise invalid_request(f"unknown query parameter '{unknown}'.")
    endpoint = query.get("endpoint")
    if endpoint is not None and endpoint not in _ENDPOINTS:
        raise invalid_request(f"endpoint must be one of {', '.join(_ENDPOINTS)}.")
    cards = [_card(model) for model in MODELS.values()]
    cards = [card for card in cards if endpoint is None or endpoint in card["endpoints"]]
    if _is_true(query.get("default_only")):
        if endpoint is None:
            raise invalid_request("default_only is only valid when endpoint is provided.")
        cards = cards[:1]
    start, size = _start(query.get("page_token")), _size(query.get("page_size"))
    page = {"models": cards[start : start + size]}
    return {**page, "next_page_token": _token(start + size)} if start + size < len(cards) else page


def model_card(name: str) -> dict[str, Any]:
    """One model. Raises: ApiError with status 404."""
    return _card(find_model(name))


def _card(model: Model) -> dict[str, Any]:
    endpoint = _endpoint(model)
    return {
        "name": model.name,
        "is_deprecated": False,
        "endpoints": [endpoint],
        "finetuned": False,
        "context_length": model.context_window,
        "tokenizer_url": None,
        "default_endpoints": [],
        "features": _features(model) if isinstance(model, ChatModel) else None,
        "sampling_defaults": {"temperature": 0.3, "k": 0, "p": 0.75} if isinstance(model, ChatModel) else None,
    }


def _endpoint(model: Model) -> str:
    match model:
        case ChatModel():
            return "chat"
        case EmbeddingModel():
            return "embed"
        case RankingModel():
            return "rerank"
    assert_never(model)


def _features(model: ChatModel) -> list[str]:
    features = {
        "tools": model.calls_tools,
        "strict_tools": model.calls_tools,
        "tool_choice": model.calls_tools and model.chooses_tools,
        "json_mode": True,
        "json_schema": True,
        "logprobs": True,
        "safety_modes": True,
        "reasoning": model.reasons,
        "vision": model.sees,
    }
    return [name for name, has in features.items() if has]


def _is_true(text: str | None) -> bool:
    return (text or "").lower() == "true"


def _size(text: str | None) -> int:
    try:
        size = float(text) if text is not None else _PAGE
    except ValueError as error:
        raise invalid_request("page_size must be a number.") from error
    if not 1 <= size <= _LARGEST_PAGE:
        raise invalid_request(f"page_size must be between 1 and {_LARGEST_PAGE} inclusive.")
    return int(size)


def _token(start: int) -> str:
    return base64.urlsafe_b64encode(f"page:{start}".encode()).decode()


def _start(token: str | None) -> int:
    if not token:
        return 0
    try:
        head, _, start = base64.urlsafe_b64decode(token).decode().partition(":")
        if head == "page":
            return max(0, int(start))
    except (binascii.Error, ValueError) as error:
        raise invalid_request("page_token is invalid.") from error
    raise invalid_request("page_token is invalid.")

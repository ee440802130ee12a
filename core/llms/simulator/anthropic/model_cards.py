"""Anthropic's list of models in its rich form, page by page.

Facts: anthropic 2.11.0, `types/model_info.py`, `types/model_capabilities.py`, `types/model_list_params.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.errors import ApiError, model_not_found
from core.llms.simulator.anthropic.models import MODELS, RETIRED, Model, RetiredModel, find_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multidict import MultiMapping

_LIFECYCLES = ("active", "deprecated", "retired")
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_THINKING_TYPES = ("adaptive", "between_tools", "disabled", "enabled")
_STRATEGIES = ("clear_thinking_20251015", "clear_tool_uses_20250919", "compact_20260112")
_PAGE = 20
_LARGEST_PAGE = 1000


def list_models(query: MultiMapping[str]) -> dict[str, Any]:
    """One page of the list, newest model first. Raises: ApiError."""
    cards = [card for card in _all_cards() if card["lifecycle"] in _wanted_lifecycles(query)]
    limit = _limit(query.get("limit"))
    after, before = query.get("after_id"), query.get("before_id")
    if before is not None:
        earlier = cards[: _position(cards, before)]
        page, has_more = earlier[-limit:], len(earlier) > limit
    else:
        later = cards if after is None else cards[_position(cards, after) + 1 :]
        page, has_more = later[:limit], len(later) > limit
    return {
        "data": page,
        "has_more": has_more,
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
    }


def model_card(name: str) -> dict[str, Any]:
    """One model. Raises: ApiError with status 404."""
    model = find_model(name)
    if model is not None:
        return _card(model)
    if name in RETIRED:
        return _retired_card(RETIRED[name])
    raise model_not_found(name)


def _all_cards() -> list[dict[str, Any]]:
    return [_card(model) for model in MODELS.values()] + [_retired_card(model) for model in RETIRED.values()]


def _wanted_lifecycles(query: MultiMapping[str]) -> Sequence[str]:
    wanted = [*query.getall("lifecycle[]", []), *query.getall("lifecycle", [])]
    for index, name in enumerate(wanted):
        if name not in _LIFECYCLES:
            raise ApiError(f"lifecycle.{index}: Input should be 'active', 'deprecated' or 'retired'")
    return wanted or ("active", "deprecated")


def _limit(text: str | None) -> int:
    if text is None:
        return _PAGE
    if not text.isdecimal():
        raise ApiError("limit: Input should be a valid integer, unable to parse string as an integer")
    if not 1 <= int(text) <= _LARGEST_PAGE:
        bound = "greater than or equal to 1" if int(text) < 1 else f"less than or equal to {_LARGEST_PAGE}"
        raise ApiError(f"limit: Input should be {bound}")
    return int(text)


def _position(cards: Sequence[dict[str, Any]], name: str) -> int:
    position = next((index for index, card in enumerate(cards) if card["id"] == name), None)
    if position is None:
        raise model_not_found(name)
    return position


def _card(model: Model) -> dict[str, Any]:
    return {
        "type": "model",
        "id": model.name,
        "display_name": model.display_name,
        "created_at": _midnight(model.released),
        "lifecycle": "deprecated" if model.retires else "active",
        "deprecated_at": None,
        "retires_at": _midnight(model.retires),
        "line": model.line,
        "max_input_tokens": model.context_window,
        "max_tokens": model.max_output,
        "capabilities": _capabilities(model),
    }


def _retired_card(model: RetiredModel) -> dict[str, Any]:
    return {
        "type": "model",
        "id": model.name,
        "display_name": model.display_name,
        "created_at": _midnight(model.released),
        "lifecycle": "retired",
        "deprecated_at": None,
        "retires_at": _midnight(model.retired),
        "line": model.line,
        "max_input_tokens": None,
        "max_tokens": None,
        "capabilities": None,
    }


def _capabilities(model: Model) -> dict[str, Any]:
    yes = {"supported": True}
    return {
        "batch": yes,
        "citations": yes,
        "code_execution": yes,
        "context_management": yes | dict.fromkeys(_STRATEGIES, yes),
        "effort": {"supported": bool(model.efforts)}
        | {level: {"supported": level in model.efforts} for level in _EFFORTS},
        "image_input": yes,
        "pdf_input": yes,
        "server_tools": yes | {"code_execution": {"supported": False}, "web_search": yes},
        "structured_outputs": yes,
        "thinking": yes | {"types": {kind: {"supported": kind in model.thinking} for kind in _THINKING_TYPES}},
    }


def _midnight(day: str | None) -> str | None:
    return f"{day}T00:00:00Z" if day is not None else None

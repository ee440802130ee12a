"""Reads pi-ai's list: limits, what goes in, and how reasoning is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from core.llms.catalog.assembly.facts import Facts, abilities, money, positive, stated
from core.llms.catalog.assembly.names import PI_AI, wire_id

_PARTS: Final = {"input": "input", "output": "output", "cacheRead": "cache_read", "cacheWrite": "cache_write"}
_OPTIONAL: Final = ("cache_read", "cache_write")


def read_models(raw: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, Facts]]:
    """Read the facts of every chat model."""
    read: dict[str, dict[str, Facts]] = {}
    for provider, names in PI_AI.items():
        models = [model for name in names for models in raw[name].values() for model in models.values()]
        read[provider] = {
            id: _read_model(model)
            for model in models
            if model["type"] == "chat" and (id := wire_id(provider, model["id"])) is not None
        }
    return read


def _read_model(model: Mapping[str, Any]) -> Facts:
    into = model.get("input") or ["text"]  # text and images alone: other modalities are not told
    can = {"vision": "image" in into, "reasoning": bool(model.get("reasoning"))}
    return abilities(can) | stated(
        name=model.get("name"),
        kind="chat",
        context=positive(model.get("contextWindow")),
        max_output=positive(model.get("maxTokens")),
        prices=_read_prices(model.get("cost") or {}),
    )


def _read_prices(cost: Mapping[str, Any]) -> Facts | None:
    """Read prices; a zero there says that no price is known."""
    parts = {here: money(cost[there]) for there, here in _PARTS.items() if cost.get(there) is not None}
    if "input" not in parts or not (Decimal(parts["input"]) or Decimal(parts.get("output", "0"))):
        return None
    return {"output": "0"} | {name: value for name, value in parts.items() if name not in _OPTIONAL or Decimal(value)}

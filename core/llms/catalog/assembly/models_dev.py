"""Reads the list of models.dev: limits kept apart, modalities, options of reasoning, dates of knowledge and release."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from core.llms.catalog.assembly.facts import Facts, abilities, money, positive, stated
from core.llms.catalog.assembly.names import MODELS_DEV, wire_id

_PARTS: Final = {
    "input": "input",
    "output": "output",
    "cache_read": "cache_read",
    "cache_write": "cache_write",
    "reasoning": "reasoning",
    "input_audio": "audio_input",
    "output_audio": "audio_output",
}

# Families whose models only embed; the list has no word for that, and their ids do not say it.
_EMBEDDING_FAMILIES: Final = frozenset({"bge"})


def read_models(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Facts]]:
    """Read the facts of every model that answers in text or embeds."""
    read: dict[str, dict[str, Facts]] = {}
    for provider, names in MODELS_DEV.items():
        models = [(key, model) for name in names if name in raw for key, model in raw[name]["models"].items()]
        kept = {key: model for key, model in models if "text" in model["modalities"]["output"]}
        read[provider] = {
            id: _read_model(id, model) for key, model in kept.items() if (id := wire_id(provider, key)) is not None
        }
    return read


def _read_model(id: str, model: Mapping[str, Any]) -> Facts:
    embeds = "embed" in id.lower() or model.get("family") in _EMBEDDING_FAMILIES
    options = model.get("reasoning_options") or []
    efforts = next((option["values"] for option in options if option["type"] == "effort"), None)
    budget = next((option for option in options if option["type"] == "budget_tokens"), None)
    limit, modalities = model["limit"], model["modalities"]
    return ({} if embeds else _abilities(model)) | stated(
        name=model["name"],
        family=model.get("family"),
        kind="embedding" if embeds else "chat",
        context=positive(limit.get("context")),
        max_input=positive(limit.get("input")),
        max_output=None if embeds else positive(limit.get("output")),
        dimensions=_dimensions(limit) if embeds else None,
        input=sorted(modalities["input"]),
        output=None if embeds else sorted(modalities["output"]),
        sampling=None if embeds or "temperature" not in model else ("always" if model["temperature"] else "never"),
        efforts=[effort for effort in efforts or () if isinstance(effort, str)],
        budget=None if budget is None else [budget.get("min"), budget.get("max")],
        cutoff=_day(model.get("knowledge")),
        released=_day(model.get("release_date")),
        status=model.get("status"),
        prices=_read_prices(id, model.get("cost") or {}),
    )


def _dimensions(limit: Mapping[str, Any]) -> int | None:
    size = positive(limit.get("output"))
    return size if size is not None and size > 1 else None


def _abilities(model: Mapping[str, Any]) -> Facts:
    into, out = model["modalities"]["input"], model["modalities"]["output"]
    return abilities(
        {
            "vision": "image" in into,
            "files": "pdf" in into,
            "audio_input": "audio" in into,
            "audio_output": "audio" in out,
            "tools": model["tool_call"],
            "reasoning": model["reasoning"],
            "structured_output": model.get("structured_output"),
        }
    )


def _day(text: str | None) -> str | None:
    """Read a day; a month alone stands for its last day, a year for its last."""
    if not text:
        return None
    year, month, *day = [*text.split("-"), *(["12"] if len(text) == 4 else [])]
    return "-".join([year, month, *(day or [str(calendar.monthrange(int(year), int(month))[1])])])


def _read_prices(id: str, cost: Mapping[str, Any]) -> Facts | None:
    if "input" not in cost or cost["input"] < 0:
        return None
    free = not (Decimal(cost["input"]) or Decimal(cost.get("output", 0)))
    if free and not id.endswith(":free"):
        return None  # a trial, a subscription, or not known
    base = {"output": "0"} | _read_parts(cost)
    sizes = [(int(tier["tier"]["size"]), tier) for tier in cost.get("tiers") or ()]
    if not sizes and "context_over_200k" in cost:  # the list's older word for the one size that there was
        sizes = [(200_000, cost["context_over_200k"])]
    return base | stated(tiers=[{"above": size, **base, **_read_parts(tier)} for size, tier in sizes])


def _read_parts(cost: Mapping[str, Any]) -> Facts:
    return {here: money(cost[there]) for there, here in _PARTS.items() if cost.get(there) is not None}

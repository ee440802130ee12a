"""Reads litellm's list: limits, abilities, the date of retirement, and prices with tiers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from core.llms.catalog.assembly.facts import Facts, abilities, money, positive, stated
from core.llms.catalog.assembly.names import LITELLM, wire_id

_MODES: Final = {"chat": "chat", "responses": "chat", "completion": "chat", "embedding": "embedding"}
_PREFIXES: Final = frozenset({"gemini", *(name for names in LITELLM.values() for name in names)}) - {"bedrock_converse"}
# A size class of open models, by which some vendors set prices.
_SIZE_CLASS: Final = re.compile(r"(together-ai|fireworks-ai)-")
_ABILITIES: Final = {
    "supports_function_calling": "tools",
    "supports_parallel_function_calling": "parallel_tools",
    "supports_response_schema": "structured_output",
    "supports_vision": "vision",
    "supports_pdf_input": "files",
    "supports_audio_input": "audio_input",
    "supports_audio_output": "audio_output",
    "supports_reasoning": "reasoning",
    "supports_prompt_caching": "prompt_caching",
    "supports_system_messages": "system_messages",
}
_PARTS: Final = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "output_cost_per_reasoning_token": "reasoning",
    "input_cost_per_audio_token": "audio_input",
    "output_cost_per_audio_token": "audio_output",
    "input_cost_per_image_token": "image_input",
    "output_cost_per_image_token": "image_output",
}
# A zero says that no price is known, and more than this, USD per million tokens, is that of a thousand by mistake: the
# dearest model of the list costs 600, and two rows say 2,000 and 9,710.
_HIGHEST: Final = 1000
_TIERS: Final = {"batches": "batch", "priority": "priority", "flex": "flex"}
_ABOVE: Final = re.compile(r"_above_(\d+)k_tokens")


def read_models(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Facts]]:
    """Read the facts of every model that answers or embeds."""
    return {
        provider: {id: _read_model(model) for id, model in _gather(raw, provider, names).items()}
        for provider, names in LITELLM.items()
    }


def _gather(raw: Mapping[str, Mapping[str, Any]], provider: str, names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Gather a provider's models by their ids; where several rows are of one model, a former name's says it first."""
    gathered: dict[str, Mapping[str, Any]] = {}
    for name in names:
        for key, model in raw.items():
            if model.get("litellm_provider") == name and model.get("mode") in _MODES and not _SIZE_CLASS.match(key):
                head, slash, tail = key.partition("/")
                id = wire_id(provider, tail if slash and head in _PREFIXES else key)
                if id is not None:
                    gathered[id] = {**model, **gathered.get(id, {})}
    return gathered


def _read_model(model: Mapping[str, Any]) -> Facts:
    kind = _MODES[model["mode"]]
    sampling = model.get("supports_sampling_params")
    return abilities({ability: model.get(name) for name, ability in _ABILITIES.items()}) | stated(
        kind=kind,
        context=positive(model.get("max_input_tokens")) or positive(model.get("max_tokens")),
        max_output=positive(model.get("max_output_tokens")) if kind == "chat" else None,
        sampling=None if sampling is None else ("always" if sampling else "never"),
        efforts=model.get("reasoning_effort_levels"),
        effort=model.get("default_reasoning_effort"),
        dimensions=positive(model.get("output_vector_size")),
        retired=model.get("deprecation_date"),
        prices=_read_prices(model),
    )


def _read_prices(model: Mapping[str, Any]) -> Facts | None:
    base = _read_sizes(model, "")
    if base is None or not 0 < max(Decimal(base["input"]), Decimal(base["output"])) <= _HIGHEST:
        return None
    tiers = {here: prices for there, here in _TIERS.items() if (prices := _read_sizes(model, f"_{there}"))}
    search = (model.get("search_context_cost_per_query") or {}).get("search_context_size_medium")
    fees = {} if search is None else {"server_tools": money(search, 1000)}
    return base | fees | stated(service_tiers=tiers)


def _read_sizes(model: Mapping[str, Any], suffix: str) -> Facts | None:
    """Read prices that may rise with the size of the prompt; a part of which that is not said stays as it is."""
    stated_parts = _without_plain_images(_read_parts(model, suffix))
    if "input" not in stated_parts or (suffix and "output" not in stated_parts):
        return None
    base = {"output": "0"} | stated_parts
    sizes = sorted({int(match[1]) for name in model if (match := _ABOVE.search(name))})
    tiers = [
        {"above": size * 1000, **base, **parts}
        for size in sizes
        if (parts := _read_parts(model, f"_above_{size}k_tokens{suffix}"))
    ]
    return base | stated(tiers=tiers)


def _without_plain_images(parts: Facts) -> Facts:
    """Leave out images at the price of text: without one of their own they follow it, large prompts' prices too."""
    plain = {name: text for name, text in (("image_input", "input"), ("image_output", "output")) if text in parts}
    return {name: value for name, value in parts.items() if name not in plain or value != parts[plain[name]]}


def _read_parts(model: Mapping[str, Any], suffix: str) -> Facts:
    found = {here: model.get(f"{there}{suffix}") for there, here in _PARTS.items()}
    return {name: money(value, 1_000_000) for name, value in found.items() if value is not None}

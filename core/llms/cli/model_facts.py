"""The models that the package knows: finding them in the providers' tables, and what is known of each, as data."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.llms.catalog.store import load_provider
from core.llms.create import find_factory, list_providers
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.providers.base.rooms import find_listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.providers.base.rooms import Room
    from core.llms.types.prices import Prices, PriceWindow

_PRICE_FIELDS = (
    "input", "output", "cache_read", "cache_write", "cache_write_1h", "audio_input", "audio_output", "image_input",
    "image_output",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rooms_of(provider: str) -> Mapping[str, Room]:
    """Return a provider's table of rooms. Raises `ConfigurationError` for a name that is no provider's."""
    if provider not in list_providers():
        find_factory(provider)
        return {}
    rooms: Mapping[str, Room] = import_module(f"core.llms.providers.{provider}.models").ROOMS
    return rooms


def models_of(provider: str) -> list[type[BaseMetadata]]:
    """Return the metadata of a provider's models, each once, in the order of their names."""
    rooms = dict.fromkeys(rooms_of(provider).values())
    return sorted((room.load()[0] for room in rooms), key=lambda metadata: metadata.NAME)


def find_models(name: str) -> list[type[BaseMetadata]]:
    """Find models by a name as gpt-4.1-mini, azure-gpt-4.1-mini or azure/gpt-4.1-mini. Several providers may have it.

    Raises `LookupError`, which names what comes close.
    """
    known = {provider: rooms_of(provider) for provider in list_providers()}
    head, _, tail = name.partition("/")
    if head in known and (found := find_listed(head, tail, known[head])[0]) is not None:
        return [found]
    named = [find_listed(provider, name, rooms)[0] for provider, rooms in known.items()]
    serving = [metadata for metadata in named if metadata is not None]
    if not serving:
        names = [f"{provider}/{model}" for provider in known for model in _names_of(provider)]
        bare_names = [model for provider in known for model in _names_of(provider)]
        close = get_close_matches(name, dict.fromkeys([*names, *bare_names]), 3)
        raise LookupError(f"no listed model is called {name!r}" + (f"; close: {', '.join(close)}" if close else ""))
    return serving


def _names_of(provider: str) -> list[str]:
    return [*rooms_of(provider), *load_provider(provider).rows]


def model_facts(metadata: type[BaseMetadata]) -> dict[str, Any]:
    """Return all that is known of a model; None is what is not known. Tokens are counts, prices exact text in USD."""
    return {
        "model": f"{metadata.PROVIDER}/{metadata.MODEL_ID}",
        "name": metadata.NAME,
        "display_name": metadata.DISPLAY_NAME or None,
        "provider": metadata.PROVIDER,
        "model_id": metadata.MODEL_ID,
        "aliases": list(metadata.ALIASES),
        "family": metadata.FAMILY,
        "context_window_tokens": metadata.CONTEXT_WINDOW,
        "max_input_tokens": metadata.MAX_INPUT_TOKENS,
        "max_output_tokens": metadata.MAX_TOKENS,
        "usd_per_million_tokens": None if metadata.PRICES is None else _price_facts(metadata.PRICES),
        "capabilities": {capability.value: metadata.supports(capability) for capability in Capability},
        "parameters": None if metadata.SUPPORTED_PARAMS is None else sorted(metadata.SUPPORTED_PARAMS),
        "sampling_parameters": metadata.SAMPLING,
        "reasoning_efforts": list(metadata.REASONING_EFFORTS),
        "default_reasoning_effort": metadata.DEFAULT_REASONING_EFFORT,
        "embedding_dimensions": metadata.EMBEDDING_DIMENSIONS,
        "wire": metadata.WIRE,
        "knowledge_cutoff": metadata.KNOWLEDGE_CUTOFF,
        "released": metadata.RELEASED,
        "deprecated": metadata.DEPRECATED,
        "retired": metadata.RETIRED,
        "replacement": metadata.REPLACEMENT,
        "sources": [{"name": source.name, "read_on": source.read_on} for source in metadata.SOURCES],
    }


def _price_facts(prices: Prices) -> dict[str, Any]:
    known = {name: price for name in _PRICE_FIELDS if (price := getattr(prices, name)) is not None}
    facts: dict[str, Any] = {name: f"{price:f}" for name, price in known.items()}
    for tier in prices.tiers:
        facts[f"above_{tier.above_input_tokens}_input_tokens"] = _price_facts(tier.prices)
    for name, tier_prices in prices.service_tiers.items():
        facts[f"service_tier_{name}"] = _price_facts(tier_prices)
    for window in prices.windows:
        facts[_hours(window)] = _price_facts(window.prices)
    for change in prices.changes:
        facts[f"from_{change.starts_on}"] = _price_facts(change.prices)
    fees = {
        "server_tool_usd_per_thousand_calls": prices.server_tool_usd_per_thousand,
        "usd_per_thousand_requests": prices.request_usd_per_thousand,
    }
    return facts | {name: f"{fee:f}" for name, fee in fees.items() if fee is not None}


def _hours(window: PriceWindow) -> str:
    """Name the hours at which prices hold, UTC, and the days where these are not all."""
    begin, end = (f"{int(hour):02}:{round(hour % 1 * 60):02}" for hour in (window.first_hour, window.end_hour))
    days = "" if len(window.weekdays) == len(_DAYS) else f"_on_{'_'.join(_DAYS[day] for day in window.weekdays)}"
    return f"at_{begin}-{end}_UTC{days}"

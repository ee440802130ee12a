"""From a row of the catalogue to the class that a model's room would have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from core.llms.catalog.store import load_provider
from core.llms.providers.base.metadata import BaseMetadata, Capability, Source
from core.llms.types.prices import PriceChange, Prices, PriceTier, PriceWindow

# Facts of a row that a class has as they are.
_PLAIN: Final = {
    "name": "DISPLAY_NAME",
    "family": "FAMILY",
    "context": "CONTEXT_WINDOW",
    "max_input": "MAX_INPUT_TOKENS",
    "max_output": "MAX_TOKENS",
    "sampling": "SAMPLING",
    "effort": "DEFAULT_REASONING_EFFORT",
    "dimensions": "EMBEDDING_DIMENSIONS",
    "replacement": "REPLACEMENT",
}
_DATES: Final = {"cutoff": "KNOWLEDGE_CUTOFF", "released": "RELEASED", "deprecated": "DEPRECATED", "retired": "RETIRED"}
_PARTS: Final = (
    "input", "output", "cache_read", "cache_write", "cache_write_1h", "audio_input", "audio_output", "reasoning",
)  # fmt: skip
_FEES: Final = {"server_tools": "server_tool_usd_per_thousand", "requests": "request_usd_per_thousand"}


@cache
def catalogued_metadata(provider: str, name: str) -> type[BaseMetadata] | None:
    """Make the class of a model that the catalogue has, by its id or another name; None for one that it has not."""
    listed = load_provider(provider)
    row = listed.find(name)
    if row is None:
        return None
    return type("CataloguedMetadata", (BaseMetadata,), _attributes(provider, row, listed.sources))


def _attributes(provider: str, row: Mapping[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    facts: dict[str, Any] = {attribute: row[field] for field, attribute in _PLAIN.items() if field in row}
    facts |= {attribute: date.fromisoformat(row[field]) for field, attribute in _DATES.items() if field in row}
    return facts | {
        "__doc__": f"What the catalogue says of {row['id']}.",
        "__module__": __name__,
        "NAME": f"{provider}-{row['id']}",
        "MODEL_ID": row["id"],
        "PROVIDER": provider,
        "ALIASES": tuple(row.get("aliases", ())),
        "CAPABILITIES": _capabilities(row),
        "REASONING_EFFORTS": tuple(row.get("efforts", ())),
        "PRICES": parse_prices(row["prices"]) if "prices" in row else None,
        "SOURCES": tuple(
            Source(f"{sources[key].name} ({', '.join(fields)})", sources[key].read_on)
            for key, fields in row["from"].items()
        ),
    }


def _capabilities(row: Mapping[str, Any]) -> dict[Capability, bool]:
    known = {Capability(name): value for name, value in row.get("can", {}).items()}
    if "kind" in row:
        known[Capability.EMBEDDINGS] = row["kind"] == "embedding"
    return known


def parse_prices(raw: Mapping[str, Any]) -> Prices:
    """Read prices as a row has them; `render_prices` writes them."""
    return Prices.of(
        **{part: raw[part] for part in _PARTS if part in raw},
        **{field: raw[name] for name, field in _FEES.items() if name in raw},
        tiers=tuple(PriceTier(tier["above"], parse_prices({"output": "0"} | tier)) for tier in raw.get("tiers", ())),
        service_tiers={name: parse_prices(tier) for name, tier in raw.get("service_tiers", {}).items()},
        windows=tuple(_parse_window(window) for window in raw.get("windows", ())),
        changes=tuple(
            PriceChange(date.fromisoformat(change["from"]), parse_prices(change)) for change in raw.get("changes", ())
        ),
    )


def _parse_window(raw: Mapping[str, Any]) -> PriceWindow:
    return PriceWindow(raw["begin"] / 60, raw["end"] / 60, parse_prices(raw["prices"]))

"""From a row of the catalogue to the class that a model's room would have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from core.llms.catalog.fields import DATES, PLAIN
from core.llms.catalog.store import load_provider, on_reload
from core.llms.providers.base.metadata import BaseMetadata, Capability, Source
from core.llms.types.price_records import parse_prices


@lru_cache(maxsize=8192)
def catalogued_metadata(provider: str, name: str) -> type[BaseMetadata] | None:
    """Make the class of a model that the catalogue has, by its id or another name; None for one that it has not."""
    listed = load_provider(provider)
    row = listed.find(name)
    if row is None:
        return None
    return type("CataloguedMetadata", (BaseMetadata,), _attributes(provider, row, listed.sources))


on_reload(catalogued_metadata.cache_clear)


def _attributes(provider: str, row: Mapping[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    return stated_attributes(row) | {
        "__doc__": f"What the catalogue says of {row['id']}.",
        "__module__": __name__,
        "NAME": f"{provider}-{row['id']}",
        "MODEL_ID": row["id"],
        "PROVIDER": provider,
        "CAPABILITIES": _capabilities(row),
        "SOURCES": _sources(row, sources),
    }


def override_class(base: type[BaseMetadata], facts: Mapping[str, Any]) -> type[BaseMetadata]:
    """Make a class that says what `facts`, fields of a row, say, and else what `base` says, which is not changed."""
    attributes = stated_attributes(facts)
    if "can" in facts:
        attributes["CAPABILITIES"] = {**base.CAPABILITIES, **_capabilities(facts)}
    if "PRICES" in attributes:
        # The pair of the base class would go before these prices.
        attributes |= {"COST_PER_1K_INPUT": None, "COST_PER_1K_OUTPUT": None}
    return type(base.__name__, (base,), attributes | {"__module__": base.__module__})


def stated_attributes(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a class for the facts that are stated, abilities and sources aside."""
    attributes: dict[str, Any] = {attribute: facts[field] for field, attribute in PLAIN.items() if field in facts}
    attributes |= {
        attribute: facts[field] and date.fromisoformat(facts[field])
        for field, attribute in DATES.items()
        if field in facts
    }
    for field, attribute in (("aliases", "ALIASES"), ("efforts", "REASONING_EFFORTS")):
        if field in facts:
            attributes[attribute] = tuple(facts[field])
    if "params" in facts:
        attributes["SUPPORTED_PARAMS"] = frozenset(facts["params"])
    if "prices" in facts:
        attributes["PRICES"] = parse_prices(facts["prices"])
    return attributes


def _sources(row: Mapping[str, Any], sources: Mapping[str, Source]) -> tuple[Source, ...]:
    """Say where each fact is of: the lists, and the sources that a model's room names itself."""
    lists = [
        Source(f"{sources[key].name} ({', '.join(fields)})", sources[key].read_on)
        for key, fields in row["from"].items()
        if key in sources
    ]
    named = [Source(source["name"], date.fromisoformat(source["date"])) for source in row.get("sources", ())]
    return (*named, *lists)


def _capabilities(row: Mapping[str, Any]) -> dict[Capability, bool]:
    known = {Capability(name): value for name, value in row.get("can", {}).items()}
    if "kind" in row:
        known[Capability.EMBEDDINGS] = row["kind"] == "embedding"
    return known

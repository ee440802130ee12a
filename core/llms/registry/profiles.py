"""Between a row of the catalogue and a profile: the same facts, as plain data and as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from core.llms.catalog.store import ProviderRows
from core.llms.providers.base.metadata import Source
from core.llms.registry.families import find_family
from core.llms.registry.media_types import Modality
from core.llms.registry.models import FactSource, LLMCapabilities, LLMProfile
from core.llms.types.price_records import parse_prices, render_prices

# Facts of a row that a profile has as they are, and those that its capabilities have.
_OF_PROFILE: Final = {"name": "display_name", "wire": "wire", "replacement": "replacement"}
_DATES: Final = {"cutoff": "knowledge_cutoff", "released": "released", "deprecated": "deprecated", "retired": "retired"}
_OF_CAPABILITIES: Final = {
    "context": "context_window",
    "max_input": "max_input_tokens",
    "max_output": "max_output_tokens",
    "sampling": "sampling",
    "effort": "default_reasoning_effort",
    "dimensions": "embedding_dimensions",
}


def profile_of_row(provider: str, row: Mapping[str, Any], listed: ProviderRows) -> LLMProfile:
    """Read a row of the catalogue; its values were checked when it was built, and are not checked again."""
    facts: dict[str, Any] = {field: row[name] for name, field in _OF_PROFILE.items() if name in row}
    facts |= {field: date.fromisoformat(row[name]) for name, field in _DATES.items() if name in row}
    sources = (*_named(row), *(listed.sources[key] for key in row["from"] if key in listed.sources))
    return LLMProfile.model_construct(
        provider=provider,
        model_id=row["id"],
        aliases=tuple(row.get("aliases", ())),
        family=find_family(row["id"]),
        capabilities=_capabilities(row),
        prices=parse_prices(row["prices"]) if "prices" in row else None,
        is_deprecated=row.get("status") == "deprecated",
        sources=tuple(FactSource.model_construct(name=source.name, read_on=source.read_on) for source in sources),
        origin="catalog",
        **facts,
    )


def _named(row: Mapping[str, Any]) -> tuple[Source, ...]:
    return tuple(Source(source["name"], date.fromisoformat(source["date"])) for source in row.get("sources", ()))


def _capabilities(row: Mapping[str, Any]) -> LLMCapabilities:
    facts: dict[str, Any] = {field: row[name] for name, field in _OF_CAPABILITIES.items() if name in row}
    facts |= {f"supports_{name}": value for name, value in row.get("can", {}).items()}
    if "kind" in row:
        facts.setdefault("supports_embeddings", row["kind"] == "embedding")
    for name, field in (("input", "input_modalities"), ("output", "output_modalities")):
        if name in row:
            facts[field] = frozenset(Modality(modality) for modality in row[name])
    if "params" in row:
        facts["supported_parameters"] = frozenset(row["params"])
    if "budget" in row:
        facts["reasoning_budget_tokens"] = tuple(row["budget"])
    return LLMCapabilities.model_construct(reasoning_efforts=tuple(row.get("efforts", ())), **facts)


def stated_facts(profile: LLMProfile) -> dict[str, Any]:
    """Return what a profile states itself, as fields of a row; what was left to its default is not among them."""
    stated, of_capabilities = profile.model_fields_set, profile.capabilities.model_fields_set
    row: dict[str, Any] = {name: getattr(profile, field) for name, field in _OF_PROFILE.items() if field in stated}
    row |= {name: _day(getattr(profile, field)) for name, field in _DATES.items() if field in stated}
    able = profile.capabilities
    row |= {name: getattr(able, field) for name, field in _OF_CAPABILITIES.items() if field in of_capabilities}
    can = {field.removeprefix("supports_"): getattr(able, field) for field in of_capabilities if "supports_" in field}
    if can:
        row["can"] = can
    if "reasoning_efforts" in of_capabilities:
        row["efforts"] = list(able.reasoning_efforts)
    if "supported_parameters" in of_capabilities and able.supported_parameters is not None:
        row["params"] = sorted(able.supported_parameters)
    if "aliases" in stated:
        row["aliases"] = list(profile.aliases)
    if "prices" in stated and profile.prices is not None:
        row["prices"] = render_prices(profile.prices)
    return row


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

"""From a model's class to the facts of a row: what `classes` reads, written."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from core.llms.catalog.fields import DATES, PLAIN
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.types.price_records import render_prices

_KINDS: Final[dict[bool | None, str]] = {True: "embedding", False: "chat"}


def render_facts(metadata: type[BaseMetadata]) -> dict[str, Any]:
    """Return what a class states, as fields of a row; what it leaves open is not among them."""
    facts: dict[str, Any] = {field: getattr(metadata, attribute) for field, attribute in PLAIN.items()}
    facts |= {field: _day(getattr(metadata, attribute)) for field, attribute in DATES.items()}
    facts |= {
        "aliases": list(metadata.ALIASES),
        "kind": _KINDS.get(metadata.supports(Capability.EMBEDDINGS)),
        "efforts": list(metadata.REASONING_EFFORTS),
        "params": None if metadata.SUPPORTED_PARAMS is None else sorted(metadata.SUPPORTED_PARAMS),
        "prices": None if metadata.PRICES is None else render_prices(metadata.PRICES),
    }
    can = {f"can.{name.value}": value for name, value in metadata.CAPABILITIES.items()}
    return {field: value for field, value in facts.items() if value not in (None, [], "")} | can


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

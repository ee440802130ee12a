"""From the lists' files to the whole catalogue in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from core.llms.catalog.assembly import genai_prices, litellm, models_dev, pi_ai
from core.llms.catalog.assembly.conflicts import Conflict, find_conflicts
from core.llms.catalog.assembly.facts import Facts, Listing
from core.llms.catalog.assembly.merge import GENAI_PRICES, LITELLM, MODELS_DEV, PI_AI, ROOMS, merge_models
from core.llms.catalog.assembly.names import PROVIDERS

_NAMES: Final = {GENAI_PRICES: "genai-prices", LITELLM: "litellm", MODELS_DEV: "models.dev", PI_AI: "pi-ai"}
_READERS: Final = {LITELLM: litellm.read_models, MODELS_DEV: models_dev.read_models, PI_AI: pi_ai.read_models}


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as it was fetched: the file, its version, and its date, ISO."""

    path: Path
    version: str
    date: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """All rows by provider and id, where they come from, and what the lists disagree about."""

    rows: Mapping[str, Mapping[str, Facts]]
    sources: Mapping[str, Mapping[str, str]]
    conflicts: tuple[Conflict, ...]


def build_catalog(files: Mapping[str, ListFile], rooms: Mapping[str, Mapping[str, Facts]]) -> Catalog:
    """Read the lists and merge them with what the models' rooms say, which goes first.

    Raises ValueError, KeyError or OSError for a list of another form.
    """
    listings = [Listing(ROOMS, "", "", rooms)]
    listings += [_listing(key, files[key], read(_load(files[key].path))) for key, read in _READERS.items()]
    ids = {provider: {id for listing in listings for id in listing.models.get(provider, {})} for provider in PROVIDERS}
    prices = genai_prices.read_prices(_load(files[GENAI_PRICES].path), ids)
    listings.append(_listing(GENAI_PRICES, files[GENAI_PRICES], prices))
    merged = {provider: merge_models(provider, listings) for provider in PROVIDERS}
    sources = {
        listing.key: {"name": listing.name, "date": listing.date} for listing in listings if listing.key != ROOMS
    }
    rows = {provider: {id: row for id, (row, _) in models.items()} for provider, models in merged.items()}
    conflicts = sorted(
        conflict
        for provider, models in merged.items()
        for row, said in models.values()
        for conflict in find_conflicts(provider, row, said)
    )
    return Catalog(rows, sources, tuple(conflicts))


def _listing(key: str, file: ListFile, models: Mapping[str, Mapping[str, Facts]]) -> Listing:
    return Listing(key, f"{_NAMES[key]} {file.version}", file.date, models)


def _load(path: Path) -> Any:
    """Read JSON whose numbers are exact."""
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)

"""What a refresh did: to each list, and to what is known of the models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from core.llms.catalog.store import ProviderRows
from core.llms.errors import LLMError
from core.llms.types.price_records import parse_prices
from core.llms.types.prices import Prices

_PROVENANCE: Final = ("from", "sources")


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """What became of one list.

    `updated`: newer content is here; `unchanged`: its publisher has nothing newer; `failed`: `error` says why, and what
    was here before is used still. `refused` are single facts that were not believed; `note` what else is to be told.
    """

    name: str
    url: str
    status: Literal["updated", "unchanged", "failed"]
    models: int = 0
    refused: tuple[str, ...] = ()
    error: LLMError | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class ChangedPrice:
    """A price of today that is another one now, in USD per million tokens, by `provider/model` and part of the price.

    None is a price that was, or is, not known.
    """

    model: str
    part: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class CatalogRefresh:
    """The result of `refresh_catalog`: models by `provider/model`, sorted.

    `added` are models that were not listed before, `changed` those of which another fact than a price of today changed.
    """

    lists: tuple[ListOutcome, ...]
    added: tuple[str, ...]
    price_changes: tuple[ChangedPrice, ...]
    changed: tuple[str, ...]
    path: Path

    @property
    def failures(self) -> tuple[ListOutcome, ...]:
        """The lists that could not be refreshed."""
        return tuple(outcome for outcome in self.lists if outcome.status == "failed")


def compare(
    before: Mapping[str, ProviderRows], after: Mapping[str, ProviderRows], today: date
) -> tuple[tuple[str, ...], tuple[ChangedPrice, ...], tuple[str, ...]]:
    """Return the models that were added, the prices that changed, and the models of which something else did."""
    added: list[str] = []
    prices: list[ChangedPrice] = []
    changed: list[str] = []
    for provider, listed in after.items():
        for id, row in listed.rows.items():
            name, old = f"{provider}/{id}", before[provider].rows.get(id)
            if old is None:
                added.append(name)
            elif old is not row:
                prices += _changed_prices(name, old, row, today)
                if _facts(old) != _facts(row):
                    changed.append(name)
    return tuple(sorted(added)), tuple(sorted(prices, key=lambda each: (each.model, each.part))), tuple(sorted(changed))


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in row.items() if field not in _PROVENANCE and field != "prices"}


def _changed_prices(name: str, old: Mapping[str, Any], new: Mapping[str, Any], today: date) -> Iterator[ChangedPrice]:
    if old.get("prices") == new.get("prices"):
        return
    before, after = (_amounts(parse_prices(row["prices"]).on(today)) if "prices" in row else {} for row in (old, new))
    for part in sorted(before.keys() | after.keys()):
        if before.get(part) != after.get(part):
            yield ChangedPrice(name, part, before.get(part), after.get(part))


def _amounts(prices: Prices) -> dict[str, Decimal]:
    amounts = {field.name: getattr(prices, field.name) for field in fields(prices)}
    return {name: amount for name, amount in amounts.items() if isinstance(amount, Decimal)}

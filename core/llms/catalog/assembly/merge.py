"""Chooses among the lists, fact by fact, and says where they disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.llms.catalog.assembly.facts import FIELDS, Facts, Listing

# Lists by their keys, the first that states a fact is believed.
GENAI_PRICES: Final = "g"
LITELLM: Final = "l"
MODELS_DEV: Final = "m"
PI_AI: Final = "p"
_DEFAULT: Final = (MODELS_DEV, LITELLM, PI_AI, GENAI_PRICES)
_PRECEDENCE: Final[Mapping[str, Sequence[str]]] = {
    "prices": (GENAI_PRICES, LITELLM, MODELS_DEV, PI_AI),
    "kind": (LITELLM, MODELS_DEV, PI_AI),
}
# What may differ without anybody being wrong: names, the order of words.
_NOT_COMPARED: Final = frozenset({"name", "family", "kind", "status", "aliases"})
_COMPARED_PRICES: Final = ("input", "output", "cache_read", "cache_write", "cache_write_1h")


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """Two lists disagree about a fact: what each says, and which was taken."""

    provider: str
    id: str
    field: str
    taken: str
    taken_from: str
    other: str
    other_from: str


def merge_models(provider: str, listings: Iterable[Listing]) -> tuple[dict[str, Facts], list[Conflict]]:
    """Return a provider's rows by id, each with `from` (which list each fact is of), and the conflicts."""
    lists = {listing.key: listing.models.get(provider, {}) for listing in listings}
    ids = sorted({id for models in lists.values() for id in models})
    rows, conflicts = {}, []
    for id in ids:
        said = {key: models[id] for key, models in lists.items() if id in models}
        rows[id] = {"id": id, **_choose(said)}
        conflicts += [Conflict(provider, id, *values) for values in _conflicts(said, rows[id])]
    return rows, conflicts


def _choose(said: Mapping[str, Facts]) -> Facts:
    row: Facts = {}
    origin: dict[str, list[str]] = {}
    for field in FIELDS:
        key = next((key for key in _order(field) if field in said.get(key, {})), None)
        if key is None:
            continue
        row[field] = _abilities(said) if field == "can" else said[key][field]
        origin.setdefault(key, []).append(field)
    if LITELLM in said and row.get("prices") is not said[LITELLM].get("prices"):
        added = _added_tiers(row.get("prices"), said[LITELLM].get("prices"))
        if added:
            row["prices"] = row["prices"] | {"service_tiers": row["prices"].get("service_tiers", {}) | added}
            origin.setdefault(LITELLM, []).append("service_tiers")
    return row | {"from": dict(sorted(origin.items()))}


def _order(field: str) -> Sequence[str]:
    return _PRECEDENCE.get(field, _DEFAULT)


def _abilities(said: Mapping[str, Facts]) -> dict[str, bool]:
    """Take each ability from the first list that states it; a no that another list denies is no fact."""
    chosen: dict[str, bool] = {}
    for key in _DEFAULT:
        for name, value in said.get(key, {}).get("can", {}).items():
            chosen.setdefault(name, value)
    return dict(sorted(chosen.items()))


def _added_tiers(prices: Facts | None, others: Facts | None) -> Facts:
    """Return the tiers that only the other list has, where both agree on the plain prices."""
    if prices is None or others is None or any(prices.get(part) != others.get(part) for part in ("input", "output")):
        return {}
    known = prices.get("service_tiers", {})
    return {name: tier for name, tier in others.get("service_tiers", {}).items() if name not in known}


def _conflicts(said: Mapping[str, Facts], row: Facts) -> Iterator[tuple[str, str, str, str, str]]:
    for key, facts in said.items():
        for field, taken, other in _pairs(row, facts):
            taken_from = next((name for name, fields in row["from"].items() if field.split(".")[0] in fields), key)
            if taken_from != key:
                yield field, taken, taken_from, other, key


def _pairs(row: Facts, facts: Facts) -> Iterator[tuple[str, str, str]]:
    for field, other in facts.items():
        if field == "prices":
            for part in _COMPARED_PRICES:
                ours, theirs = _current(row["prices"]).get(part), _current(other).get(part)
                if ours is not None and theirs is not None and Decimal(ours) != Decimal(theirs):
                    yield f"prices.{part}", ours, theirs
        elif field == "can":
            for name, value in other.items():
                if row["can"].get(name) != value:
                    yield f"can.{name}", str(row["can"].get(name)).lower(), str(value).lower()
        elif field not in _NOT_COMPARED and row.get(field) != other and not _is_input_limit(row, field, other):
            yield field, _text(row.get(field)), _text(other)


def _is_input_limit(row: Facts, field: str, other: Any) -> bool:
    """Tell whether another list gives the limit of the prompt alone where a row has the whole context."""
    return field == "context" and other == row.get("max_input")


def _current(prices: Facts) -> Facts:
    changes: list[Facts] = prices.get("changes", [])
    return prices | changes[-1] if changes else prices


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

"""What the lists disagree about: for whoever builds the catalogue, to look into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.llms.catalog.assembly.facts import Facts

# What may differ without anybody being wrong.
_NOT_COMPARED: Final = frozenset({"name", "aliases", "family", "kind", "status"})
_COMPARED_PRICES: Final = ("input", "output", "cache_read", "cache_write", "cache_write_1h")


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """Two lists disagree about a fact: what was taken, from which list, and what another says."""

    provider: str
    id: str
    field: str
    taken: str
    taken_from: str
    other: str
    other_from: str


def find_conflicts(provider: str, row: Facts, said: Mapping[str, Facts]) -> Iterator[Conflict]:
    """Compare a row with what every list says of the model; an ability in dispute is `unknown`."""
    taken = _comparable(row)
    for key, facts in said.items():
        for field, other in _comparable(facts).items():
            ours = taken.get(field)
            if ours != other and not (field == "context" and other == taken.get("max_input")):
                origin = row["from"].get(field.partition(" ")[0], "-")
                if origin != key:
                    yield Conflict(provider, row["id"], field, _text(ours), origin, _text(other), key)


def _comparable(facts: Facts) -> dict[str, Any]:
    plain = {name: value for name, value in facts.items() if name not in {*_NOT_COMPARED, "prices", "id", "from"}}
    prices = facts.get("prices", {})
    return plain | {f"prices {part}": Decimal(prices[part]) for part in _COMPARED_PRICES if part in prices}


def _text(value: Any) -> str:
    if value is None:
        return "unknown"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).lower()

"""The neutral facts that every list is read into, and how they are written: the fields of a row.

A fact that a list does not state is absent, never null, zero or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

# Facts by field. An ability, true or false, is a field of its own while facts are read: `can.tools`.
Facts: TypeAlias = dict[str, Any]
ABILITY: Final = "can."

# The fields in the order in which a row has them.
FIELDS: Final = (
    "id",  # what goes on the wire
    "aliases",
    "name",
    "family",
    "kind",  # chat, embedding
    "context",  # tokens of prompt and answer together
    "max_input",  # tokens
    "max_output",  # tokens
    "input",  # modalities
    "output",
    "can",  # abilities: true or false
    "sampling",  # always, never, unless_reasoning
    "efforts",
    "effort",  # the default one
    "budget",  # of reasoning tokens: smallest and largest, null where it is not known
    "params",  # neutral names of those that are taken
    "wire",
    "dimensions",  # of an embedding
    "prices",
    "cutoff",
    "released",
    "deprecated",
    "retired",
    "replacement",
    "status",
    "sources",  # those that the room of a model names
)
_PLACES: Final = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list says: `models[provider][id]` are facts. `key` is its short name in rows, `date` its own, ISO."""

    key: str
    name: str
    date: str
    models: Mapping[str, Mapping[str, Facts]]


def money(value: Decimal | int, factor: int = 1) -> str:
    """Write an amount as exact text without needless zeros."""
    amount = (Decimal(value) * factor).quantize(_PLACES).normalize()
    return f"{amount:f}"


def stated(**facts: Any) -> Facts:
    """Keep the facts that are stated: not None, and not an empty collection or text."""
    return {name: value for name, value in facts.items() if value is not None and value not in ((), [], {}, "")}


def abilities(can: Mapping[str, Any]) -> Facts:
    """Keep the abilities that are stated, as fields."""
    return {f"{ABILITY}{name}": value for name, value in can.items() if isinstance(value, bool)}


def positive(value: Any) -> int | None:
    """Read a limit; lists write 0 for `not applicable` and floats for integers."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return number if number > 0 else None


def order_row(row: Facts) -> Facts:
    """Put the fields in their order, abilities together, and turn `from` round: the fields that each list gave."""
    can = {name.removeprefix(ABILITY): value for name, value in sorted(row.items()) if name.startswith(ABILITY)}
    given: dict[str, list[str]] = {}
    for field, key in sorted(row["from"].items(), key=lambda item: (item[1], item[0])):
        given.setdefault(key, []).append(field)
    facts = row | ({"can": can} if can else {}) | {"from": given}
    return {field: facts[field] for field in (*FIELDS, "from") if field in facts}

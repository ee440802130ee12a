"""Reading facts out of what a vendor's list says of a model: what is missing or of another type is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from core.llms.types.prices import Prices

_MILLION: Final = 1_000_000
# A moment that vendors write where they do not know one.
_EPOCH: Final = date(1970, 1, 1)


def part(entry: Any, *names: str) -> Any:
    """Return what lies below these names, or None."""
    for name in names:
        entry = entry.get(name) if isinstance(entry, Mapping) else None
    return entry


def flag(value: Any) -> bool | None:
    """Return a yes or a no."""
    return value if isinstance(value, bool) else None


def count(value: Any) -> int | None:
    """Return a number of tokens; 0 is what vendors write where there is no limit to tell."""
    return value if type(value) is int and value > 0 else None


def text(value: Any) -> str | None:
    """Return a text that is not empty."""
    return value if isinstance(value, str) and value else None


def words(value: Any) -> frozenset[str] | None:
    """Return the texts of a list, in lower case; None where it is none, or is empty."""
    if not isinstance(value, list):
        return None
    return frozenset(word.lower() for word in value if isinstance(word, str)) or None


def has(found: Collection[str] | None, *sought: str) -> bool | None:
    """Tell whether a list that the vendor gave has one of these words; None where it gave no list."""
    return None if found is None else any(word in found for word in sought)


def day(value: Any) -> date | None:
    """Return the day of a moment in ISO form or of Unix seconds; None for the epoch, too."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value).date()
        elif type(value) is int:
            found = datetime.fromtimestamp(value, UTC).date()
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return None if found <= _EPOCH else found


def has_passed(when: date | None) -> bool | None:
    """Tell whether a day has come; None where there is no such day."""
    return None if when is None else when <= datetime.now(UTC).date()


def prices_per_token(record: Any, **parts: str) -> Prices | None:
    """Return prices of amounts of USD a token; `parts` says where `input`, `output` and others are in the record."""
    return _prices(record, parts, _MILLION)


def prices_per_million(record: Any, **parts: str) -> Prices | None:
    """Return prices of amounts of USD a million tokens."""
    return _prices(record, parts, 1)


def prices_by_factor(record: Any, factor: Decimal, **parts: str) -> Prices | None:
    """Return prices of amounts in another unit, `factor` of which make USD a million tokens."""
    return _prices(record, parts, factor)


def _prices(record: Any, parts: Mapping[str, str], factor: Decimal | int) -> Prices | None:
    amounts = {name: _amount(part(record, place), factor) for name, place in parts.items()}
    known = {name: amount for name, amount in amounts.items() if amount is not None}
    if "input" not in known or "output" not in known or not known["input"]:
        # Zero is written for models whose price is told elsewhere, as it is for free ones.
        return None
    return replace(
        Prices(known["input"], known["output"]),
        cache_read=known.get("cache_read"),
        image_input=known.get("image_input"),
    )


def _amount(value: Any, factor: Decimal | int) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        amount = Decimal(str(value)) * factor
    except InvalidOperation:
        return None
    return amount.normalize() if amount.is_finite() and amount >= 0 else None


def stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not known."""
    return {name: value for name, value in facts.items() if value is not None}


def purpose(chats: bool | None, embeds: bool | None) -> dict[str, Any]:
    """Say what a model is for: one that does not chat does not stream or call tools either."""
    facts: dict[str, Any] = {"supports_embeddings": embeds}
    return facts if chats is not False else facts | {"supports_streaming": False, "supports_tools": False}


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Tell whether any is yes; None where none is, and some are not known, or there are none."""
    known = list(values)
    if any(value is True for value in known):
        return True
    return False if known and all(value is False for value in known) else None

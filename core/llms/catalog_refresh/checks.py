"""Whether a list can be believed: enough models, facts of their kinds, no price far from the one that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from core.llms.catalog.assembly.facts import ABILITY, Facts
from core.llms.catalog.assembly.names import PROVIDERS
from core.llms.catalog.fields import DATES
from core.llms.catalog.store import ProviderRows, load_packaged
from core.llms.catalog_refresh.lists import Models, ReadList
from core.llms.errors import ConfigurationError
from core.llms.types.price_records import parse_prices
from core.llms.types.prices import Prices

_COUNTS: Final = ("context", "max_input", "max_output", "dimensions")
_TEXTS: Final = ("name", "family", "kind", "sampling", "effort", "status")
_LISTS_OF_TEXT: Final = ("aliases", "efforts", "input", "output")
_MOST_TOKENS: Final = 1_000_000_000
_HIGHEST_USD: Final = Decimal(1000)  # a million tokens of text, as the reader of litellm's list has it
_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausibility:
    """What a list must be like to be believed.

    `min_share`: the share of the models that the package knows from the list, or that its last copy had, which must be
    there still. `max_factor`: how many times dearer or cheaper than the packaged price a price may be; one that is
    further off is not taken. `max_refused_share`: the share of models with something refused, above which the whole
    list is.
    """

    min_share: float = 0.5
    max_factor: int = 100
    max_refused_share: float = 0.02

    def __post_init__(self) -> None:
        if not (0 <= self.min_share <= 1 and 0 <= self.max_refused_share <= 1 and self.max_factor > 1):
            raise ConfigurationError("shares are between 0 and 1, and `max_factor` is more than 1")


@dataclass(frozen=True, slots=True)
class CheckedList:
    """The facts that can be believed, and what was refused, in words."""

    models: Models
    refused: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many models the list has."""
        return sum(map(len, self.models.values()))


def check_list(key: str, read: ReadList, last_count: int, limits: Plausibility) -> CheckedList:
    """Check a list's facts. Raises ValueError where the list as a whole cannot be believed."""
    packaged = {provider: load_packaged(provider) for provider in PROVIDERS}
    refused = list(read.unreadable)
    models: dict[str, dict[str, Facts]] = {}
    for provider, facts_by_id in read.models.items():
        kept = models[provider] = {}
        for id, facts in facts_by_id.items():
            sound, problems = _check_model(facts, packaged[provider], id, limits)
            kept[id] = sound
            refused += [f"{provider}/{id}: {problem}" for problem in problems]
    checked = CheckedList(models, tuple(refused))
    _require_enough(checked.count, max(_packaged_count(key, packaged), last_count), limits)
    if len(refused) > max(1, limits.max_refused_share * checked.count):
        more = f", and {len(refused) - _NAMED} more" if len(refused) > _NAMED else ""
        raise ValueError(
            f"{len(refused)} of its {checked.count:,} models cannot be: {'; '.join(refused[:_NAMED])}{more}"
        )
    return checked


def _require_enough(count: int, expected: int, limits: Plausibility) -> None:
    if not count:
        raise ValueError("it has none of this package's models")
    if count < limits.min_share * expected:
        raise ValueError(
            f"it has {count:,} of this package's models, where {expected:,} are known: too few to be whole"
        )


def _packaged_count(key: str, packaged: Mapping[str, ProviderRows]) -> int:
    return sum(key in row["from"] for listed in packaged.values() for row in listed.rows.values())


def _check_model(facts: Facts, listed: ProviderRows, id: str, limits: Plausibility) -> tuple[Facts, list[str]]:
    """Return the facts that can be, and what is wrong with the others."""
    problems = {field: problem for field, value in facts.items() if (problem := _problem(field, value))}
    if "prices" in facts and "prices" not in problems:
        known = listed.rows.get(id, {}).get("prices")
        before = None if known is None else parse_prices(known)
        problem = _price_problem(parse_prices(facts["prices"]), before, limits.max_factor)
        problems |= {"prices": problem} if problem else {}
    return {field: value for field, value in facts.items() if field not in problems}, list(problems.values())


def _problem(field: str, value: Any) -> str | None:
    """Say what is wrong with a fact, by its kind; None where nothing is."""
    if field in _COUNTS:
        fine = isinstance(value, int) and 0 < value < _MOST_TOKENS
    elif field in _TEXTS or field in DATES:
        fine = isinstance(value, str) and (field not in DATES or _succeeds(date.fromisoformat, value))
    elif field in _LISTS_OF_TEXT:
        fine = isinstance(value, list) and all(isinstance(each, str) for each in value)
    elif field == "prices":
        fine = _succeeds(parse_prices, value)
    else:
        fine = not field.startswith(ABILITY) or isinstance(value, bool)
    return None if fine else f"{field} cannot be {str(value)[:80]!r}"


def _succeeds(parse: Callable[[Any], object], value: Any) -> bool:
    try:
        parse(value)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        return False
    return True


def _price_problem(prices: Prices, known: Prices | None, max_factor: int) -> str | None:
    """Say which price cannot be: far from the packaged one of today, or dearer than any model is."""
    today = datetime.now(UTC).date()
    for part, amount, before in _plain_prices(prices.on(today), None if known is None else known.on(today)):
        if amount > _HIGHEST_USD:
            return f"{part} costs ${amount:f} a million tokens, more than any model does"
        if before and not before / max_factor < amount < before * max_factor:
            return f"{part} costs ${amount:f} a million tokens, where ${before:f} is known"
    return None


def _plain_prices(prices: Prices, known: Prices | None) -> Iterator[tuple[str, Decimal, Decimal | None]]:
    yield "input", prices.input, None if known is None else known.input
    yield "output", prices.output, None if known is None else known.output

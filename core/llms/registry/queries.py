"""Choosing among models: conditions that every chosen model fulfils, and the order they come in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any, Final, Literal, TypeAlias

from core.llms.registry.families import ModelFamily
from core.llms.registry.index import ProfileIndex
from core.llms.registry.media_types import Modality
from core.llms.registry.models import LLMProfile, parse_capability
from core.llms.types.capabilities import Capability

SortKey: TypeAlias = Literal["price", "context", "released", "name"]
_Check: TypeAlias = Callable[[LLMProfile], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelQuery:
    """Conditions on a model; a fact that is not known fulfils none. Prices are USD, limits tokens.

    `max_cost_per_1k` holds for a thousand tokens of a prompt and for a thousand generated ones alike; `max_input_price`
    and `max_output_price` are for a million of the one and of the other. Models that are retired by today are left
    out, and deprecated ones with them unless `include_deprecated`.
    """

    capabilities: Collection[Capability | str] = ()
    providers: Collection[str] = ()
    families: Collection[ModelFamily | str] = ()
    input_modalities: Collection[Modality | str] = ()
    output_modalities: Collection[Modality | str] = ()
    min_context_window: int | None = None
    min_output_tokens: int | None = None
    max_cost_per_1k: Decimal | float | str | None = None
    max_input_price: Decimal | float | str | None = None
    max_output_price: Decimal | float | str | None = None
    released_after: date | None = None
    released_before: date | None = None
    knowledge_after: date | None = None
    include_deprecated: bool = False
    include_retired: bool = False
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def select(self, profiles: Iterable[LLMProfile] | ProfileIndex) -> list[LLMProfile]:
        """Return the models that fulfil every condition, in the order given. Raises ValueError for an unknown name."""
        index = profiles if isinstance(profiles, ProfileIndex) else ProfileIndex(profiles)
        checks = [*self._limit_checks(), *self._price_checks(), *self._date_checks()]
        masks = [index.mask_of(condition, holds) for condition, holds in self._memberships()]
        left = index.pick(reduce(and_, masks) if masks else None)
        return [profile for profile in left if all(check(profile) for check in checks)]

    def _memberships(self) -> Iterator[tuple[Hashable, _Check]]:
        """Give the conditions that an index remembers, each by what it asks for: there are few of them."""
        providers, families = frozenset(self.providers), frozenset(ModelFamily(family) for family in self.families)
        if providers:
            yield ("provider", providers), lambda profile: profile.provider in providers
        if families:
            yield ("family", families), lambda profile: profile.family in families
        for capability in self.capabilities:
            name = f"supports_{parse_capability(capability).value}"
            yield name, _can(name)
        for name, wanted in (
            ("input_modalities", self.input_modalities),
            ("output_modalities", self.output_modalities),
        ):
            for modality in map(Modality, wanted):
                yield (name, modality), _has(name, modality)
        today = self.today
        if not self.include_retired:
            yield ("not retired", today), lambda profile: not profile.is_retired_on(today)
            if not self.include_deprecated:
                yield ("not deprecated", today), lambda profile: not profile.is_deprecated_on(today)

    def _limit_checks(self) -> Iterator[_Check]:
        context, output = self.min_context_window, self.min_output_tokens
        if context is not None:
            yield lambda profile: (profile.capabilities.context_window or 0) >= context
        if output is not None:
            yield lambda profile: (profile.capabilities.max_output_tokens or 0) >= output

    def _price_checks(self) -> Iterator[_Check]:
        of_both = _per_million(self.max_cost_per_1k, 1000)
        into = _lowest(of_both, _per_million(self.max_input_price))
        out = _lowest(of_both, _per_million(self.max_output_price))
        if into is None and out is None:
            return
        today = self.today

        def is_within(profile: LLMProfile) -> bool:
            if profile.prices is None:
                return False
            prices = profile.prices.on(today)
            return (into is None or prices.input <= into) and (out is None or prices.output <= out)

        yield is_within

    def _date_checks(self) -> Iterator[_Check]:
        after, before, known_after = self.released_after, self.released_before, self.knowledge_after
        if after is not None:
            yield lambda profile: profile.released is not None and profile.released > after
        if before is not None:
            yield lambda profile: profile.released is not None and profile.released < before
        if known_after is not None:
            yield lambda profile: profile.knowledge_cutoff is not None and profile.knowledge_cutoff > known_after


def _can(name: str) -> _Check:
    return lambda profile: getattr(profile.capabilities, name) is True


def _has(name: str, modality: Modality) -> _Check:
    return lambda profile: modality in (getattr(profile.capabilities, name) or ())


def _per_million(price: Decimal | float | str | None, factor: int = 1) -> Decimal | None:
    return None if price is None else Decimal(str(price)) * factor


def _lowest(*prices: Decimal | None) -> Decimal | None:
    return min((price for price in prices if price is not None), default=None)


def sort_profiles(profiles: Iterable[LLMProfile], by: SortKey, today: date) -> list[LLMProfile]:
    """Sort: by what a prompt costs today, cheapest first; by context or release, largest or newest first; by name.

    What is not known comes last. Raises ValueError for another key.
    """
    if by not in _SORTS:
        raise ValueError(f"`sort_by` must be one of {', '.join(_SORTS)}, not {by!r}")
    return sorted(profiles, key=lambda profile: (*_SORTS[by](profile, today), profile.name))


def _by_price(profile: LLMProfile, today: date) -> tuple[Any, ...]:
    if profile.prices is None:
        return (True,)
    prices = profile.prices.on(today)
    return False, prices.input, prices.output


_SORTS: Final[dict[str, Callable[[LLMProfile, date], tuple[Any, ...]]]] = {
    "price": _by_price,
    "context": lambda profile, _: (-(profile.capabilities.context_window or 0),),
    "released": lambda profile, _: (-(profile.released or date.min).toordinal(),),
    "name": lambda profile, _: (),
}

"""`Budget`: one rule, that is a limit, whom it holds for and for how long."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal, TypeAlias, get_args

from core.llms.errors import ConfigurationError
from core.llms.runtime.budgets.windows import Calendar, Window, find_zone
from core.llms.types.spending import round_up

Per: TypeAlias = Literal["all", "ctx", "user", "tag", "alias", "provider", "model", "key"]

# Both fit, with one call more, into what every store counts exactly.
_MOST_USD: Final = Decimal(8_000_000)
_MOST_TOKENS: Final = 10**15


@dataclass(frozen=True, kw_only=True)
class Budget:
    """At most so much money, so many tokens or both, for each user, say, and each day.

    - `usd` is exact: a `Decimal`, an `int` or a string. `tokens` counts those of prompts and answers together.
    - `per` says what is counted apart: `all` nothing, `ctx` each `LLMContext.request_id`, `user` each
      `LLMContext.user_id` (calls without one share an account), `tag` each of `LLMContext.tags` (calls without tags are
      not bound), `alias` each `Target.alias` (else the model's name), `provider`, `model` (with its provider) and `key`
      each credential. Several count their combinations apart: `per=("user", "model")`.
    - `window` is `day` or `month` by the calendar of `time_zone`, a `timedelta` that rolls, or `forever`. A rolling
      window forgets in steps of a sixtieth of its length. A call counts where it begins.
    - `only` and `excluding` are those that the rule holds for, or does not: users for `per="user"`.
    - `warn_at` is the share of a limit from which on there is a warning, once each time that it is reached: 0.8.
    - `name` tells rules apart, in errors and in the store: rules of one name share what was counted.
    """

    usd: Decimal | int | str | None = None
    tokens: int | None = None
    per: Per | Sequence[Per] = "all"
    window: Window = "forever"
    time_zone: str = "UTC"
    only: Collection[str] | None = None
    excluding: Collection[str] = ()
    warn_at: float | Decimal | Fraction | None = None
    name: str = ""
    dimensions: tuple[Per, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises `ConfigurationError` for a rule that cannot be held."""
        dimensions: tuple[Per, ...] = (self.per,) if isinstance(self.per, str) else tuple(self.per)
        object.__setattr__(self, "dimensions", dimensions)
        _check_limits(self)
        _check_dimensions(self)
        if self.window not in ("day", "month", "forever") and not _is_length(self.window):
            raise ConfigurationError(
                "`window` must be 'day', 'month', 'forever' or a positive timedelta of at least a minute,"
                f" not {self.window!r}"
            )
        if self.warn_at is not None and not 0 < self.warn_at <= 1:
            raise ConfigurationError(f"`warn_at` is a share of the limit, above 0 and up to 1, not {self.warn_at!r}")
        find_zone(self.time_zone)
        object.__setattr__(self, "name", self.name or self._own_name())

    @cached_property
    def usd_limit(self) -> Decimal | None:
        """The limit in USD."""
        return None if self.usd is None else Decimal(self.usd)

    def calendar(self) -> Calendar:
        """Make what finds the slots of the window."""
        return Calendar(self.window, find_zone(self.time_zone))

    def holds_for(self, subject: str) -> bool:
        """Tell whether the rule holds for one user, tag, alias …; a combination is joined by `/`."""
        return (self.only is None or subject in self.only) and subject not in self.excluding

    def __str__(self) -> str:
        limits = [f"${self.usd_limit}"] if self.usd is not None else []
        limits += [f"{self.tokens:,} tokens"] if self.tokens is not None else []
        each = [] if self.dimensions == ("all",) else [f"per {' and '.join(self.dimensions)}"]
        window = f"in {self.window}" if isinstance(self.window, timedelta) else f"a {self.window}"
        span = [] if self.window == "forever" else [window]
        return " ".join([" and ".join(limits), *each, *span])

    def _own_name(self) -> str:
        window = f"{self.window.total_seconds():g}s" if isinstance(self.window, timedelta) else self.window
        zone = [] if self.time_zone == "UTC" or window not in ("day", "month") else [self.time_zone]
        units = [unit for unit, limit in (("usd", self.usd), ("tokens", self.tokens)) if limit is not None]
        return ":".join(["+".join(self.dimensions), window, *zone, "+".join(units)])


def _check_limits(budget: Budget) -> None:
    if budget.usd is None and budget.tokens is None:
        raise ConfigurationError("a budget needs a limit: `usd`, `tokens` or both")
    if budget.usd is not None:
        check_usd(budget.usd)
    if budget.tokens is not None and not 0 <= budget.tokens <= _MOST_TOKENS:
        raise ConfigurationError(f"`tokens` must be from 0 to {_MOST_TOKENS:,}, not {budget.tokens!r}")


def check_usd(usd: Decimal | int | str) -> None:
    """Tell what is no limit in USD. Raises `ConfigurationError`."""
    if isinstance(usd, float):
        raise ConfigurationError("`usd` must be a Decimal, a string or an int: a float is not exact money")
    try:
        limit = Decimal(usd)
    except InvalidOperation as error:
        raise ConfigurationError(f"`usd` must be an amount such as '5' or '0.25', not {usd!r}") from error
    if not limit.is_finite() or not 0 <= limit <= _MOST_USD or round_up(limit) != limit:
        raise ConfigurationError(
            f"`usd` must be an amount from 0 to {_MOST_USD:,} with at most 12 decimal places, not {usd}"
        )


def _check_dimensions(budget: Budget) -> None:
    known = get_args(Per)
    wrong = [each for each in budget.dimensions if each not in known]
    if wrong or not budget.dimensions or len(set(budget.dimensions)) < len(budget.dimensions):
        raise ConfigurationError(f"`per` takes {', '.join(known)}, or several of them once each, not {budget.per!r}")
    if "all" in budget.dimensions and len(budget.dimensions) > 1:
        raise ConfigurationError("`per`: 'all' counts nothing apart, so it goes with no other")
    for name in ("only", "excluding"):
        if isinstance(getattr(budget, name), str):
            raise ConfigurationError(f"`{name}` is a collection of strings, not one string")


def _is_length(window: object) -> bool:
    return isinstance(window, timedelta) and window >= timedelta(minutes=1)

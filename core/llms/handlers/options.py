"""`HandlerOptions`: what a handler puts around the LLM of every alias. Arguments of a handler are fields here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TypedDict

from core.llms.configs import BaseModelConfig
from core.llms.errors import ConfigurationError
from core.llms.providers.base.implementation import BaseLLM
from core.llms.runtime.breaker import BreakerMiddleware, BreakerPolicy
from core.llms.runtime.budgets.middleware import BudgetsMiddleware
from core.llms.runtime.budgets.rules import Budget
from core.llms.runtime.cache import CacheMiddleware
from core.llms.runtime.hedging import HedgePolicy
from core.llms.runtime.limits.limiter import RateLimiter
from core.llms.runtime.limits.middleware import RateLimitMiddleware
from core.llms.runtime.middleware import Middleware
from core.llms.runtime.monitoring.call_record import CallObserver
from core.llms.runtime.monitoring.observing import MonitoringMiddleware
from core.llms.runtime.monitoring.statistics import CallStatistics
from core.llms.runtime.routing.policy import FallbackPolicy


class HandlerArguments(TypedDict, total=False):
    """Arguments of a handler besides its registry; none is needed.

    `middleware` goes around every alias's LLM, the first outermost. `observers` are told of every call (`CallLog()`,
    a `UsageRecorder`); `telemetry` is an `OpenTelemetryMiddleware`, `budgets` a `BudgetsMiddleware` or a list of
    `Budget`, `cache` a `CacheMiddleware`, `limits` a `RateLimiter`. `fallback` maps an alias to those that are asked
    where it fails, by `fallback_policy`. `breaker` leaves a target alone that keeps failing; `hedging` sends slow calls
    a second time.
    """

    middleware: Sequence[Middleware]
    observers: Sequence[CallObserver]
    telemetry: Middleware | None
    budgets: BudgetsMiddleware | Sequence[Budget] | None
    cache: CacheMiddleware | None
    limits: RateLimiter | None
    fallback: Mapping[str, Sequence[str]]
    fallback_policy: FallbackPolicy | None
    breaker: BreakerPolicy | None
    hedging: HedgePolicy | None


@dataclass(frozen=True, slots=True)
class HandlerOptions:
    """What a handler was made with, and how it is put around an LLM: statistics and telemetry outermost, then the
    caller's own middleware, the budgets, the cache; around each attempt the breaker and the limits.
    """

    middleware: Sequence[Middleware] = ()
    observers: Sequence[CallObserver] = ()
    telemetry: Middleware | None = None
    budgets: BudgetsMiddleware | Sequence[Budget] | None = None
    cache: CacheMiddleware | None = None
    limits: RateLimiter | None = None
    fallback: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fallback_policy: FallbackPolicy | None = None
    breaker: BreakerPolicy | None = None
    hedging: HedgePolicy | None = None
    statistics: CallStatistics = field(default_factory=CallStatistics)
    layers: tuple[Middleware, ...] = field(init=False)

    def __post_init__(self) -> None:
        for alias, others in self.fallback.items():
            if isinstance(others, str) or alias in others:
                raise ConfigurationError(f"`fallback` of {alias!r} must be a list of other aliases")
        around = (
            MonitoringMiddleware(self.statistics, *self.observers),
            self.telemetry,
            *self.middleware,
            self._budgets(),
            self.cache,
            None if self.breaker is None else BreakerMiddleware(self.breaker),
            None if self.limits is None else RateLimitMiddleware(self.limits),
        )
        object.__setattr__(self, "layers", tuple(layer for layer in around if layer is not None))

    def _budgets(self) -> BudgetsMiddleware | None:
        given = self.budgets
        return given if given is None or isinstance(given, BudgetsMiddleware) else BudgetsMiddleware(given)

    @property
    def takes_any_caller(self) -> bool:
        """Whether a caller of other making will do, around which nothing can be put: nothing was asked for."""
        return len(self.layers) == 1 and not self.observers and self.hedging is None

    def others_of(self, alias: str, config: type[BaseModelConfig]) -> Sequence[str]:
        """Return the aliases that are asked where one fails: of the handler's argument, else of its definition."""
        given = self.fallback.get(alias)
        # A configuration may be one by its looks alone.
        return getattr(config, "FALLBACK", ()) if given is None else given

    def arrange(self, llms: Mapping[str, BaseLLM], limiters: Mapping[str, RateLimiter]) -> BaseLLM:
        """Put everything around an alias's LLM, the first, with those that stand in for it, the others.

        `limiters` are those of single aliases: each is around the attempts at its own LLM.
        """
        arranged, *named = (_name(alias, llm, limiters.get(alias)) for alias, llm in llms.items())
        if named:
            policy = self.fallback_policy or FallbackPolicy()
            # One breaker is enough: the handler's goes before the route's own.
            policy = policy if self.breaker is None else replace(policy, breaker=None)
            arranged = arranged.with_fallback(*named, policy=policy)
        if self.hedging is not None:
            arranged = arranged.with_hedging(self.hedging)
        return arranged.with_middleware(*self.layers)


def _name(alias: str, llm: BaseLLM, limiter: RateLimiter | None) -> BaseLLM:
    own = () if limiter is None else (RateLimitMiddleware(limiter),)
    return llm.with_middleware(*own, alias=alias)


def read_arguments(arguments: HandlerArguments) -> HandlerOptions:
    """Check a handler's arguments. Raises `ConfigurationError`, with what may have been meant."""
    known = list(HandlerArguments.__annotations__)
    for name in arguments:
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"; did you mean {close[0]!r}?" if close else f". Known: {', '.join(known)}"
            raise ConfigurationError(f"unknown argument {name!r} of a handler{hint}")
    return HandlerOptions(**arguments)

"""`RateLimiter`: the limits of any number of targets, explicit or as registered, over one store."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import TypeAlias

from pydantic import ValidationError

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError
from core.llms.registry.current import peek_provider_registry
from core.llms.registry.providers import RateLimits
from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.limits.keeper import StoreKeeper, WhenStoreFails
from core.llms.runtime.limits.learning import LearnedLimits
from core.llms.runtime.limits.memory_store import MemoryLimitStore
from core.llms.runtime.limits.meters import create_meters
from core.llms.runtime.limits.tally import LimiterStatistics, Tally
from core.llms.runtime.limits.target_limits import Places, TargetLimits
from core.llms.runtime.target import Target
from core.llms.types.limits import LimitStore

Tenant: TypeAlias = Callable[[LLMContext], Hashable]
Priority: TypeAlias = Callable[[LLMContext], int]
LimitKey: TypeAlias = Callable[[Target], str]


def by_user(ctx: LLMContext) -> Hashable:
    """Take the user for the tenant."""
    return ctx.user_id


def by_account(target: Target) -> str:
    """Let each model of each account have limits of its own."""
    return f"{target.provider}/{target.model}/{target.account}"


def no_priority(ctx: LLMContext) -> int:
    """Let all calls have the same priority."""
    return 0


class RateLimiter:
    """Limits on requests, tokens and concurrency. Safe for threads and event loops; give it to `RateLimitMiddleware`.

    What is not given here holds as it is registered for the provider, the model and the `tier` (`ProviderRegistry`);
    what neither has is not limited until the vendor's headers tell a limit. Tokens are those of prompt and answer: the
    prompt's estimate and `max_tokens` are reserved before an attempt (`assumed_output_tokens` where a call sets none),
    and settled to what it used. Each model of each account has limits of its own, unless `key` says who shares them.

    Of a limit a minute, `burst_share` may be used at once, the rest as it comes back over the minute. Who waits goes by
    `priority`, the higher first, then by turns of tenants (`tenant`: by default `ctx.user_id`) with equal shares of the
    tokens. `learns` from the vendor's headers, which only ever make limits tighter, for a while.

    `store` is where limits are kept: in this process, or shared between processes. One that fails or takes longer than
    `store_timeout_seconds` is done without: with `when_store_fails="open"` each process holds the limits by itself,
    with `"closed"` calls raise `StorageError`. A place among `concurrent_requests` that a killed process held is free
    again after `lease_seconds`. `clock` returns seconds as `time.monotonic` does.

    Raises `ConfigurationError` for a limit that is none.
    """

    def __init__(
        self,
        *,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
        input_tokens_per_minute: int | None = None,
        output_tokens_per_minute: int | None = None,
        requests_per_day: int | None = None,
        tokens_per_day: int | None = None,
        concurrent_requests: int | None = None,
        tier: str | None = None,
        store: LimitStore | None = None,
        burst_share: float = 1.0,
        assumed_output_tokens: int = 1024,
        tenant: Tenant = by_user,
        priority: Priority = no_priority,
        key: LimitKey = by_account,
        learns: bool = True,
        when_store_fails: WhenStoreFails = "open",
        store_timeout_seconds: float = 1.0,
        lease_seconds: float = 30.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._given = _check_limits(
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
            input_tokens_per_minute=input_tokens_per_minute,
            output_tokens_per_minute=output_tokens_per_minute,
            requests_per_day=requests_per_day,
            tokens_per_day=tokens_per_day,
            concurrent_requests=concurrent_requests,
        )
        if not 0 < burst_share <= 1:
            raise ConfigurationError(f"`burst_share` must be above 0 and at most 1, not {burst_share!r}")
        if when_store_fails not in ("open", "closed"):
            raise ConfigurationError(f"`when_store_fails` must be 'open' or 'closed', not {when_store_fails!r}")
        if store_timeout_seconds <= 0 or lease_seconds <= 0 or assumed_output_tokens < 0:
            raise ConfigurationError(
                "`store_timeout_seconds` and `lease_seconds` must be positive, `assumed_output_tokens` at least 0"
            )
        self.assumed_output_tokens = assumed_output_tokens
        self.tenant = tenant
        self.priority = priority
        self.learns = learns
        self._tier = tier
        self._burst_share = burst_share
        self._key = key
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._tally = Tally()
        self._keeper = StoreKeeper(
            MemoryLimitStore(clock) if store is None else store,
            when_fails=when_store_fails,
            timeout_seconds=store_timeout_seconds,
            clock=clock,
            tally=self._tally,
        )
        self._targets: dict[str, TargetLimits] = {}
        self._lock = ForkLock()

    @property
    def statistics(self) -> LimiterStatistics:
        """What it did so far, over all targets."""
        return self._tally.freeze(sum(limits.gate.waiting for limits in self._targets.values()))

    def configured_limits(self, target: Target) -> RateLimits:
        """Return the limits of a target: those given, and those registered. Raises `ConfigurationError`."""
        registry = peek_provider_registry()
        registered = None if registry is None else registry.find_registered(target.provider)
        if registered is None:
            if self._tier is not None:
                raise ConfigurationError(f"no tiers are registered of {target.provider}", provider=target.provider)
            return self._given
        try:
            return self._given.over(registered.limits_for(target.model, self._tier))
        except KeyError as error:
            known = ", ".join(registered.tiers) or "there are none"
            message = f"tier {self._tier!r} is not registered; known: {known}"
            raise ConfigurationError(message, provider=target.provider) from error

    def limits_of(self, target: Target) -> TargetLimits:
        """Return what lets the attempts at a target in, made when it is first asked for."""
        key = self._key(target)
        with self._lock.held:
            found = self._targets.get(key)
            if found is None:
                found = self._targets[key] = self._create(key, self.configured_limits(target))
            return found

    def room_of(self, target: Target) -> float | None:
        """Return the free share of a target's limits, 0 to 1, as far as this process knows; None where it has none.

        So a limiter is the `RoomGauge` of `balance`.
        """
        return self.limits_of(target).room

    def _create(self, key: str, limits: RateLimits) -> TargetLimits:
        places = limits.concurrent_requests
        return TargetLimits(
            key,
            LearnedLimits(create_meters(limits, self._burst_share), self._burst_share, self._clock),
            self._keeper,
            self._tally,
            places=None if places is None else Places(places, self._lease_seconds),
            learns=self.learns,
            clock=self._clock,
        )


def _check_limits(**limits: int | None) -> RateLimits:
    try:
        return RateLimits(**{name: limit for name, limit in limits.items() if limit is not None})
    except ValidationError as error:
        problems = "; ".join(f"`{problem['loc'][0]}`: {problem['msg']}" for problem in error.errors())
        raise ConfigurationError(f"a limit is a whole number above 0: {problems}") from error

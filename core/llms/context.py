"""The context of a call: who asks, how long it may take, what it may cost, and what it has cost. Never a global."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from math import inf
from time import monotonic
from types import MappingProxyType
from typing import Any, Protocol
from uuid import uuid4

from core.llms.errors import LLMError
from core.llms.ledger import Ledger, MoneyBudget, TokenBudget
from core.llms.types.caching import CacheControl, CacheHit
from core.llms.types.response import Attempt, LLMResponse

_NO_METADATA: Mapping[str, Any] = MappingProxyType({})


class AttemptPlan(Protocol):
    """What decides, after a failed attempt of a running call, whether and when its target is tried again."""

    def next_delay(self, error: LLMError) -> float | None:
        """Return the seconds to wait before the next attempt, or None to give up with this error."""
        ...


class LLMContext:
    """Goes with a call, or with many. All arguments are optional.

    `timeout_seconds` counts anew for each call, attempts and waits included; `deadline` is an absolute, aware
    `datetime` that holds for all of them. `budget_usd` bounds the money of all calls together, `budget_tokens` their
    tokens; `ledger` adds up what they consumed. `cache` says how they use a cache, where the LLM has one. `user_id`,
    `tags` and `metadata` are for your own records: nothing of them is sent to a vendor. Each call has a context of its
    own, whose `parent` is the one that it was begun with.
    """

    __slots__ = (
        "_ledger", "_request_id", "attempts", "budget", "cache", "cache_hits", "deadline", "deadline_monotonic",
        "fresh_connection", "metadata", "observers", "options", "parent", "partial_response", "plan", "queued_seconds",
        "renew_reservation", "response_headers", "tags", "timeout_seconds", "token_budget", "user_id", "was_sent",
    )  # fmt: skip

    def __init__(
        self,
        *,
        request_id: str | None = None,
        user_id: str | None = None,
        tags: Iterable[str] = (),
        metadata: Mapping[str, Any] | None = None,
        timeout_seconds: float | None = None,
        deadline: datetime | None = None,
        budget_usd: Decimal | int | str | None = None,
        budget: MoneyBudget | None = None,
        budget_tokens: int | None = None,
        token_budget: TokenBudget | None = None,
        ledger: Ledger | None = None,
        cache: CacheControl | None = None,
    ) -> None:
        if timeout_seconds is not None and not 0 < timeout_seconds < inf:
            raise ValueError(f"`timeout_seconds` must be a positive number, not {timeout_seconds!r}")
        if deadline is not None and deadline.tzinfo is None:
            raise ValueError("`deadline` must have a time zone: datetime.now(UTC) + timedelta(…)")
        if isinstance(tags, str):
            raise TypeError("`tags` must be a collection of strings, not one string")
        if budget_usd is not None and budget is not None:
            raise ValueError("give `budget_usd` (an amount) or `budget` (one to share), not both")
        if budget_tokens is not None and token_budget is not None:
            raise ValueError("give `budget_tokens` (a number) or `token_budget` (one to share), not both")
        self._request_id = request_id
        self.parent: LLMContext | None = None
        self.user_id: str | None = user_id
        self.tags: tuple[str, ...] = tuple(tags)
        self.metadata: Mapping[str, Any] = _NO_METADATA if metadata is None else metadata
        self.timeout_seconds: float | None = timeout_seconds
        self.deadline: datetime | None = deadline
        self.deadline_monotonic: float = inf
        if deadline is not None:
            self.deadline_monotonic = monotonic() + (deadline - datetime.now(UTC)).total_seconds()
        self.budget: MoneyBudget | None = MoneyBudget(budget_usd) if budget_usd is not None else budget
        self.token_budget: TokenBudget | None = (
            TokenBudget(budget_tokens) if budget_tokens is not None else token_budget
        )
        self._ledger: Ledger | None = Ledger() if ledger is None else ledger
        self.cache: CacheControl | None = cache
        self._begin()

    def _begin(self) -> None:
        # The state of one running call, which the pipeline shares through its context.
        self.attempts: list[Attempt] = []
        self.cache_hits: tuple[CacheHit, ...] = ()
        self.observers: tuple[object, ...] = ()
        self.fresh_connection: bool = False
        self.was_sent: bool = False
        self.partial_response: Callable[[], LLMResponse] | None = None
        self.response_headers: Mapping[str, str] | None = None
        self.options: Mapping[str, Any] | None = None
        self.plan: AttemptPlan | None = None
        self.renew_reservation: Callable[[], None] | None = None
        self.queued_seconds: float = 0.0

    @property
    def request_id(self) -> str:
        """Your id of this context, which all of its calls share; a random one where you gave none."""
        if self._request_id is None:
            self._request_id = uuid4().hex if self.parent is None else self.parent.request_id
        return self._request_id

    @property
    def ledger(self) -> Ledger:
        """What all calls made with this context consumed."""
        if self._ledger is None:
            self._ledger = Ledger()
            for index, attempt in enumerate(self.attempts):
                self._ledger.record(attempt, begins_call=index == 0)
        return self._ledger

    @property
    def cost(self) -> Decimal:
        """What all calls made with this context cost, in USD, as far as it is known (see `ledger`)."""
        return self.ledger.cost

    @property
    def remaining_seconds(self) -> float:
        """Seconds until the deadline; infinite where there is none."""
        return self.deadline_monotonic - monotonic()

    @classmethod
    def of_one_call(cls, timeout_seconds: float) -> LLMContext:
        """Begin a call that was given no context: there is nothing to check, and a ledger only if it is asked for."""
        call = cls.__new__(cls)
        call._request_id = call.user_id = call.timeout_seconds = call.deadline = call.budget = call._ledger = None
        call.cache = None
        call.parent = call.token_budget = None
        call.tags = ()
        call.metadata = _NO_METADATA
        call.deadline_monotonic = monotonic() + timeout_seconds
        call._begin()
        return call

    def for_call(self, default_timeout_seconds: float) -> LLMContext:
        """Begin a call: a context with this call's own deadline, over the same ledger and budget."""
        call = LLMContext.__new__(LLMContext)
        call._request_id = self._request_id
        call._share(self)
        seconds = default_timeout_seconds if self.timeout_seconds is None else self.timeout_seconds
        call.deadline_monotonic = min(self.deadline_monotonic, monotonic() + seconds)
        call._ledger = self.ledger
        call._begin()
        return call

    def _share(self, parent: LLMContext) -> None:
        self.parent = parent
        self.user_id = parent.user_id
        self.tags = parent.tags
        self.metadata = parent.metadata
        self.timeout_seconds = parent.timeout_seconds
        self.deadline = parent.deadline
        self.budget = parent.budget
        self.token_budget = parent.token_budget
        self.cache = parent.cache

    def branch(self) -> LLMContext:
        """Begin attempts of this call beside others of it: over the same ledger, budget, deadline and record."""
        return _Branch(self)

    def record(self, attempt: Attempt) -> None:
        """Enter an attempt of this call; the first one counts the call in the ledger, too."""
        if self._ledger is not None:
            self._ledger.record(attempt, begins_call=not self.attempts and not self.cache_hits)
        self.attempts.append(attempt)
        self.queued_seconds = 0.0

    def record_hit(self, hit: CacheHit) -> None:
        """Enter an answer that came out of a cache."""
        self.ledger.record_hit(hit, begins_call=not self.attempts and not self.cache_hits)
        self.cache_hits += (hit,)

    def __repr__(self) -> str:
        facts = {
            "request_id": self._request_id,
            "user_id": self.user_id,
            "tags": self.tags or None,
            "timeout_seconds": self.timeout_seconds,
            "deadline": self.deadline,
            "budget": self.budget,
            "token_budget": self.token_budget,
        }
        return f"LLMContext({', '.join(f'{name}={value!r}' for name, value in facts.items() if value is not None)})"


class _Branch(LLMContext):
    """The state of attempts that run beside others of the same call; what they record, the call records."""

    __slots__ = ("_trunk",)

    def __init__(self, trunk: LLMContext) -> None:
        self._request_id = trunk._request_id
        self._share(trunk)
        self.deadline_monotonic = trunk.deadline_monotonic
        self._ledger = None
        self._trunk = trunk
        self._begin()
        self.observers = trunk.observers
        self.options = trunk.options
        self.plan = trunk.plan

    @property
    def ledger(self) -> Ledger:
        return self._trunk.ledger

    def record(self, attempt: Attempt) -> None:
        self._trunk.record(attempt)
        self.attempts.append(attempt)
        self.queued_seconds = 0.0

    def record_hit(self, hit: CacheHit) -> None:
        self._trunk.record_hit(hit)
        self.cache_hits += (hit,)

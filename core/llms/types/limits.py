"""What a limiter asks of the store that keeps its limits: reservations and what becomes of them, in seconds.

A limit of N in a period is kept as one moment (the generic cell rate algorithm): what was used reaches up to it. A unit
moves it on by a Nth of the period, time passing does the rest. So a store knows of no tokens and no vendor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

from core.llms.types.quick_init import quick_init

# The limits that a store keeps a moment for, by their names in `RateLimits`.
DIMENSIONS: Final = (
    "requests_per_minute",
    "tokens_per_minute",
    "input_tokens_per_minute",
    "output_tokens_per_minute",
    "requests_per_day",
    "tokens_per_day",
)
# Clocks and sums of floats are not exact: a wait this short is none.
SMALLEST_WAIT_SECONDS: Final = 1e-6
NO_SECONDS: Final[Mapping[str, float]] = MappingProxyType({})


@quick_init
@dataclass(frozen=True, slots=True)
class Spend:
    """What a reservation takes of one limit: the seconds in which it comes back, and how many may be taken at once."""

    dimension: str
    cost_seconds: float
    burst_seconds: float


@quick_init
@dataclass(frozen=True, slots=True)
class LeaseDemand:
    """A place among `limit` at once, under an id of its own; after `seconds` it is free again if nobody says more."""

    id: str
    limit: int
    seconds: float


@quick_init
@dataclass(frozen=True, slots=True)
class Demand:
    """A reservation under one key: everything of it or nothing."""

    key: str
    spends: tuple[Spend, ...]
    lease: LeaseDemand | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a reservation was granted.

    Where it was not, `wait_seconds` says when it could be if nobody else comes; None where that depends on calls that
    end. `backlogs` has, for each limit, the seconds after which all that was used is back.
    """

    granted: bool
    wait_seconds: float | None = 0.0
    backlogs: Mapping[str, float] = field(default_factory=dict)


@quick_init
@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a reservation, or what a vendor said of its limits.

    `shifts` are seconds to add to what was taken of each limit (below 0: given back). `floors` are backlogs that each
    limit has at least, `hold_seconds` for how long nothing is granted; both only ever make a limit tighter. `lease_id`
    is a place to give back.
    """

    key: str
    shifts: Mapping[str, float] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
    hold_seconds: float = 0.0
    lease_id: str | None = None


class LimitStore(Protocol):
    """Where limits are kept: in this process, or where several processes share them. Each method is one atomic step.

    All raise `StorageError` where the store cannot be reached.
    """

    @property
    def is_local(self) -> bool:
        """Whether it answers at once, without waiting and without failing, and nobody else uses it."""
        ...

    async def reserve(self, demand: Demand) -> Decision:
        """Take all that is asked for, or nothing."""
        ...

    async def settle(self, settlement: Settlement) -> None:
        """Correct what was taken. A limit is never fuller than full by it; it may be overdrawn."""
        ...

    async def renew(self, key: str, lease_ids: Sequence[str], seconds: float) -> None:
        """Keep places for so many seconds from now; those that ran out are taken again."""
        ...

    async def aclose(self) -> None:
        """Close what the store itself opened."""
        ...

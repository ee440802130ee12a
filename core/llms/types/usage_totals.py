"""What calls consumed in an hour, added up: the rows of the usage that processes share."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class UsageKey:
    """Whose calls are added up together. What a call did not have is an empty text; `hour` begins the hour, in UTC."""

    hour: datetime
    provider: str
    model: str
    operation: str = "chat"
    alias: str = ""
    user_id: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UsageTotals:
    """Counts of calls and tokens, seconds, and money in USD. `+` adds two up.

    `calls` are `succeeded`, `failed` and `cancelled` ones; `cached` of them were answered without the vendor.
    `cost` is certain; `maybe_charged_cost` is of requests whose fate is not known; `unpriced` calls have a share that
    no price is known for.
    """

    calls: int = 0
    succeeded: int = 0
    failed: int = 0
    cancelled: int = 0
    cached: int = 0
    attempts: int = 0
    unpriced: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    seconds: float = 0.0
    cost: Decimal = Decimal(0)
    maybe_charged_cost: Decimal = Decimal(0)
    saved_cost: Decimal = Decimal(0)

    def __add__(self, other: UsageTotals) -> UsageTotals:
        return UsageTotals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(UsageTotals)))

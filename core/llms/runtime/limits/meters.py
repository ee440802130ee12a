"""What is limited: the limits of a target as meters, and what of each an attempt takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from core.llms.errors import CostAboveLimitError
from core.llms.registry.providers import RateLimits
from core.llms.types.limits import DIMENSIONS, Spend
from core.llms.types.quick_init import quick_init

_MINUTE: Final = 60.0
_DAY: Final = 86_400.0


# What counts against each limit: requests, tokens in, tokens out.
_COUNTED: Final[Mapping[str, tuple[int, int, int]]] = {
    "requests_per_minute": (1, 0, 0),
    "tokens_per_minute": (0, 1, 1),
    "input_tokens_per_minute": (0, 1, 0),
    "output_tokens_per_minute": (0, 0, 1),
    "requests_per_day": (1, 0, 0),
    "tokens_per_day": (0, 1, 1),
}


@quick_init
@dataclass(frozen=True, slots=True)
class Cost:
    """What an attempt takes: requests (one, or none where nothing was sent), and tokens in and out."""

    requests: int
    input_tokens: int
    output_tokens: int

    @property
    def tokens(self) -> int:
        """Tokens in and out together."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class Meter:
    """One limit: so many a period, of which `burst` may be used at once. `is_learned`: a vendor told it.

    One comes back in `seconds_per_unit`.
    """

    dimension: str
    limit: float
    burst: float
    is_learned: bool = False
    seconds_per_unit: float = field(init=False)

    def __post_init__(self) -> None:
        period = _DAY if self.dimension.endswith("day") else _MINUTE
        object.__setattr__(self, "seconds_per_unit", period / self.limit)

    @property
    def words(self) -> str:
        """The limit as a person says it."""
        return f"{self.limit:.0f} {self.dimension.replace('_', ' ')}"


def create_meter(dimension: str, limit: float, burst_share: float, *, is_learned: bool = False) -> Meter:
    """Make a meter. Of a limit a minute, `burst_share` may be used at once, but always one; of a day's, all of it."""
    burst = limit if dimension.endswith("day") else max(1.0, limit * burst_share)
    return Meter(dimension, limit, burst, is_learned)


def create_meters(limits: RateLimits, burst_share: float) -> dict[str, Meter]:
    """Make the meters of limits, by dimension."""
    found = {dimension: getattr(limits, dimension) for dimension in DIMENSIONS}
    return {name: create_meter(name, limit, burst_share) for name, limit in found.items() if limit is not None}


class Gauge:
    """Meters put to use: turns costs into what a store is asked for. Made anew when a limit changes."""

    __slots__ = ("_rows", "meters")

    def __init__(self, meters: Mapping[str, Meter]) -> None:
        self.meters = meters
        self._rows = [
            (meter, name, *_COUNTED[name], seconds, meter.burst * seconds, Spend(name, seconds, meter.burst * seconds))
            for name, meter, seconds in ((name, meter, meter.seconds_per_unit) for name, meter in meters.items())
        ]

    def spends(self, cost: Cost) -> tuple[Spend, ...]:
        """Return what a reservation takes. Raises `CostAboveLimitError` where it is more than there ever is at once.

        Not for a limit that a vendor told: costs are estimated from above, and the vendor may still take the call.
        """
        spends = []
        requests, input_tokens, output_tokens = cost.requests, cost.input_tokens, cost.output_tokens
        for meter, name, of_requests, of_input, of_output, unit_seconds, burst_seconds, of_one in self._rows:
            units: float = of_requests * requests + of_input * input_tokens + of_output * output_tokens
            if units > meter.burst:
                if not meter.is_learned:
                    raise _above_limit(meter, units)
                units = meter.burst
            spends.append(of_one if units == 1 else Spend(name, units * unit_seconds, burst_seconds))
        return tuple(spends)

    def shifts(self, reserved: Cost, used: Cost) -> dict[str, float]:
        """Return the seconds by which what was taken has to be corrected."""
        shifts = {}
        for meter, name, of_requests, of_input, of_output, unit_seconds, _, _ in self._rows:
            taken: float = of_requests * reserved.requests + of_input * reserved.input_tokens
            taken = min(taken + of_output * reserved.output_tokens, meter.burst)
            units = of_requests * used.requests + of_input * used.input_tokens + of_output * used.output_tokens
            if units != taken:
                shifts[name] = (units - taken) * unit_seconds
        return shifts


def _above_limit(meter: Meter, units: float) -> CostAboveLimitError:
    what = "requests" if meter.dimension.startswith("requests") else "tokens"
    return CostAboveLimitError(
        f"the call may take {units:.0f} {what}, and the limit of {meter.words} has room for {meter.burst:.0f} at once:"
        " shorten the prompt, lower `max_tokens`, or raise the limit"
    )

"""Token buckets that refill continuously, one pair for each key and model. Vendors word the refusal."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Meter:
    """One dimension of a limit after a request: what is allowed in a minute, what is left, seconds until full."""

    limit: int
    remaining: int
    reset_seconds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass; when not, which dimension refused it and when enough of it is back."""

    requests: Meter | None
    tokens: Meter | None
    refused_by: Literal["requests", "tokens"] | None = None
    retry_after_seconds: float = 0.0
    requested: int = 0
    impossible: bool = False


@dataclass(slots=True)
class _Bucket:
    limit: int
    level: float
    updated_at: float

    def refill(self, now: float) -> None:
        gained = (now - self.updated_at) * self.limit / _SECONDS_PER_MINUTE
        self.level = min(float(self.limit), self.level + gained)
        self.updated_at = now

    def seconds_until(self, amount: float) -> float:
        return max(0.0, (amount - self.level) * _SECONDS_PER_MINUTE / self.limit)

    def meter(self) -> Meter:
        return Meter(self.limit, max(0, int(self.level)), self.seconds_until(self.limit))


class RateLimits:
    """Limits a minute on requests and tokens. `clock` returns seconds; tests may set it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._requests_per_minute: int | None = None
        self._tokens_per_minute: int | None = None
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}

    def configure(self, requests_per_minute: int | None, tokens_per_minute: int | None) -> None:
        """Set the limits (None: none) and start with full buckets."""
        if any(limit is not None and limit < 1 for limit in (requests_per_minute, tokens_per_minute)):
            raise ValueError("limits must be at least 1 a minute")
        self._requests_per_minute = requests_per_minute
        self._tokens_per_minute = tokens_per_minute
        self._buckets.clear()

    def admit(self, key: str, model: str, tokens: int) -> Verdict | None:
        """Take one request and so many tokens, or refuse and take nothing; None where no limit is set."""
        requests = self._bucket("requests", key, model, self._requests_per_minute)
        spend = self._bucket("tokens", key, model, self._tokens_per_minute)
        if requests is None and spend is None:
            return None
        if requests is not None and requests.level < 1:
            return self._refusal(requests, spend, "requests", requests.seconds_until(1), 1)
        if spend is not None and spend.level < tokens:
            return self._refusal(requests, spend, "tokens", spend.seconds_until(tokens), tokens)
        if requests is not None:
            requests.level -= 1
        if spend is not None:
            spend.level -= tokens
        return Verdict(_meter(requests), _meter(spend))

    def _refusal(
        self,
        requests: _Bucket | None,
        spend: _Bucket | None,
        refused_by: Literal["requests", "tokens"],
        seconds: float,
        requested: int,
    ) -> Verdict:
        impossible = refused_by == "tokens" and spend is not None and requested > spend.limit
        return Verdict(_meter(requests), _meter(spend), refused_by, seconds, requested, impossible)

    def _bucket(self, kind: str, key: str, model: str, limit: int | None) -> _Bucket | None:
        if limit is None:
            return None
        now = self.clock()
        bucket = self._buckets.setdefault((kind, key, model), _Bucket(limit, float(limit), now))
        bucket.refill(now)
        return bucket


def _meter(bucket: _Bucket | None) -> Meter | None:
    return bucket.meter() if bucket is not None else None

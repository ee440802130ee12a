"""Percentiles of durations in constant memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log
from typing import Any, Self

_GROWTH = log(1.02)
_SMALLEST_SECONDS = 1e-6


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Durations in seconds. `p50` to `p99` are at most 1% off; `largest` and `mean` are exact; all 0 of none."""

    count: int = 0
    mean: float = 0.0
    p50: float = 0.0
    p90: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    largest: float = 0.0


NO_DURATIONS = Percentiles()


class DurationHistogram:
    """Counts durations in buckets each 2% wider than the one before. Not safe between threads by itself."""

    __slots__ = ("_buckets", "_count", "_largest", "_sum")

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._count = 0
        self._sum = 0.0
        self._largest = 0.0

    def add(self, seconds: float) -> None:
        """Count a duration."""
        bucket = int(log(seconds / _SMALLEST_SECONDS) / _GROWTH) if seconds > _SMALLEST_SECONDS else 0
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self._count += 1
        self._sum += seconds
        if seconds > self._largest:
            self._largest = seconds

    def merge(self, other: DurationHistogram) -> None:
        """Count what another has counted, too."""
        for bucket, count in other._buckets.items():
            self._buckets[bucket] = self._buckets.get(bucket, 0) + count
        self._count += other._count
        self._sum += other._sum
        self._largest = max(self._largest, other._largest)

    def dump(self) -> dict[str, Any]:
        """Return what was counted as JSON has it."""
        buckets = {str(bucket): self._buckets[bucket] for bucket in sorted(self._buckets)}
        return {"sum": self._sum, "largest": self._largest, "buckets": buckets}

    @classmethod
    def load(cls, dumped: Mapping[str, Any]) -> Self:
        """Return what `dump` has written down."""
        loaded = cls()
        loaded._buckets = {int(bucket): count for bucket, count in dumped["buckets"].items()}
        loaded._count = sum(loaded._buckets.values())
        loaded._sum, loaded._largest = dumped["sum"], dumped["largest"]
        return loaded

    def percentiles(self) -> Percentiles:
        """Return what was counted so far."""
        if not self._count:
            return NO_DURATIONS
        p50, p90, p95, p99 = (self._quantile(share) for share in (0.5, 0.9, 0.95, 0.99))
        return Percentiles(self._count, self._sum / self._count, p50, p90, p95, p99, self._largest)

    def _quantile(self, share: float) -> float:
        wanted, seen = ceil(share * self._count), 0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen >= wanted:
                # The middle of the bucket, geometrically: 1% off either end.
                return float(min(self._largest, _SMALLEST_SECONDS * 1.02 ** (bucket + 0.5)))
        return self._largest

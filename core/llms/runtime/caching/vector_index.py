"""Vectors of questions in memory, and the nearest of those that were asked in the same context."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import fsum, inf, isfinite, sqrt
from operator import mul
from time import monotonic

from core.llms.runtime.fork_lock import ForkLock


@dataclass(frozen=True, slots=True)
class _Point:
    context: str
    direction: array[float]
    expires_at: float


class VectorIndex:
    """Holds up to `max_entries` points, each under the key of its answer; the least recently used go first.

    A search compares with each point of the context: with `n` points of `d` dimensions that is `n * d` multiplications.
    Safe between threads.
    """

    def __init__(self, max_entries: int, clock: Callable[[], float] = monotonic) -> None:
        self._max_entries = max_entries
        self._clock = clock
        self._points: OrderedDict[str, _Point] = OrderedDict()
        self._contexts: dict[str, dict[str, _Point]] = {}
        self._lock = ForkLock()

    def __len__(self) -> int:
        return len(self._points)

    def add(self, context: str, key: str, direction: array[float], ttl_seconds: float | None) -> None:
        """Put a point there, in place of the key's earlier one."""
        point = _Point(context, direction, inf if ttl_seconds is None else self._clock() + ttl_seconds)
        with self._lock.held:
            self._drop(key)
            self._points[key] = self._contexts.setdefault(context, {})[key] = point
            while len(self._points) > self._max_entries:
                self._drop(next(iter(self._points)))

    def nearest(self, context: str, direction: array[float]) -> tuple[str, float] | None:
        """Return the key of the nearest point of a context and the cosine between the two, from -1 to 1."""
        with self._lock.held:
            now, best = self._clock(), None
            for key, point in list(self._contexts.get(context, {}).items()):
                if point.expires_at <= now:
                    self._drop(key)
                elif len(point.direction) == len(direction):
                    cosine = sum(map(mul, point.direction, direction))
                    if best is None or cosine > best[1]:
                        best = key, cosine
            if best is None:
                return None
            self._points.move_to_end(best[0])
            return best[0], max(-1.0, min(1.0, best[1]))

    def remove(self, key: str) -> None:
        """Forget a point; one that is not there is no error."""
        with self._lock.held:
            self._drop(key)

    def _drop(self, key: str) -> None:
        point = self._points.pop(key, None)
        if point is not None:
            of_context = self._contexts[point.context]
            del of_context[key]
            if not of_context:
                del self._contexts[point.context]


def normalise(vector: Sequence[float] | Iterable[float]) -> array[float]:
    """Return the vector's direction, of length 1. Raises `ValueError` for one that has none."""
    values = array("d", vector)
    length = sqrt(fsum(map(mul, values, values)))
    if not values or not isfinite(length) or length == 0.0:
        raise ValueError("an embedding must be a vector of finite numbers that are not all 0")
    return array("d", (value / length for value in values))

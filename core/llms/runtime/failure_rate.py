"""How many of the latest attempts failed, over a sliding window of time, in memory that does not grow with traffic."""

from __future__ import annotations

from collections import deque

_SLICES = 30


class FailureRate:
    """Counts attempts and failures of the last `window_seconds`, exact to a thirtieth of them."""

    __slots__ = ("_slice_seconds", "_slices", "calls", "failures")

    def __init__(self, window_seconds: float) -> None:
        self._slice_seconds = window_seconds / _SLICES
        self._slices: deque[list[int]] = deque()
        self.calls = 0
        self.failures = 0

    @property
    def share(self) -> float:
        """The failures' share of the attempts; 0 where there were none."""
        return self.failures / self.calls if self.calls else 0.0

    def add(self, moment: float, failed: bool) -> None:
        """Count one attempt; what is older than the window is forgotten."""
        number = int(moment / self._slice_seconds)
        self._forget(number - _SLICES)
        if not self._slices or self._slices[-1][0] != number:
            self._slices.append([number, 0, 0])
        newest = self._slices[-1]
        newest[1] += 1
        newest[2] += failed
        self.calls += 1
        self.failures += failed

    def _forget(self, newest_forgotten: int) -> None:
        while self._slices and self._slices[0][0] <= newest_forgotten:
            _, calls, failures = self._slices.popleft()
            self.calls -= calls
            self.failures -= failures

    def clear(self) -> None:
        """Forget everything."""
        self._slices.clear()
        self.calls = self.failures = 0

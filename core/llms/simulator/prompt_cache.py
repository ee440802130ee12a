"""A prompt cache: prefixes of prompts up to their breakpoints, each for the time it asks for. Knows no vendor."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SECONDS = {"5m": 300.0, "1h": 3600.0}
_LOOKED_BACK = 20
_MOST_PREFIXES = 100_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a prompt: its content as a digest, its tokens, and the time its breakpoint asks for, if any."""

    digest: bytes
    tokens: int
    ttl: str | None = None


@dataclass(frozen=True, slots=True)
class CacheUse:
    """How a prompt's tokens are billed: read from the cache, written for 5 minutes or for an hour, or neither."""

    uncached: int
    read: int = 0
    written_5m: int = 0
    written_1h: int = 0

    @property
    def written(self) -> int:
        """All that was written."""
        return self.written_5m + self.written_1h

    @property
    def total(self) -> int:
        """The whole prompt."""
        return self.uncached + self.read + self.written


@dataclass(slots=True)
class _Entry:
    seconds: float
    expires_at: float


class PromptCache:
    """Prefixes by account and model, oldest forgotten first; `clock` returns seconds, and tests may set it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def use(self, account: str, model: str, segments: Sequence[Segment], minimum: int) -> CacheUse:
        """Read what is there, write up to the last breakpoint. Prefixes shorter than `minimum` tokens are not kept."""
        ends = _cumulative(segments)
        total = ends[-1] if ends else 0
        marks = [index for index, segment in enumerate(segments) if segment.ttl and ends[index] >= minimum]
        if not marks:
            return CacheUse(total)
        keys = _keys(account, model, segments)
        with self._lock:
            found = self._longest(keys, marks)
            read = ends[found] if found is not None else 0
            written = {"5m": 0, "1h": 0}
            reached = read
            for mark in marks:
                ttl = str(segments[mark].ttl)
                self._keep(keys[mark], _SECONDS[ttl])
                written[ttl] += max(0, ends[mark] - reached)
                reached = max(reached, ends[mark])
        return CacheUse(total - reached, read, written["5m"], written["1h"])

    def _longest(self, keys: Sequence[bytes], marks: Sequence[int]) -> int | None:
        """The end of the longest prefix that is kept, at most 20 pieces before a breakpoint; it is kept anew."""
        now = self.clock()
        near = {index for mark in marks for index in range(max(0, mark - _LOOKED_BACK + 1), mark + 1)}
        for index in sorted(near, reverse=True):
            entry = self._entries.get(keys[index])
            if entry is not None and entry.expires_at > now:
                entry.expires_at = now + entry.seconds
                return index
        return None

    def _keep(self, key: bytes, seconds: float) -> None:
        self._entries[key] = _Entry(seconds, self.clock() + seconds)
        self._entries.move_to_end(key)
        while len(self._entries) > _MOST_PREFIXES:
            self._entries.popitem(last=False)


def _cumulative(segments: Sequence[Segment]) -> list[int]:
    ends: list[int] = []
    for segment in segments:
        ends.append((ends[-1] if ends else 0) + segment.tokens)
    return ends


def _keys(account: str, model: str, segments: Sequence[Segment]) -> list[bytes]:
    digest = hashlib.blake2b(f"{account}:{model}".encode(), digest_size=16)
    keys = []
    for segment in segments:
        digest.update(segment.digest)
        keys.append(digest.digest())
    return keys

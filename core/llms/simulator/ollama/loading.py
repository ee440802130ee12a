"""Which models are in memory, and until when. Knows no request."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llms.simulator.ollama.models import Model

_LOADING_NANOSECONDS = 1_500_000_000
_LOADED_NANOSECONDS = 50_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory: the tokens it has room for, and the second it leaves at."""

    model: Model
    num_ctx: int
    expires_at: float


class Memory:
    """The models in memory. `clock` returns seconds since 1970; tests may set it."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._loaded: dict[str, Loaded] = {}

    def load(self, model: Model, num_ctx: int, keep_seconds: float) -> int:
        """Load a model, or keep it; how many nanoseconds that is said to take. Another `num_ctx` loads it anew."""
        with self._lock:
            now = self.clock()
            before = self._loaded.get(model.name)
            self._loaded[model.name] = Loaded(model, num_ctx, now + keep_seconds)
        is_there = before is not None and before.expires_at > now and before.num_ctx == num_ctx
        return _LOADED_NANOSECONDS if is_there else _LOADING_NANOSECONDS

    def unload(self, model: Model) -> None:
        """Take a model out of memory."""
        with self._lock:
            self._loaded.pop(model.name, None)

    def listed(self) -> list[Loaded]:
        """What is in memory now, what leaves last first."""
        with self._lock:
            now = self.clock()
            there = [loaded for loaded in self._loaded.values() if loaded.expires_at > now]
        return sorted(there, key=lambda loaded: -loaded.expires_at)

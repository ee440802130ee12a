"""Equal calls of one event loop at the same time: one goes out, the others wait for what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias
from weakref import WeakKeyDictionary, ref

from core.llms.errors import LLMError


class Ending(Enum):
    """How a call ended that left nothing for the others."""

    LEFT = "given up for reasons of its own: one of the others goes next"
    NOT_KEPT = "answered, but not to be shared: each goes out by itself"


@dataclass(frozen=True, slots=True)
class Failure:
    """How a call failed, and whose account it went to: another's may be answered."""

    error: LLMError
    account: str


Outcome: TypeAlias = bytes | Failure | Ending


class Flight:
    """One call on its way."""

    __slots__ = ("_future", "_outcome")

    def __init__(self) -> None:
        self._future: asyncio.Future[None] | None = None
        self._outcome: Outcome | None = None

    async def wait(self, seconds: float) -> Outcome | None:
        """Return what became of it, or None where it takes longer. A caller that gives up takes nothing with it."""
        if self._outcome is None:
            if self._future is None:
                self._future = asyncio.get_running_loop().create_future()
            await asyncio.wait((self._future,), timeout=seconds)
        return self._outcome

    def land(self, outcome: Outcome) -> None:
        """Tell those who wait."""
        self._outcome = outcome
        if self._future is not None:
            self._future.set_result(None)


class Flights:
    """The calls on their way, by event loop and key."""

    def __init__(self) -> None:
        self._of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Flight]] = WeakKeyDictionary()
        # The loop that asked last is nearly always the one that asks next.
        self._latest: tuple[Callable[[], object], dict[str, Flight]] = (lambda: None, {})

    def join(self, key: str) -> tuple[Flight, bool]:
        """Return the key's flight, and whether the caller is the one who flies: then it has to `end` it."""
        flights = self._here()
        flight = flights.get(key)
        if flight is not None:
            return flight, False
        flight = flights[key] = Flight()
        return flight, True

    def take_off(self, key: str) -> bool:
        """Begin the key's flight, which the caller has to `end`; false where there is one already."""
        flights = self._here()
        if key in flights:
            return False
        flights[key] = Flight()
        return True

    def _here(self) -> dict[str, Flight]:
        loop = asyncio.get_running_loop()
        of, flights = self._latest
        if of() is not loop:
            flights = self._of_loops.setdefault(loop, {})
            self._latest = (ref(loop), flights)
        return flights

    def end(self, key: str, outcome: Outcome) -> None:
        """Tell the others what became of the caller's flight."""
        self._here().pop(key).land(outcome)

"""Models in an order, and which of them a condition leaves: found out once, and kept for the queries after it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import compress
from typing import Final

from core.llms.registry.models import LLMProfile

_MOST_MASKS: Final = 256


class ProfileIndex:
    """Profiles that do not change. A mask says of which of them something holds: a byte each, in one number.

    Masks are combined by `&`. It may be used from several threads: a mask that two find out is the same.
    """

    __slots__ = ("_masks", "_profiles")

    def __init__(self, profiles: Iterable[LLMProfile]) -> None:
        self._profiles = tuple(profiles)
        self._masks: dict[Hashable, int] = {}

    def mask_of(self, condition: Hashable, holds: Callable[[LLMProfile], bool]) -> int:
        """Return the mask of a condition; the first that asks for it finds it out."""
        mask = self._masks.get(condition)
        if mask is None:
            mask = int.from_bytes(bytes(map(holds, self._profiles)), "little")
            if len(self._masks) >= _MOST_MASKS:
                self._masks.clear()
            self._masks[condition] = mask
        return mask

    def pick(self, mask: int | None) -> Iterator[LLMProfile]:
        """Go over the profiles that a mask leaves, or over all, in their order."""
        if mask is None:
            return iter(self._profiles)
        return compress(self._profiles, mask.to_bytes(len(self._profiles), "little"))

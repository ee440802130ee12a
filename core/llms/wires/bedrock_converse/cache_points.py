"""Where a prompt is to be cached: a `CachePoint` becomes a block of its own behind what it covers.

The vendor reads tools, system and messages in this order, and so does this: a point at the beginning of a message goes
to the end of the one before, at the beginning of it all behind the tools. It takes four points: the last ones stay,
since each covers all that is before it.
"""

from __future__ import annotations

from typing import Any, Final

from core.llms.types.content import CachePoint

MOST_POINTS: Final = 4
_NAME: Final = "cachePoint"


class CacheTrail:
    """Remembers the list of blocks that came last, and the points that were set."""

    __slots__ = ("_last", "_points")

    def __init__(self, tools: list[dict[str, Any]]) -> None:
        self._last = tools
        self._points: list[tuple[list[dict[str, Any]], dict[str, Any]]] = []

    def pass_blocks(self, blocks: list[dict[str, Any]]) -> None:
        """Take the next blocks of the prompt in, in the list in which they go out."""
        if blocks:
            self._last = blocks

    def mark(self, point: CachePoint, blocks: list[dict[str, Any]], place: str, warnings: list[str]) -> None:
        """Set a point behind the last of these blocks, else behind what came before them; a second one replaces it."""
        target = blocks or self._last
        if not target:
            warnings.append(f"{place}: a cache point was left out: nothing stands before it")
            return
        block = {_NAME: {"type": "default"} if point.ttl == "5m" else {"type": "default", "ttl": "1h"}}
        if _NAME in target[-1]:
            target[-1] |= block
            return
        target.append(block)
        self._points.append((target, block))

    def finish(self, warnings: list[str]) -> None:
        """Hold to the vendor's limit."""
        surplus = self._points[:-MOST_POINTS]
        for blocks, block in surplus:
            del blocks[next(index for index, found in enumerate(blocks) if found is block)]
        if surplus:
            warnings.append(f"{len(surplus)} cache points were left out: the vendor takes {MOST_POINTS}, the last stay")

"""Where a prompt is to be cached: a `CachePoint` becomes `cache_control` on the block before it.

The vendor reads a prompt in the order tools, system, messages, and so does this: a cache point at the very beginning of
the system message (or of the first message, where there is no system) marks the last tool. Blocks of thinking cannot
be marked; the mark goes to the block before them.
"""

from __future__ import annotations

from typing import Any, Final

from core.llms.types.content import CachePoint

MOST_POINTS: Final = 4
_UNMARKED_KINDS: Final = frozenset({"thinking", "redacted_thinking"})


class CacheTrail:
    """Remembers the last block that can be marked, and the marks that were set."""

    __slots__ = ("_last", "_marked")

    def __init__(self, tools: list[dict[str, Any]]) -> None:
        self._last: dict[str, Any] | None = tools[-1] if tools else None
        self._marked: list[dict[str, Any]] = [tool for tool in tools if "cache_control" in tool]

    def pass_block(self, block: dict[str, Any]) -> None:
        """Take the next block of the prompt in."""
        if block.get("type") not in _UNMARKED_KINDS:
            self._last = block

    def mark(self, point: CachePoint, place: str, warnings: list[str]) -> None:
        """Mark the last block; a second point behind the same block replaces the first."""
        if self._last is None:
            warnings.append(f"{place}: a cache point was left out: nothing stands before it")
            return
        if "cache_control" not in self._last:
            self._marked.append(self._last)
        self._last["cache_control"] = {"type": "ephemeral"} if point.ttl == "5m" else {"type": "ephemeral", "ttl": "1h"}

    def finish(self, warnings: list[str]) -> None:
        """Hold to the vendor's limit of four: the last ones stay, since each covers all that is before it."""
        surplus = self._marked[:-MOST_POINTS]
        for block in surplus:
            del block["cache_control"]
        if surplus:
            warnings.append(f"{len(surplus)} cache points were left out: the vendor takes {MOST_POINTS}, the last stay")

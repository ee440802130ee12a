"""The output items of a stream while they arrive: what came of each, and what it makes when the stream is cut.

No bytes and no events of the wire are read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The kinds of pieces, as the wire names the content that they add to.
TEXT = "output_text"
REFUSAL = "refusal"
SUMMARY = "summary_text"
REASONING = "reasoning_text"
ARGUMENTS = "arguments"


class StreamItem:
    """One output item: as it was announced, the pieces that came since, and the whole once that arrived.

    A piece is its kind, its place among the item's contents, and its text.
    """

    __slots__ = ("announced", "call_index", "pieces", "whole")

    def __init__(self, announced: Mapping[str, Any]) -> None:
        self.announced: Mapping[str, Any] = announced
        self.pieces: list[tuple[str, int, str]] = []
        self.whole: Mapping[str, Any] | None = None
        self.call_index: int | None = None

    def joined(self, *kinds: str) -> str:
        """Return the pieces of these kinds in one string."""
        return "".join([text for kind, _, text in self.pieces if kind in kinds])

    def to_item(self) -> Mapping[str, Any] | None:
        """Return the item as far as it came; None for one that only its end would make readable."""
        if self.whole is not None:
            return self.whole
        match self.announced.get("type"):
            case "message":
                return {**self.announced, "content": self._contents(TEXT, REFUSAL)}
            case "reasoning":
                # What an announcement has of the encrypted reasoning may be incomplete, and would not be taken back.
                known = {name: value for name, value in self.announced.items() if name != "encrypted_content"}
                return {**known, "summary": self._contents(SUMMARY), "content": self._contents(REASONING)}
            case "function_call":
                return {**self.announced, "arguments": self.joined(ARGUMENTS)}
        return None

    def matches(self, item: Mapping[str, Any]) -> bool:
        """Whether a whole item is this one: it has the type and the ids that were announced."""
        return all(
            item.get(name) == self.announced[name] for name in ("type", "id", "call_id") if name in self.announced
        )

    def _contents(self, *kinds: str) -> list[dict[str, Any]]:
        contents: dict[tuple[int, str], list[str]] = {}
        for kind, place, text in self.pieces:
            if kind in kinds:
                contents.setdefault((place, kind), []).append(text)
        return [
            {"type": kind, REFUSAL if kind == REFUSAL else "text": "".join(contents[place, kind])}
            for place, kind in sorted(contents)
        ]

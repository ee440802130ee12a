"""Reasoning as a list of blocks (`reasoning_details`), as gateways to several vendors send it beside its text.

A block has a type (`reasoning.text`, `reasoning.summary`, `reasoning.encrypted`), what that type holds, and facts
(`id`, `format`, `index`, `signature`) that only the model's vendor understands: OpenRouter, "Reasoning Tokens", read
2026-11-21. The blocks must go back whole, unchanged and in order; here they are read and put together, no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.llms.wires.openai_chat.dialect import ChatDialect

DETAILS: Final = "reasoning_details"
_PIECES = ("text", "summary")
_PARAGRAPH = "\n\n"


def read_details(message: Mapping[str, Any], dialect: ChatDialect) -> list[Mapping[str, Any]]:
    """Return the blocks of a message or delta; none where the field is absent or of another shape."""
    details = message.get(dialect.reasoning_details_field or DETAILS)
    return [block for block in details if isinstance(block, Mapping)] if isinstance(details, list) else []


def join_details(details: Sequence[Mapping[str, Any]]) -> str:
    """Return the text that the blocks show, each a paragraph."""
    return _PARAGRAPH.join(filter(None, map(_read_text, details)))


def _read_text(block: Mapping[str, Any]) -> str:
    return "".join(text for name in _PIECES if isinstance(text := block.get(name), str))


class DetailsAssembler:
    """The blocks of one choice, put together from streamed fragments.

    A fragment belongs to the last block of its type and index; without index, to the block right before it, unless
    that one was signed, which ends it. One that contradicts what its block said already begins a block of its own.
    """

    __slots__ = ("_blocks", "_last_shown")

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._last_shown: _Block | None = None

    def take(self, fragments: Sequence[Mapping[str, Any]]) -> str:
        """Take a delta's fragments in, and return the text that they show."""
        shown = ""
        for fragment in fragments:
            block = self._find(fragment)
            if block is None or not block.takes(fragment):
                block = _Block()
                self._blocks.append(block)
            block.add(fragment)
            if text := _read_text(fragment):
                begins_paragraph = self._last_shown is not None and self._last_shown is not block
                shown += _PARAGRAPH + text if begins_paragraph else text
                self._last_shown = block
        return shown

    def assemble(self) -> list[Mapping[str, Any]]:
        """Return the blocks as far as they have come."""
        return [block.assemble() for block in self._blocks]

    def _find(self, fragment: Mapping[str, Any]) -> _Block | None:
        kind, index = fragment.get("type"), fragment.get("index")
        if index is None:
            last = self._blocks[-1] if self._blocks else None
            return last if last is not None and last.is_open(kind) else None
        for block in reversed(self._blocks):
            if block.facts.get("type") == kind and block.facts.get("index") == index:
                return block
        return None


class _Block:
    __slots__ = ("_pieces", "facts")

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self._pieces: dict[str, list[str]] = {}

    def is_open(self, kind: Any) -> bool:
        return self.facts.get("type") == kind and self.facts.get("index") is None and not self.facts.get("signature")

    def takes(self, fragment: Mapping[str, Any]) -> bool:
        return all(
            value is None or name in _PIECES or self.facts.get(name) in (None, value)
            for name, value in fragment.items()
        )

    def add(self, fragment: Mapping[str, Any]) -> None:
        for name, value in fragment.items():
            if name in _PIECES and isinstance(value, str):
                self._pieces.setdefault(name, []).append(value)
            if self.facts.get(name) is None:
                self.facts[name] = value

    def assemble(self) -> Mapping[str, Any]:
        return {**self.facts, **{name: "".join(pieces) for name, pieces in self._pieces.items()}}

"""The messages of a request laid out: each block with its path, messages of one role in a row as one turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

THINKING_TYPES = ("thinking", "redacted_thinking")


@dataclass(frozen=True, slots=True)
class Placed:
    """A block, the index of its message, and its path in the request."""

    block: dict[str, Any]
    message: int
    path: str

    @property
    def type(self) -> str:
        """The type of the block."""
        return str(self.block["type"])

    @property
    def typed_path(self) -> str:
        """The path with the type of the block, as the errors of its fields have it."""
        return f"{self.path}.{self.type}"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one role says before another speaks."""

    role: str
    blocks: tuple[Placed, ...]

    @property
    def message(self) -> int:
        """The index of its last message."""
        return self.blocks[-1].message if self.blocks else 0

    def of_type(self, *types: str) -> Iterator[Placed]:
        """Its blocks of some types."""
        return (placed for placed in self.blocks if placed.type in types)


def lay_out(messages: Sequence[dict[str, Any]]) -> tuple[Turn, ...]:
    """The turns of a conversation whose shape is checked."""
    turns: list[Turn] = []
    for index, message in enumerate(messages):
        blocks = tuple(_placed(message["content"], index))
        if turns and turns[-1].role == message["role"] != "system":
            turns[-1] = Turn(message["role"], (*turns[-1].blocks, *blocks))
        else:
            turns.append(Turn(message["role"], blocks))
    return tuple(turns)


def all_blocks(turns: Iterable[Turn]) -> Iterator[Placed]:
    """Every block of a conversation, in order."""
    return (placed for turn in turns for placed in turn.blocks)


def _placed(content: str | list[dict[str, Any]], message: int) -> Iterator[Placed]:
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    for position, block in enumerate(blocks):
        yield Placed(block, message, f"messages.{message}.content.{position}")

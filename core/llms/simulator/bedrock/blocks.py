"""The blocks of a conversation whose shape is checked, each with its kind and its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Placed:
    """A block: its kind, what is in it, the index of its message, and its path in the request."""

    kind: str
    content: Any
    message: int
    path: str


def lay_out(message: dict[str, Any], index: int) -> tuple[Placed, ...]:
    """The blocks of one message."""
    return tuple(_placed(block, index, f"messages.{index}.content.{at}") for at, block in enumerate(message["content"]))


def all_blocks(body: dict[str, Any]) -> Iterator[Placed]:
    """Every block of a conversation, what tools returned after the block that holds it."""
    for index, message in enumerate(body.get("messages", ())):
        for placed in lay_out(message, index):
            yield placed
            yield from returned(placed)


def returned(placed: Placed) -> Iterator[Placed]:
    """What is in the result of a tool."""
    if placed.kind == "toolResult":
        for at, block in enumerate(placed.content["content"]):
            yield _placed(block, placed.message, f"{placed.path}.toolResult.content.{at}")


def _placed(block: dict[str, Any], message: int, path: str) -> Placed:
    ((kind, content),) = block.items()
    return Placed(kind, content, message, path)

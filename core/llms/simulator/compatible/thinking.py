"""How thoughts are shown: in a field of the message, as blocks of its content, in details, or in the text itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.llms.simulator.generation import GeneratedText


class ThinkingStyle(Protocol):
    """Where a vendor shows what was thought, in a whole message and in the deltas of a stream."""

    def place(self, message: dict[str, Any], thought: GeneratedText) -> None:
        """Put a thought into a message whose `content` is a text, or None."""

    def deltas(self, thought: GeneratedText) -> Iterator[dict[str, Any]]:
        """The thought in pieces, each as a delta."""


@dataclass(frozen=True, slots=True)
class FieldThinking:
    """In a field beside the content; None shows nothing. `beside` is what else such a delta holds."""

    name: str | None
    beside: Sequence[tuple[str, Any]] = ()

    def place(self, message: dict[str, Any], thought: GeneratedText) -> None:
        """Set the field."""
        if self.name is not None:
            message[self.name] = thought.text

    def deltas(self, thought: GeneratedText) -> Iterator[dict[str, Any]]:
        """The field, piece by piece."""
        if self.name is not None:
            for piece in thought.pieces:
                yield {self.name: piece.text, **dict(self.beside)}


HIDDEN = FieldThinking(None)


@dataclass(frozen=True, slots=True)
class TextThinking:
    """In the text itself, between marks."""

    def place(self, message: dict[str, Any], thought: GeneratedText) -> None:
        """Set it before what is said."""
        message["content"] = f"<think>\n{thought.text}\n</think>\n\n{message.get('content') or ''}"

    def deltas(self, thought: GeneratedText) -> Iterator[dict[str, Any]]:
        """Text, piece by piece."""
        for text in ("<think>\n", *(piece.text for piece in thought.pieces), "\n</think>\n\n"):
            yield {"content": text}


@dataclass(frozen=True, slots=True)
class BlockThinking:
    """As a block `thinking` of the content, which is a list then; the last block of a stream is `closed`."""

    def place(self, message: dict[str, Any], thought: GeneratedText) -> None:
        """Make the content a list of what was thought and what is said."""
        said = [{"type": "text", "text": message["content"]}] if message.get("content") else []
        message["content"] = [_block(thought.text, closed=True), *said]

    def deltas(self, thought: GeneratedText) -> Iterator[dict[str, Any]]:
        """Blocks, piece by piece."""
        last = len(thought.pieces) - 1
        for index, piece in enumerate(thought.pieces):
            yield {"content": [_block(piece.text, closed=index == last)]}


def _block(text: str, *, closed: bool) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "thinking", "thinking": [{"type": "text", "text": text}]}
    return block | {"closed": True} if closed else block


@dataclass(frozen=True, slots=True)
class DetailedThinking:
    """In a field, and again as a list of details with their format."""

    name: str
    details: str
    format: str

    def place(self, message: dict[str, Any], thought: GeneratedText) -> None:
        """Set both fields."""
        message[self.name] = thought.text
        message[self.details] = [self._detail(thought.text)]

    def deltas(self, thought: GeneratedText) -> Iterator[dict[str, Any]]:
        """Both fields, piece by piece."""
        for piece in thought.pieces:
            yield {"content": "", self.name: piece.text, self.details: [self._detail(piece.text)]}

    def _detail(self, text: str) -> dict[str, Any]:
        return {"type": "reasoning.text", "text": text, "format": self.format, "index": 0}

"""The content blocks of a stream while they arrive: as each began, what its deltas add, and the part it makes.

No bytes and no events are read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json, to_json

from core.llms.errors import ProtocolError
from core.llms.types.content import Part
from core.llms.wires.anthropic_messages.parse import parse_block, parse_tool_call

_KNOWN = frozenset({"text", "thinking", "redacted_thinking", "tool_use"})
# The text that each kind of delta adds to, as the block names it.
_TEXT_DELTAS = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}


class StreamBlock:
    """One block. `kind` is its type, `call_index` counts the tool calls, `pieces` are texts by the field they add to.

    Raises `ProtocolError` for a beginning that no part could be made of.
    """

    __slots__ = ("begun", "call_index", "citations", "kind", "part", "pieces")

    def __init__(self, begun: Mapping[str, Any]) -> None:
        self.kind: Any = begun.get("type")
        self.begun: dict[str, Any] = {self.kind: "", **begun} if self.kind in ("text", "thinking") else dict(begun)
        self.call_index: int | None = None
        self.citations: list[Mapping[str, Any]] = []
        self.pieces: dict[str, list[str]] = {}
        self.part: Part | None = None
        self.to_part()

    def add(self, delta: Mapping[str, Any]) -> str:
        """Take a delta in; return the text, reasoning or arguments that it adds."""
        kind = delta.get("type")
        if kind == "citations_delta":
            self._add_citation(delta.get("citation"))
            return ""
        if kind == "input_json_delta":
            return self._add_piece("input", delta.get("partial_json"))
        if kind in _TEXT_DELTAS:
            name = _TEXT_DELTAS[kind]
            return self._add_piece(name, delta.get(name))
        if self.kind not in _KNOWN:
            self._lay_over(delta)
        return ""

    def _add_citation(self, citation: Any) -> None:
        if not isinstance(citation, Mapping):
            raise ProtocolError("a citation of the stream is not an object")
        self.citations.append(citation)

    def _add_piece(self, name: str, text: Any) -> str:
        if type(text) is not str:
            raise ProtocolError(f"a delta of a {self.kind!r} block has no text")
        if text:
            self.pieces.setdefault(name, []).append(text)
        return text

    def _lay_over(self, delta: Mapping[str, Any]) -> None:
        """Take a delta of no known kind in: its texts are added to the block's, everything else replaces."""
        for name, value in delta.items():
            if name != "type":
                earlier = self.begun.get(name)
                self.begun[name] = earlier + value if isinstance(earlier, str) and isinstance(value, str) else value

    @property
    def arguments_json(self) -> str:
        """The arguments of a call as received; some gateways give them with the block's beginning."""
        streamed = "".join(self.pieces.get("input", ()))
        begun = self.begun.get("input")
        return to_json(begun).decode() if not streamed and begun else streamed

    def to_block(self) -> dict[str, Any]:
        """Return the block as a whole answer would have it; arguments that are cut are left as the block began."""
        block = dict(self.begun)
        for name, texts in self.pieces.items():
            if name != "input":
                earlier = block.get(name)
                block[name] = (earlier if isinstance(earlier, str) else "") + "".join(texts)
        if self.citations:
            block["citations"] = [*(block.get("citations") or ()), *self.citations]
        if "input" in self.pieces:
            block["input"] = self._decode_input()
        return block

    def to_part(self) -> Part:
        """Return the part that the block makes, as far as it came; it is made once when the block is whole."""
        if self.part is not None:
            return self.part
        block = self.to_block()
        return parse_tool_call(block, self.arguments_json) if self.kind == "tool_use" else parse_block(block)

    def _decode_input(self) -> Any:
        try:
            return from_json("".join(self.pieces["input"]))
        except ValueError:
            return self.begun.get("input")

"""Putting a streamed answer together, candidate by candidate, into the body that it would have been in one piece."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import ProtocolError
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
)
from core.llms.wires.gemini.parts import is_plain, read_call, read_finish, read_raw_parts

_CONTENT: Final = frozenset({"content", "finishReason", "index"})


class StreamCandidate:
    """One candidate as far as it has come.

    Pieces of text are joined, and pieces of thoughts; a piece that carries more (a signature) stays a part of its own,
    since it must go back as it came.
    """

    __slots__ = ("_calls", "_is_thought", "_pieces", "fields", "finish_reason", "index", "parts")

    def __init__(self, index: int) -> None:
        self.index: int = index
        self.parts: list[Mapping[str, Any]] = []
        self.fields: dict[str, Any] = {}
        self.finish_reason: Any = None
        self._pieces: list[str] = []
        self._is_thought = False
        self._calls = 0

    def take(self, candidate: Mapping[str, Any], response_id: str | None, events: list[StreamEvent]) -> None:
        """Take in what a chunk says of this candidate. Raises `ProtocolError`."""
        for part in read_raw_parts(candidate):
            self._take_part(part, response_id, events)
        for name, value in candidate.items():
            if name not in _CONTENT and value is not None:
                self.fields[name] = _joined(self.fields.get(name), value)
        reason = candidate.get("finishReason")
        if reason is not None and reason != "FINISH_REASON_UNSPECIFIED":
            read_finish(reason, False)
            self.finish_reason = reason

    def take_text(self, text: str, is_thought: bool) -> None:
        """Take a piece of text or thought that carries nothing else."""
        if self._is_thought is not is_thought:
            self._join_pieces()
            self._is_thought = is_thought
        self._pieces.append(text)

    def assemble(self) -> dict[str, Any]:
        """Return the candidate as a whole answer would have it."""
        self._join_pieces()
        whole: dict[str, Any] = {"index": self.index, **self.fields}
        if self.parts:
            whole["content"] = {"role": "model", "parts": list(self.parts)}
        if self.finish_reason is not None:
            whole["finishReason"] = self.finish_reason
        return whole

    def _take_part(self, part: Mapping[str, Any], response_id: str | None, events: list[StreamEvent]) -> None:
        if "functionCall" in part:
            call = read_call(part, response_id, self.index, self._calls)
            events.append(ToolCallStarted(self._calls, call.id, call.name, self.index))
            events.append(ToolCallDelta(self._calls, call.arguments_json, self.index))
            events.append(ToolCallFinished(self._calls, call, self.index))
            self._calls += 1
        elif "text" in part:
            self._take_text_part(part, events)
            return
        self._join_pieces()
        if part:
            self.parts.append(part)

    def _take_text_part(self, part: Mapping[str, Any], events: list[StreamEvent]) -> None:
        text, is_thought = part["text"], bool(part.get("thought"))
        if not isinstance(text, str):
            raise ProtocolError("a part's `text` is not text")
        if text:
            events.append(ReasoningDelta(text, self.index) if is_thought else TextDelta(text, self.index))
        if not is_plain(part):
            self._join_pieces()
            self.parts.append(part)
        elif text:
            self.take_text(text, is_thought)

    def _join_pieces(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            self.parts.append({"text": text, "thought": True} if self._is_thought else {"text": text})
            self._pieces = []


def _joined(before: Any, now: Any) -> Any:
    """Join a field of several chunks: lists are put together, objects too, field by field; else the last one stands."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        return {**before, **{name: _joined(before.get(name), value) for name, value in now.items()}}
    if isinstance(before, list) and isinstance(now, list):
        return [*before, *now]
    return now

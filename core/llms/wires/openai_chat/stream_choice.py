"""One choice of a streamed answer while it arrives. Framing and JSON are the decoder's matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, ToolCall
from core.llms.types.events import ReasoningDelta, StreamEvent, TextDelta
from core.llms.types.response import Choice, FinishReason
from core.llms.wires.openai_chat.dialect import ChatDialect
from core.llms.wires.openai_chat.parse import find_reasoning, parse_choice, read_thinking
from core.llms.wires.openai_chat.reasoning_details import DETAILS, DetailsAssembler, read_details
from core.llms.wires.openai_chat.tool_fragments import ToolCallAssembler

_AUDIO_PIECES = ("data", "transcript")


class StreamChoice:
    """Collects a choice's deltas; `assemble` makes of them what a whole answer would have held."""

    __slots__ = (
        "annotations", "audio", "blocks", "calls", "content_filter", "details", "dialect", "finish_reason",
        "index", "logprobs", "reasoning", "refusals", "texts", "thinking",
    )  # fmt: skip

    def __init__(self, index: int, dialect: ChatDialect) -> None:
        self.index: int = index
        self.dialect: ChatDialect = dialect
        self.texts: list[str] = []
        self.reasoning: list[str] = []
        self.details: DetailsAssembler = DetailsAssembler()
        self.thinking: dict[str, Any] = {}
        self.refusals: list[str] = []
        self.blocks: list[Mapping[str, Any]] = []
        self.annotations: list[Any] = []
        self.audio: dict[str, Any] = {}
        self.calls: ToolCallAssembler = ToolCallAssembler(index, dialect)
        self.logprobs: dict[str, list[Any]] = {}
        self.content_filter: Mapping[str, Any] | None = None
        self.finish_reason: str | None = None

    def take_delta(self, delta: Mapping[str, Any], events: list[StreamEvent]) -> None:
        """Take a delta in. A refusal gives no event of its own: it is in the finished message."""
        reasoning = find_reasoning(delta, self.dialect)
        if details := read_details(delta, self.dialect):
            shown = self.details.take(details)
            reasoning = reasoning or shown
        if reasoning:
            self._take_reasoning(reasoning, events)
        content = delta.get("content")
        if content:
            self._take_content(content, events)
        if refusal := delta.get("refusal"):
            self.refusals.append(_require_text(refusal, "refusal"))
        if fragments := delta.get("tool_calls"):
            for fragment in fragments if isinstance(fragments, list) else [fragments]:
                self.calls.take(fragment, events)
        if annotations := delta.get("annotations"):
            self.annotations.extend(annotations if isinstance(annotations, list) else [annotations])
        if audio := delta.get("audio"):
            self._take_audio(audio)

    def take_logprobs(self, logprobs: Any) -> None:
        """Append a chunk's log probabilities."""
        if not isinstance(logprobs, Mapping):
            raise ProtocolError("a choice's `logprobs` is not an object")
        for name, values in logprobs.items():
            if isinstance(values, list):
                self.logprobs.setdefault(name, []).extend(values)

    def take_content_filter(self, content_filter: Any) -> None:
        """Keep the last verdict that says something."""
        if content_filter and isinstance(content_filter, dict):
            self.content_filter = content_filter

    def assemble(self, response_id: str | None, *, partial: bool) -> tuple[dict[str, Any], Choice]:
        """Return the choice in the form of a whole answer, raw and parsed.

        A choice that has no finish reason yet gets the reason `error` where the answer is partial.
        """
        calls = self.calls.parts(response_id)
        message = self._assemble_message()
        if calls:
            message["tool_calls"] = [_render_call(call) for call in calls]
        raw: dict[str, Any] = {"index": self.index, "message": message, "finish_reason": self.finish_reason}
        if self.logprobs:
            raw["logprobs"] = self.logprobs
        if self.content_filter:
            raw["content_filter_results"] = self.content_filter
        choice = parse_choice(raw, message, calls, self.dialect)
        if partial and self.finish_reason is None:
            choice = Choice(choice.message, FinishReason("error"), choice.logprobs, choice.content_filter)
        return raw, choice

    def _take_reasoning(self, text: str, events: list[StreamEvent]) -> None:
        self.reasoning.append(text)
        events.append(ReasoningDelta(text, self.index))

    def _take_content(self, content: Any, events: list[StreamEvent]) -> None:
        if isinstance(content, str):
            self.texts.append(content)
            events.append(TextDelta(content, self.index))
            return
        if not isinstance(content, list):
            raise ProtocolError(f"a delta's `content` is neither text nor blocks but {type(content).__name__}")
        for block in content:
            self._take_block(block, events)

    def _take_block(self, block: Any, events: list[StreamEvent]) -> None:
        kind = block.get("type") if isinstance(block, Mapping) else None
        if not isinstance(kind, str):
            raise ProtocolError("a content block has no `type`")
        if kind == "text":
            if text := block.get("text"):
                self._take_content(_require_text(text, "text"), events)
        elif kind == "thinking":
            self.thinking.update((name, value) for name, value in block.items() if value is not None)
            if text := read_thinking(block):
                self._take_reasoning(text, events)
        else:
            self.blocks.append(block)

    def _take_audio(self, audio: Any) -> None:
        if not isinstance(audio, Mapping):
            raise ProtocolError("a delta's `audio` is not an object")
        for name, value in audio.items():
            if name in _AUDIO_PIECES and value:
                self.audio[name] = self.audio.get(name, "") + _require_text(value, name)
            elif value is not None:
                self.audio[name] = value

    def _assemble_message(self) -> dict[str, Any]:
        text, reasoning = "".join(self.texts), "".join(self.reasoning)
        message: dict[str, Any] = {"role": "assistant", "content": text or None}
        if self.blocks or self.thinking:
            message["content"] = self._assemble_blocks(text, reasoning)
        elif reasoning:
            message[self.dialect.reasoning_fields[0] if self.dialect.reasoning_fields else "reasoning"] = reasoning
        if details := self.details.assemble():
            message[self.dialect.reasoning_details_field or DETAILS] = details
        if self.refusals:
            message["refusal"] = "".join(self.refusals)
        if self.annotations:
            message["annotations"] = self.annotations
        if self.audio:
            message["audio"] = self.audio
        return message

    def _assemble_blocks(self, text: str, reasoning: str) -> list[Mapping[str, Any]]:
        blocks: list[Mapping[str, Any]] = []
        if reasoning or self.thinking:
            texts = [{"type": "text", "text": reasoning}]
            blocks.append({"type": "thinking", **self.thinking, "thinking": texts})
        if text:
            blocks.append({"type": "text", "text": text})
        return [*blocks, *self.blocks]


def _render_call(call: ToolCall | OpaquePart) -> Mapping[str, Any]:
    if isinstance(call, OpaquePart):
        return call.data
    function = {"name": call.name, "arguments": call.arguments_json}
    return {**(call.extra or {}), "id": call.id, "type": "function", "function": function}


def _require_text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ProtocolError(f"a delta's `{name}` is not text but {type(value).__name__}")
    return value

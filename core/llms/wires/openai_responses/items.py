"""Messages written as the Responses API's input items, in their order and without loss.

System and developer messages become items with their role, not `instructions`: an item keeps its place among the
others, there may be several, and it stays part of the conversation that `previous_response_id` continues.

An answer's parts go back as the items they came from. Texts and refusals side by side whose `extra` holds the same
message item are that item again, a tool call takes its `extra` along, an opaque part is an item as it stands. A text
that came from elsewhere is written in the short form, role and content, unless `AssistantMessage.id` names its item.
Reading the items into parts lives in `output.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from core.llms.types.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.wires.openai_responses.media import render_input_content

CONTENT_TYPE_PREFIXES = ("input_", "output_")


def render_input(messages: Iterable[Message], origin: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Write messages as input items; beside them the warnings of what this wire could not carry.

    Raises:
        InvalidRequestError: a part cannot be expressed (sound, media that is still a path).
    """
    writer = _ItemWriter(origin)
    for index, message in enumerate(messages):
        writer.add(message, f"messages[{index}]")
    return writer.items, tuple(writer.warnings)


class _ItemWriter:
    """Collects the items of one conversation."""

    __slots__ = ("items", "origin", "place", "warnings")

    def __init__(self, origin: str) -> None:
        self.items: list[dict[str, Any]] = []
        self.origin = origin
        self.place = ""
        self.warnings: list[str] = []

    def add(self, message: Message, place: str) -> None:
        """Write one message; `place` is how warnings and errors call it."""
        self.place = place
        match message:
            case SystemMessage() | DeveloperMessage() | UserMessage():
                self._add_prompt(message)
            case AssistantMessage():
                self._add_answer(message)
            case ToolMessage():
                self._add_tool_result(message)
            case _:
                assert_never(message)
        if message.name is not None and not isinstance(message, ToolMessage):
            self.warnings.append(f"{place}: `name` was left out: the Responses API has no place for it")

    def _add_prompt(self, message: SystemMessage | DeveloperMessage | UserMessage) -> None:
        if isinstance(message.content, str):
            self.items.append({"role": message.role, "content": message.content})
            return
        content: list[Part] = []
        for part in message.content:
            if not isinstance(part, OpaquePart) or (is_content(part.data) and self._is_own(part)):
                content.append(part)
            elif self._is_own(part):
                self._flush_prompt(message.role, content)
                content = []
                self.items.append(dict(part.data))
        self._flush_prompt(message.role, content)

    def _flush_prompt(self, role: str, content: list[Part]) -> None:
        if len(content) == 1 and isinstance(content[0], TextPart):
            self.items.append({"role": role, "content": content[0].text})
        elif content:
            self.items.append({"role": role, "content": render_input_content(content, self.place)})

    def _add_tool_result(self, message: ToolMessage) -> None:
        """Write a result. The wire has no mark for a failure, so the text of one begins with `Error: `."""
        parts = message.parts
        if message.is_error:
            first = parts[0] if parts and isinstance(parts[0], TextPart) else None
            text = first.text if first else "" if parts else "the tool failed"
            parts = (TextPart(f"Error: {text}"), *(parts[1:] if first else parts))
        output: str | list[dict[str, Any]]
        if all(isinstance(part, TextPart) for part in parts):
            output = "".join(part.text for part in parts if isinstance(part, TextPart))
        else:
            output = render_input_content(parts, self.place)
        self.items.append({"type": "function_call_output", "call_id": message.tool_call_id, "output": output})

    def _add_answer(self, message: AssistantMessage) -> None:
        if isinstance(message.content, str) and not message.content:
            self.items.append({"role": "assistant", "content": ""})
            return
        answer = _AnswerWriter(self.items, self.origin, message.id)
        for part in message.parts:
            match part:
                case ReasoningPart():
                    self._add_reasoning(part, answer)
                case OpaquePart():
                    if self._is_own(part):
                        answer.add_opaque(part.data)
                case TextPart() | RefusalPart() | ToolCall():
                    answer.add(part)
                case _:
                    raise AssertionError(f"an assistant message holds no {type(part).__name__}")
        answer.flush()

    def _add_reasoning(self, part: ReasoningPart, answer: _AnswerWriter) -> None:
        if part.origin != self.origin:
            self._warn_left_out("reasoning", part.origin)
        elif part.raw is not None:
            answer.add_item(dict(part.raw))
        elif part.id is not None or part.signature is not None:
            answer.add_item(_render_reasoning(part))
        else:
            self.warnings.append(
                f"{self.place}: reasoning without `id` and `signature` was left out: it cannot go back"
            )

    def _is_own(self, part: OpaquePart) -> bool:
        if part.origin == self.origin:
            return True
        self._warn_left_out("a block", part.origin)
        return False

    def _warn_left_out(self, what: str, origin: str | None) -> None:
        source = origin or "unknown origin"
        self.warnings.append(f"{self.place}: {what} of {source} was left out: the {self.origin} wire cannot carry it")


class _AnswerWriter:
    """Writes one assistant message's parts; texts and refusals side by side, of the same item, become one again.

    `_facts` is what the message item that is being written says besides its content; None: nothing is known of it.
    """

    __slots__ = ("_content", "_facts", "_items", "_message_id", "_origin")

    def __init__(self, items: list[dict[str, Any]], origin: str, message_id: str | None) -> None:
        self._items = items
        self._origin = origin
        self._message_id = message_id
        self._content: list[dict[str, Any]] = []
        self._facts: Mapping[str, Any] | None = None

    def add(self, part: TextPart | RefusalPart | ToolCall) -> None:
        extra = part.extra if part.extra and part.origin == self._origin else None
        match part:
            case TextPart():
                own = part.annotations if part.origin in (None, self._origin) else ()
                annotations = [dict(annotation) for annotation in own]
                self._add_content([{"type": "output_text", "text": part.text, "annotations": annotations}], extra)
            case RefusalPart():
                self._add_content([{"type": "refusal", "refusal": part.text}], extra)
            case ToolCall():
                self.add_item({**(extra or {}), **_render_tool_call(part, self._origin)})
            case _:
                assert_never(part)

    def add_opaque(self, data: Mapping[str, Any]) -> None:
        content = data.get("content")
        if is_content(data):
            self._add_content([dict(data)], self._facts)
        elif data.get("type") == "message" and isinstance(content, list):
            self._add_content(content, {name: value for name, value in data.items() if name != "content"})
        else:
            self.add_item(dict(data))

    def add_item(self, item: dict[str, Any]) -> None:
        self.flush()
        self._items.append(item)

    def flush(self) -> None:
        content, facts = self._content, self._facts
        self._content, self._facts = [], None
        if facts is not None:
            self._items.append({"role": "assistant", **facts, "content": content})
        elif content:
            self._items.append(self._render_message(content))

    def _add_content(self, content: list[dict[str, Any]], facts: Mapping[str, Any] | None) -> None:
        if facts != self._facts:
            self.flush()
        self._facts = facts
        self._content.extend(content)

    def _render_message(self, content: list[dict[str, Any]]) -> dict[str, Any]:
        if self._message_id is not None:
            message_id, self._message_id = self._message_id, None
            return {
                "type": "message",
                "id": message_id,
                "role": "assistant",
                "status": "completed",
                "content": content,
            }
        first = content[0]
        if len(content) == 1 and first["type"] == "output_text" and not first.get("annotations"):
            return {"role": "assistant", "content": first["text"]}
        return {"role": "assistant", "content": content}


def is_content(data: Mapping[str, Any]) -> bool:
    """Whether an opaque block stands inside a message, and not beside it as an item."""
    return str(data.get("type")).startswith(CONTENT_TYPE_PREFIXES)


def _render_tool_call(call: ToolCall, origin: str) -> dict[str, Any]:
    item = {
        "type": "function_call",
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments_json or "{}",
    }
    if call.item_id is not None and call.origin in (None, origin):
        item["id"] = call.item_id
    return item


def _render_reasoning(part: ReasoningPart) -> dict[str, Any]:
    item: dict[str, Any] = {"type": "reasoning"}
    if part.id is not None:
        item["id"] = part.id
    item["summary"] = [{"type": "summary_text", "text": part.text}] if part.text else []
    if part.signature is not None:
        item["encrypted_content"] = part.signature
    return item

"""Writing messages as chat-completions dicts. What the wire has no place for is said in warnings, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from core.llms.types.content import (
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.wires.downgrades import drop_cache_points
from core.llms.wires.openai_chat.dialect import ORIGIN, ChatDialect
from core.llms.wires.openai_chat.reasoning_details import DETAILS
from core.llms.wires.openai_chat.render_parts import render_part

_ERROR_PREFIX = "Error: "
_PLAIN_ROLES: Mapping[type, str] = {SystemMessage: "system", UserMessage: "user"}


def render_messages(messages: Sequence[Message], dialect: ChatDialect, warnings: list[str]) -> list[dict[str, Any]]:
    """Write messages in order.

    A tool's result can hold text alone here: its images and files follow in a user message of their own, placed
    behind the last result of that turn, and a warning says so. A failed result begins with `Error: `.
    Reasoning and opaque blocks of other wires are left out with a warning. The reasoning of this wire goes back
    in each form that the dialect has for it (a text, details, blocks); where it has none, it is left out with a
    warning, too.
    """
    rendered: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    for index, message in enumerate(messages):
        if isinstance(message, ToolMessage):
            (message,) = drop_cache_points((message,), warnings)
            assert isinstance(message, ToolMessage)
            rendered.append(_render_tool_result(message, moved, f"messages[{index}]", warnings))
            continue
        if moved:
            _flush_moved(moved, rendered)
        if type(message.content) is str and type(message) in _PLAIN_ROLES and message.name is None:
            rendered.append({"role": _PLAIN_ROLES[type(message)], "content": message.content})
        else:
            rendered.append(_render_message(message, dialect, f"messages[{index}]", warnings))
    _flush_moved(moved, rendered)
    return rendered


def _flush_moved(moved: list[dict[str, Any]], rendered: list[dict[str, Any]]) -> None:
    if moved:
        rendered.append({"role": "user", "content": [*moved]})
        moved.clear()


def _render_message(
    message: SystemMessage | DeveloperMessage | UserMessage | AssistantMessage,
    dialect: ChatDialect,
    place: str,
    warnings: list[str],
) -> dict[str, Any]:
    match message:
        case AssistantMessage():
            rendered = _render_assistant(message, dialect, place, warnings)
        case DeveloperMessage():
            rendered = {"role": dialect.developer_role, "content": _render_content(message, dialect, place, warnings)}
        case SystemMessage() | UserMessage():
            rendered = {"role": message.role, "content": _render_content(message, dialect, place, warnings)}
        case _:
            assert_never(message)
    if message.name is not None:
        rendered["name"] = message.name
    return rendered


def _render_content(
    message: SystemMessage | DeveloperMessage | UserMessage, dialect: ChatDialect, place: str, warnings: list[str]
) -> str | list[dict[str, Any]]:
    if isinstance(message.content, str):
        return message.content
    blocks: list[dict[str, Any]] = []
    for part in message.content:
        if isinstance(part, CachePoint):
            _mark_cached(blocks, part, place, warnings)
        elif isinstance(part, OpaquePart) and not dialect.owns(part.origin):
            warnings.append(_left_out(place, "a block", part.origin))
        else:
            blocks.append(render_part(part, place))
    return blocks


def _mark_cached(blocks: list[dict[str, Any]], point: CachePoint, place: str, warnings: list[str]) -> None:
    if not blocks:
        warnings.append(f"{place}: a cache point was left out: there is no block before it to mark")
        return
    mark = {"type": "ephemeral"}
    blocks[-1]["cache_control"] = mark if point.ttl == "5m" else {**mark, "ttl": point.ttl}


def _left_out(place: str, what: str, origin: str | None) -> str:
    return f"{place}: {what} of {origin or 'unknown origin'} was left out: the {ORIGIN} wire cannot carry it"


def _render_assistant(
    message: AssistantMessage, dialect: ChatDialect, place: str, warnings: list[str]
) -> dict[str, Any]:
    if isinstance(message.content, str):
        rendered: dict[str, Any] = {"role": "assistant", "content": message.content}
    else:
        rendered = _AssistantWriter(dialect, place, warnings).write(message)
    if dialect.render_assistant is not None:
        dialect.render_assistant(rendered, message)
    return rendered


class _AssistantWriter:
    """Sorts an assistant message's parts into the fields that the wire has for them."""

    def __init__(self, dialect: ChatDialect, place: str, warnings: list[str]) -> None:
        self.dialect = dialect
        self.place = place
        self.warnings = warnings
        self.blocks: list[dict[str, Any]] = []
        self.refusals: list[str] = []
        self.reasoning: list[str] = []
        self.details: list[Any] = []
        self.tool_calls: list[dict[str, Any]] = []
        self.audio: dict[str, Any] | None = None

    def write(self, message: AssistantMessage) -> dict[str, Any]:
        for part in message.parts:
            match part:
                case ToolCall():
                    self._take_call(part)
                case ReasoningPart():
                    self._take_reasoning(part)
                case RefusalPart():
                    self.refusals.append(part.text)
                case OpaquePart():
                    self._take_opaque(part)
                case CachePoint():
                    _mark_cached(self.blocks, part, self.place, self.warnings)
                case _:
                    self.blocks.append(render_part(part, self.place))
        return self._assemble()

    def _take_call(self, call: ToolCall) -> None:
        function = {"name": call.name, "arguments": call.arguments_json or "{}"}
        extra = call.extra if call.extra and self.dialect.owns(call.origin) else {}
        self.tool_calls.append({**extra, "id": call.id, "type": "function", "function": function})

    def _take_reasoning(self, part: ReasoningPart) -> None:
        if not self.dialect.owns(part.origin):
            self.warnings.append(_left_out(self.place, "reasoning", part.origin))
            return
        raw = part.raw or {}
        if not self.dialect.takes_reasoning:
            self.warnings.append(f"{self.place}: reasoning was left out: the provider takes none back")
            return
        self.details.extend(raw.get(DETAILS) or ())
        if part.text:
            self.reasoning.append(part.text)
        if self.dialect.thinking_blocks and raw.get("type") == "thinking":
            self.blocks.append(dict(raw))
        elif self.dialect.thinking_blocks and part.text:
            self.blocks.append({"type": "thinking", "thinking": [{"type": "text", "text": part.text}]})

    def _take_opaque(self, part: OpaquePart) -> None:
        if not self.dialect.owns(part.origin):
            self.warnings.append(_left_out(self.place, "a block", part.origin))
        elif part.data.get("type") == "custom":
            self.tool_calls.append(dict(part.data))
        elif part.data.get("type") == "audio":
            self.audio = part.data["audio"]
        else:
            self.blocks.append(dict(part.data))

    def _assemble(self) -> dict[str, Any]:
        rendered: dict[str, Any] = {"role": "assistant", "content": self._assemble_content()}
        if self.audio is not None:
            rendered["audio"] = {"id": self.audio["id"]}
        if self.refusals:
            rendered["refusal"] = "".join(self.refusals)
        if self.reasoning and self.dialect.reasoning_echo_field is not None:
            rendered[self.dialect.reasoning_echo_field] = "".join(self.reasoning)
        if self.details and self.dialect.reasoning_details_field is not None:
            rendered[self.dialect.reasoning_details_field] = self.details
        if self.tool_calls:
            rendered["tool_calls"] = self.tool_calls
        return rendered

    def _assemble_content(self) -> str | list[dict[str, Any]] | None:
        """One text is a plain string, several are blocks; a spoken answer's transcript is not said twice."""
        blocks = self.blocks
        if len(blocks) == 1 and blocks[0]["type"] == "text" and "cache_control" not in blocks[0]:
            text: str = blocks[0]["text"]
            return None if self.audio is not None and self.audio.get("transcript") == text else text
        if blocks:
            return blocks
        return None if self.tool_calls or self.refusals or self.audio is not None else ""


def _render_tool_result(
    message: ToolMessage, moved: list[dict[str, Any]], place: str, warnings: list[str]
) -> dict[str, Any]:
    media = [part for part in message.parts if isinstance(part, ImagePart | FilePart)]
    if media:
        kinds = " and ".join(sorted({"images" if isinstance(part, ImagePart) else "files" for part in media}))
        moved.append({"type": "text", "text": f"The {kinds} that tool call {message.tool_call_id} returned:"})
        moved.extend(render_part(part, place) for part in media)
        warnings.append(
            f"{place}: the {kinds} of a tool result went into a user message behind it: "
            f"the {ORIGIN} wire takes text alone there"
        )
    return {"role": "tool", "tool_call_id": message.tool_call_id, "content": _render_result_text(message)}


def _render_result_text(message: ToolMessage) -> str | list[dict[str, Any]]:
    texts = [part.text for part in message.parts if isinstance(part, TextPart)]
    if not texts and message.parts:
        texts = ["The result follows in the next user message."]
    if message.is_error:
        texts = [_ERROR_PREFIX + (texts[0] if texts else "the tool failed"), *texts[1:]]
    if len(texts) > 1:
        return [{"type": "text", "text": text} for text in texts]
    return texts[0] if texts else ""

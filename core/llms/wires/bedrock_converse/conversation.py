"""Writing a conversation: what stands above it as `system`, the rest as messages of user and assistant in turns.

- System and developer messages become `system`; one that stands later moves there with a warning.
- Messages of the same role that follow each other become one, results of tools among them: the vendor wants turns.
- Text that is empty is left out, and so is text that is only white space where a message has no other text, since the
  vendor refuses both. A tool's result in which nothing is left says `(no output)`, with a warning; an answer in which
  nothing is left is left out with a warning; a question is an error.
- Reasoning goes back as it came, in order; that of other wires is left out with a warning, as are their blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, assert_never

from core.llms.errors import InvalidRequestError
from core.llms.types.content import (
    CachePoint,
    ImagePart,
    OpaquePart,
    Part,
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
from core.llms.wires.bedrock_converse.cache_points import CacheTrail
from core.llms.wires.bedrock_converse.dialect import ORIGIN, ConverseDialect
from core.llms.wires.bedrock_converse.media import DocumentNames, render_part

NO_OUTPUT: Final = "(no output)"
# botocore 1.44, ToolUseId: 1 to 64 of these.
_FOREIGN_ID: Final = re.compile(r"[^a-zA-Z0-9_.:-]")
_MOST_ID_CHARACTERS: Final = 64


def render_conversation(
    messages: Sequence[Message], tools: list[dict[str, Any]], dialect: ConverseDialect, warnings: list[str]
) -> dict[str, Any]:
    """Write `messages` and `system` (where there is any); cache points go behind their blocks, the tools among them.

    Raises:
        InvalidRequestError: a message is empty, there is none but system messages, or a part cannot be expressed.
    """
    writer = _ConversationWriter(tools, dialect, warnings)
    for index, message in enumerate(messages):
        writer.add(f"messages[{index}]", message)
    return writer.finish()


class _ConversationWriter:
    def __init__(self, tools: list[dict[str, Any]], dialect: ConverseDialect, warnings: list[str]) -> None:
        self._dialect = dialect
        self._warnings = warnings
        self._trail = CacheTrail(tools)
        self._names = DocumentNames()
        self._place = ""
        self._system: list[dict[str, Any]] = []
        self._messages: list[dict[str, Any]] = []

    def add(self, place: str, message: Message) -> None:
        self._place = place
        match message:
            case SystemMessage() | DeveloperMessage():
                self._add_system(message)
            case UserMessage():
                if not self._append("user", message.parts):
                    raise InvalidRequestError(f"{place} is empty, which the vendor refuses: fill it, or leave it out")
            case AssistantMessage():
                if not self._append("assistant", message.parts):
                    self._warnings.append(f"{place}: the answer was left out: there is nothing in it that can go back")
            case ToolMessage():
                self._add_result(message)
            case _:
                assert_never(message)
        if message.name is not None and not isinstance(message, ToolMessage):
            self._warnings.append(f"{place}: `name` was left out: this API has no place for it")

    def finish(self) -> dict[str, Any]:
        if not self._messages:
            raise InvalidRequestError("`messages` needs at least one message beside the system's: give a user message")
        self._trail.finish(self._warnings)
        return {"messages": self._messages, **({"system": self._system} if self._system else {})}

    def _add_system(self, message: SystemMessage | DeveloperMessage) -> None:
        if self._messages:
            self._warnings.append(f"{self._place}: the system message moved to the top: it cannot stand here")
        self._write(message.parts, self._system)

    def _append(self, role: str, parts: Sequence[Part]) -> bool:
        joins = bool(self._messages) and self._messages[-1]["role"] == role
        content: list[dict[str, Any]] = self._messages[-1]["content"] if joins else []
        before = len(content)
        self._write(parts, content)
        if content and not joins:
            self._messages.append({"role": role, "content": content})
        return len(content) > before

    def _add_result(self, message: ToolMessage) -> None:
        points = [part for part in message.parts if isinstance(part, CachePoint)]
        shown = [part for part in _without_blank(message.parts) if not isinstance(part, CachePoint)]
        content = [render_part(part, self._place, self._names) for part in shown]
        if not content:
            content = [{"text": NO_OUTPUT}]
            self._warnings.append(f"{self._place}: the tool's empty result went out as {NO_OUTPUT!r}")
        result: dict[str, Any] = {"toolUseId": render_call_id(message.tool_call_id), "content": content}
        if message.is_error:
            result["status"] = "error"
        self._append("user", (OpaquePart(ORIGIN, {"toolResult": result}), *points))

    def _write(self, parts: Sequence[Part], blocks: list[dict[str, Any]]) -> None:
        for part in _without_blank(parts):
            if isinstance(part, CachePoint):
                self._trail.mark(part, blocks, self._place, self._warnings)
            elif (block := self._render(part)) is not None:
                blocks.append(block)
        self._trail.pass_blocks(blocks)

    def _render(self, part: Part) -> dict[str, Any] | None:
        match part:
            case TextPart() if _is_cited(part):
                return _render_cited(part)
            case ToolCall():
                return self._render_call(part)
            case ReasoningPart():
                return self._render_reasoning(part)
            case RefusalPart():
                return {"text": part.text} if part.text.strip() else None
            case OpaquePart() if part.origin != ORIGIN:
                self._warn_left_out("a block", part.origin)
                return None
            case ImagePart() if part.detail not in (None, "auto"):
                self._warnings.append(f"{self._place}: `detail` was left out: this API chooses the resolution itself")
        return render_part(part, self._place, self._names)

    def _render_call(self, call: ToolCall) -> dict[str, Any]:
        """Write a call. Arguments that are no JSON object go as the text they are, under `INVALID_JSON`."""
        arguments = dict(call.arguments)
        if call.arguments_error is not None:
            arguments = {"INVALID_JSON": call.arguments_json}
            self._warnings.append(
                f"{self._place}: the arguments of {call.name!r} went out as text, since they are no JSON object"
            )
        return {"toolUse": {"toolUseId": render_call_id(call.id), "name": call.name, "input": arguments}}

    def _render_reasoning(self, part: ReasoningPart) -> dict[str, Any] | None:
        if part.origin != ORIGIN:
            self._warn_left_out("reasoning", part.origin)
            return None
        if part.redacted is not None:
            return {"reasoningContent": {"redactedContent": part.redacted}}
        if part.signature is None and not self._dialect.unsigned_reasoning:
            self._warnings.append(f"{self._place}: reasoning without `signature` was left out: it cannot go back")
            return None
        thought = {"text": part.text} if part.signature is None else {"text": part.text, "signature": part.signature}
        return {"reasoningContent": {"reasoningText": thought}}

    def _warn_left_out(self, what: str, origin: str | None) -> None:
        source = origin or "unknown origin"
        self._warnings.append(f"{self._place}: {what} of {source} was left out: the {ORIGIN} wire cannot carry it")


def render_call_id(call_id: str) -> str:
    """Return a call's id in the letters and the length that the vendor takes; another vendor's may differ."""
    return _FOREIGN_ID.sub("_", call_id)[:_MOST_ID_CHARACTERS]


def _render_cited(part: TextPart) -> dict[str, Any]:
    pieces = (part.extra or {}).get("content")
    content = {} if pieces is None else {"content": [dict(piece) for piece in pieces]}
    return {"citationsContent": {**content, "citations": [dict(citation) for citation in part.annotations]}}


def _without_blank(parts: Sequence[Part]) -> list[Part]:
    texts = [part.text for part in parts if isinstance(part, TextPart)]
    blank = not any(text.strip() for text in texts)
    return [part for part in parts if not isinstance(part, TextPart) or _is_cited(part) or (part.text and not blank)]


def _is_cited(part: TextPart) -> bool:
    return part.origin == ORIGIN and part.extra is not None

"""Writing a conversation: what stands above it as `system`, the rest as messages of user and assistant.

- System and developer messages at the beginning become `system`. One that stands later stays in its place, as a message
  of the role `system`, where the model takes that: behind what the user or a tool said, before an answer or at the end
  (the vendor's page on mid-conversation system messages, read at second hand 2026-11-21). Elsewhere it moves to the end
  of `system`, with a warning.
- Results of tools that follow each other become one user message. Other messages of the same role stay apart: the
  vendor joins them itself (anthropic 2.11, MessageCreateParams.messages).
- Text that is empty is left out, and so is text that is only white space where a message has no other text, since the
  vendor refuses both. An answer in which nothing is left is left out with a warning, a question is an error.
- Reasoning goes back as it came, in order; that of other wires is left out with a warning, as are their blocks.
"""

from __future__ import annotations

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
from core.llms.wires.anthropic_messages.cache_points import CacheTrail
from core.llms.wires.anthropic_messages.dialect import ORIGIN, MessagesDialect
from core.llms.wires.anthropic_messages.render_parts import (
    render_answer_text,
    render_call_id,
    render_part,
    render_tool_call,
)

_PLAIN_ROLES: Final = {SystemMessage: "system", UserMessage: "user", AssistantMessage: "assistant"}


def render_conversation(
    messages: Sequence[Message], tools: list[dict[str, Any]], dialect: MessagesDialect, warnings: list[str]
) -> dict[str, Any]:
    """Write `system` (where there is any) and `messages`; cache points mark the blocks, the tools among them.

    Raises:
        InvalidRequestError: a message is empty, there is none but system messages, or a part cannot be expressed.
    """
    plain = _render_plainly(messages)
    if plain is not None:
        return plain
    writer = _ConversationWriter(messages, tools, dialect, warnings)
    for index in range(len(messages)):
        writer.add(index)
    return writer.finish()


def _render_plainly(messages: Sequence[Message]) -> dict[str, Any] | None:
    """Write a conversation of texts alone, which most are; None where any message needs a closer look."""
    instructions: str | None = None
    rendered: list[dict[str, Any]] = []
    for message in messages:
        text, role = message.content, _PLAIN_ROLES.get(type(message))
        if type(text) is not str or role is None or message.name is not None or text.isspace() or not text:
            return None
        if role != "system":
            rendered.append({"role": role, "content": text})
        elif instructions is None and not rendered:
            instructions = text
        else:
            return None
    if not rendered:
        return None
    return {"messages": rendered} if instructions is None else {"messages": rendered, "system": instructions}


class _ConversationWriter:
    def __init__(
        self, messages: Sequence[Message], tools: list[dict[str, Any]], dialect: MessagesDialect, warnings: list[str]
    ) -> None:
        self._source = messages
        self._dialect = dialect
        self._warnings = warnings
        self._trail = CacheTrail(tools)
        self._place = ""
        self._system: list[dict[str, Any]] = []
        self._messages: list[dict[str, Any]] = []
        # Contents given as plain text, which may go out as such if no cache point marks them.
        self._plain: list[dict[str, Any]] = []

    def add(self, index: int) -> None:
        message = self._source[index]
        self._place = f"messages[{index}]"
        match message:
            case SystemMessage() | DeveloperMessage():
                self._add_system(message, index)
            case UserMessage():
                self._add_user(message)
            case AssistantMessage():
                self._add_answer(message)
            case ToolMessage():
                self._add_result(message, index)
            case _:
                assert_never(message)
        if message.name is not None and not isinstance(message, ToolMessage):
            self._warnings.append(f"{self._place}: `name` was left out: this API has no place for it")

    def finish(self) -> dict[str, Any]:
        if not self._messages:
            raise InvalidRequestError("`messages` needs at least one message beside the system's: give a user message")
        self._trail.finish(self._warnings)
        for message in self._plain:
            if len(message["content"]) == 1 and len(message["content"][0]) == 2:
                message["content"] = message["content"][0]["text"]
        rendered: dict[str, Any] = {"messages": self._messages}
        if len(self._system) == 1 and len(self._system[0]) == 2:
            rendered["system"] = self._system[0]["text"]
        elif self._system:
            rendered["system"] = self._system
        return rendered

    def _add_system(self, message: SystemMessage | DeveloperMessage, index: int) -> None:
        if not self._messages:
            self._write(message.parts, self._system)
        elif not self._stays(index):
            self._warnings.append(f"{self._place}: the system message moved to the top: it cannot stand here")
            self._write(message.parts, self._system)
        elif self._messages[-1]["role"] == "system":
            self._write(message.parts, self._messages[-1]["content"])
        else:
            self._append("system", message)

    def _stays(self, index: int) -> bool:
        if not self._dialect.system_in_messages or self._messages[-1]["role"] == "assistant":
            return False
        rest = self._source[index:]
        following = (message for message in rest if not isinstance(message, SystemMessage | DeveloperMessage))
        return isinstance(next(following, None), AssistantMessage | None)

    def _add_user(self, message: UserMessage) -> None:
        if not self._append("user", message):
            raise InvalidRequestError(f"{self._place} is empty, which the vendor refuses: fill it, or leave it out")

    def _add_answer(self, message: AssistantMessage) -> None:
        if not self._append("assistant", message):
            self._warnings.append(f"{self._place}: the answer was left out: there is nothing in it that can go back")

    def _append(self, role: str, message: Message) -> bool:
        content: list[dict[str, Any]] = []
        self._write(message.parts, content)
        if content:
            rendered = {"role": role, "content": content}
            self._messages.append(rendered)
            if isinstance(message.content, str):
                self._plain.append(rendered)
        return bool(content)

    def _add_result(self, message: ToolMessage, index: int) -> None:
        points = [part for part in message.parts if isinstance(part, CachePoint)]
        shown = [part for part in _without_blank(message.parts) if not isinstance(part, CachePoint)]
        content = [render_part(part, self._place, self._dialect) for part in shown]
        block: dict[str, Any] = {"type": "tool_result", "tool_use_id": render_call_id(message.tool_call_id)}
        if isinstance(message.content, str) and content:
            block["content"] = message.content
        elif content:
            block["content"] = content
        if message.is_error:
            block |= {"content": block.get("content", "the tool failed"), "is_error": True}
        if index and isinstance(self._source[index - 1], ToolMessage):
            self._messages[-1]["content"].append(block)
        else:
            self._messages.append({"role": "user", "content": [block]})
        self._trail.pass_block(block)
        for point in points:
            self._trail.mark(point, self._place, self._warnings)

    def _write(self, parts: Sequence[Part], blocks: list[dict[str, Any]]) -> None:
        for part in _without_blank(parts):
            if isinstance(part, CachePoint):
                self._trail.mark(part, self._place, self._warnings)
            elif (block := self._render(part)) is not None:
                blocks.append(block)
                self._trail.pass_block(block)

    def _render(self, part: Part) -> dict[str, Any] | None:
        match part:
            case TextPart():
                return render_answer_text(part)
            case ToolCall():
                return render_tool_call(part, self._place, self._warnings)
            case ReasoningPart():
                return self._render_reasoning(part)
            case RefusalPart():
                # The vendor explains a refusal beside the message: what it says is not the model's own text.
                return None if part.origin == ORIGIN or not part.text.strip() else {"type": "text", "text": part.text}
            case OpaquePart() if part.origin != ORIGIN:
                self._warn_left_out("a block", part.origin)
                return None
            case ImagePart() if part.detail not in (None, "auto"):
                self._warnings.append(f"{self._place}: `detail` was left out: this API chooses the resolution itself")
        return render_part(part, self._place, self._dialect)

    def _render_reasoning(self, part: ReasoningPart) -> dict[str, Any] | None:
        if part.origin != ORIGIN:
            self._warn_left_out("reasoning", part.origin)
            return None
        if part.raw is not None and (part.redacted is not None or part.signature is not None):
            return dict(part.raw)
        if part.redacted is not None:
            return {"type": "redacted_thinking", "data": part.redacted}
        if part.signature is not None:
            return {"type": "thinking", "thinking": part.text, "signature": part.signature}
        self._warnings.append(f"{self._place}: reasoning without `signature` was left out: it cannot go back")
        return None

    def _warn_left_out(self, what: str, origin: str | None) -> None:
        source = origin or "unknown origin"
        self._warnings.append(f"{self._place}: {what} of {source} was left out: the {ORIGIN} wire cannot carry it")


def _without_blank(parts: Sequence[Part]) -> list[Part]:
    texts = [part.text for part in parts if isinstance(part, TextPart)]
    blank = not any(text.strip() for text in texts)
    return [part for part in parts if not isinstance(part, TextPart) or (part.text and not blank)]

"""Typed messages. `content` is a string or a tuple of parts; a list is made a tuple."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from core.llms.types.content import (
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    Part,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.quick_init import quick_init


@dataclass(frozen=True, slots=True)
class _Message:
    content: str | Sequence[Part]
    role: ClassVar[str]
    allowed: ClassVar[tuple[type, ...]]

    def __post_init__(self) -> None:
        if type(self.content) is str:
            return
        if isinstance(self.content, self.allowed):
            object.__setattr__(self, "content", (self.content,))
        elif not isinstance(self.content, tuple):
            object.__setattr__(self, "content", tuple(self.content))
        for part in self.content:
            if not isinstance(part, self.allowed):
                names = ", ".join(kind.__name__ for kind in self.allowed)
                raise ValueError(
                    f"a {self.role} message cannot hold {type(part).__name__}; it takes a string or: {names}"
                )

    @property
    def parts(self) -> tuple[Part, ...]:
        """The content as parts; a string is one `TextPart`, an empty string none."""
        if isinstance(self.content, str):
            return (TextPart(self.content),) if self.content else ()
        return tuple(self.content)

    @property
    def text(self) -> str:
        """All text of the message in one string."""
        if isinstance(self.content, str):
            return self.content
        return "".join(part.text for part in self.content if isinstance(part, TextPart))

    def to_dict(self) -> dict[str, Any]:
        """Write the message as a JSON-able dict that `parse_message` reads back without loss."""
        from core.llms.types.message_dicts import render_message

        return render_message(self)  # type: ignore[arg-type]  # each subclass is a Message


@quick_init
@dataclass(frozen=True, slots=True)
class SystemMessage(_Message):
    """Instructions that stand above the conversation."""

    name: str | None = None
    role: ClassVar[str] = "system"
    allowed: ClassVar[tuple[type, ...]] = (TextPart, CachePoint)


@quick_init
@dataclass(frozen=True, slots=True)
class DeveloperMessage(_Message):
    """OpenAI's newer name for a system message; other vendors get it as one."""

    name: str | None = None
    role: ClassVar[str] = "developer"
    allowed: ClassVar[tuple[type, ...]] = (TextPart, CachePoint)


@quick_init
@dataclass(frozen=True, slots=True)
class UserMessage(_Message):
    """What the user says and shows."""

    name: str | None = None
    role: ClassVar[str] = "user"
    allowed: ClassVar[tuple[type, ...]] = (TextPart, ImagePart, FilePart, AudioPart, OpaquePart, CachePoint)


@quick_init
@dataclass(frozen=True, slots=True)
class AssistantMessage(_Message):
    """What the model answered: text, reasoning, tool calls and vendor's blocks, in order.

    `id` is the vendor's id of the message, where it has one and wants it back.
    """

    name: str | None = None
    id: str | None = None
    role: ClassVar[str] = "assistant"
    allowed: ClassVar[tuple[type, ...]] = (TextPart, ReasoningPart, RefusalPart, OpaquePart, CachePoint, ToolCall)

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tool calls in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, ToolCall))

    @property
    def reasoning(self) -> str | None:
        """The visible reasoning in one string, or None."""
        return "\n\n".join(p.text for p in self.parts if isinstance(p, ReasoningPart) and p.text) or None

    @property
    def refusal(self) -> str | None:
        """The refusal's text, or None."""
        return "".join(part.text for part in self.parts if isinstance(part, RefusalPart)) or None


@quick_init
@dataclass(frozen=True, slots=True)
class ToolMessage(_Message):
    """The result of one tool call. `is_error` marks a failure that the model should know of."""

    tool_call_id: str = ""
    name: str | None = None
    is_error: bool = False
    role: ClassVar[str] = "tool"
    allowed: ClassVar[tuple[type, ...]] = (TextPart, ImagePart, FilePart, CachePoint)

    def __post_init__(self) -> None:
        _Message.__post_init__(self)
        if not self.tool_call_id:
            raise ValueError("a tool message needs `tool_call_id`, the id of the call that it answers")


Message: TypeAlias = SystemMessage | DeveloperMessage | UserMessage | AssistantMessage | ToolMessage


def hold_text_alone(messages: Sequence[Message]) -> bool:
    """Whether the content of every message is a string: then there is no part to load, to check or to leave out."""
    for message in messages:  # noqa: SIM110 - `all` costs a generator on the hot path
        if type(message.content) is not str:
            return False
    return True

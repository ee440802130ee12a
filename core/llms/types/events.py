"""The events of a streamed answer: noun and verb, frozen, in the order they happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from core.llms.types.content import ToolCall
from core.llms.types.quick_init import quick_init
from core.llms.types.response import LLMResponse
from core.llms.types.usage import Usage


@quick_init
@dataclass(frozen=True, slots=True)
class StreamStarted:
    """The vendor began to answer. `id` and `model` are its own names for the response and the model."""

    id: str | None = None
    model: str | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text. `choice` counts from 0 where `n` > 1."""

    text: str
    choice: int = 0


@quick_init
@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the visible reasoning."""

    text: str
    choice: int = 0


@quick_init
@dataclass(frozen=True, slots=True)
class ToolCallStarted:
    """The model begins a tool call. `index` counts the calls of one choice."""

    index: int
    id: str
    name: str
    choice: int = 0


@quick_init
@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a tool call's arguments, as JSON text."""

    index: int
    arguments_json: str
    choice: int = 0


@quick_init
@dataclass(frozen=True, slots=True)
class ToolCallFinished:
    """A tool call is whole."""

    index: int
    tool_call: ToolCall
    choice: int = 0


@quick_init
@dataclass(frozen=True, slots=True)
class UsageUpdated:
    """The vendor said what was consumed so far; the last one stands."""

    usage: Usage


@quick_init
@dataclass(frozen=True, slots=True)
class StreamFinished:
    """The answer is whole: the same `LLMResponse` that `get_answer` would have returned."""

    response: LLMResponse


StreamEvent: TypeAlias = (
    StreamStarted
    | TextDelta
    | ReasoningDelta
    | ToolCallStarted
    | ToolCallDelta
    | ToolCallFinished
    | UsageUpdated
    | StreamFinished
)

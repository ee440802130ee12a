"""A whole answer told again as events, for where a stream was asked for and an answer came at once."""

from __future__ import annotations

from core.llms.types.content import ReasoningPart, TextPart, ToolCall
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
    UsageUpdated,
)
from core.llms.types.response import Choice, LLMResponse


def replay_events(response: LLMResponse) -> list[StreamEvent]:
    """Return the events that would have built up this response, one delta a part."""
    events: list[StreamEvent] = [StreamStarted(response.id, response.model)]
    for index, choice in enumerate(response.choices):
        events.extend(_choice_events(choice, index))
    return [*events, UsageUpdated(response.usage), StreamFinished(response)]


def _choice_events(choice: Choice, index: int) -> list[StreamEvent]:
    events: list[StreamEvent] = []
    calls = 0
    for part in choice.message.parts:
        match part:
            case TextPart() if part.text:
                events.append(TextDelta(part.text, index))
            case ReasoningPart() if part.text:
                events.append(ReasoningDelta(part.text, index))
            case ToolCall():
                events.append(ToolCallStarted(calls, part.id, part.name, index))
                events.append(ToolCallDelta(calls, part.arguments_json, index))
                events.append(ToolCallFinished(calls, part, index))
                calls += 1
    return events

"""The OpenAI Responses wire: `POST /responses`, its stream, and the count of its input tokens."""

from core.llms.wires.openai_responses.dialect import ResponsesDialect
from core.llms.wires.openai_responses.wire import OpenAIResponsesWire

__all__ = ["OpenAIResponsesWire", "ResponsesDialect"]

"""The chat-completions wire: OpenAI's own, and what its imitators say differently, as data."""

from core.llms.wires.openai_chat.dialect import ChatDialect
from core.llms.wires.openai_chat.usage import parse_chat_usage
from core.llms.wires.openai_chat.wire import OpenAIChatWire

__all__ = ["ChatDialect", "OpenAIChatWire", "parse_chat_usage"]

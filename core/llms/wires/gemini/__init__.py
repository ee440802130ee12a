"""The generateContent wire: its own form of conversations, tools, thinking and streams."""

from core.llms.wires.gemini.dialect import GeminiDialect
from core.llms.wires.gemini.usage import parse_gemini_usage
from core.llms.wires.gemini.wire import GeminiWire

__all__ = ["GeminiDialect", "GeminiWire", "parse_gemini_usage"]

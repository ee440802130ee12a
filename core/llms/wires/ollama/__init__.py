"""Ollama's own wire, `/api/chat` and its neighbours: answers in one piece or in lines of JSON."""

from core.llms.wires.ollama.dialect import OllamaDialect
from core.llms.wires.ollama.wire import OllamaWire

__all__ = ["OllamaDialect", "OllamaWire"]

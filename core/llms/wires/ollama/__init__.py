"""Ollama's own wire, `/api/chat` and its neighbours: answers in one piece or in lines of JSON."""

from core.llms.wires.ollama.dialect import EXPRESSIBLE, OllamaDialect
from core.llms.wires.ollama.wire import OllamaWire

__all__ = ["EXPRESSIBLE", "OllamaDialect", "OllamaWire"]

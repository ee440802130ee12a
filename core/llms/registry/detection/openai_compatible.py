"""Servers that speak OpenAI's chat completions: vLLM and SGLang tell the context, as llama.cpp does by its own name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, part


class OpenAICompatibleDetector(CapabilityDetector):
    """Reads vLLM's `max_model_len`, else llama.cpp's `meta.n_ctx`: the room that the server was started with."""

    PROVIDER: ClassVar[str] = "openai_compatible"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"context_window": count(entry.get("max_model_len")) or count(part(entry, "meta", "n_ctx"))}

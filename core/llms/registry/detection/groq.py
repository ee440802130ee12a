"""Groq tells the context and the largest answer of each model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count


class GroqDetector(CapabilityDetector):
    """Reads `context_window` and `max_completion_tokens` as public clients of it do; groq 1.7 has neither."""

    PROVIDER: ClassVar[str] = "groq"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "context_window": count(entry.get("context_window")),
            "max_output_tokens": count(entry.get("max_completion_tokens")),
        }

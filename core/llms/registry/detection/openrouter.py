"""OpenRouter tells modalities, limits, prices and parameters of each model: what any of its endpoints takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import (
    count,
    day,
    has,
    part,
    prices_per_token,
    purpose,
    text,
    words,
)

_PRICES: Final = {
    "input": "prompt",
    "output": "completion",
    "cache_read": "input_cache_read",
    "cache_write": "input_cache_write",
}


class OpenRouterDetector(CapabilityDetector):
    """Reads `architecture` and `supported_parameters` (openrouter 1.3.84, `components/model.py`, read 2026-11-28).

    A parameter that is not among them is one that no endpoint takes.
    """

    PROVIDER: ClassVar[str] = "openrouter"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        takes = words(entry.get("supported_parameters"))
        into = words(part(entry, "architecture", "input_modalities"))
        out = words(part(entry, "architecture", "output_modalities"))
        chats = has(out, "text")
        return {
            **({} if chats is False else _abilities(takes)),
            **purpose(chats, has(out, "embeddings")),
            "display_name": text(entry.get("name")),
            "description": text(entry.get("description")),
            "knowledge_cutoff": day(entry.get("knowledge_cutoff")),
            "retired": day(entry.get("expiration_date")),
            "context_window": count(entry.get("context_length")),
            "max_output_tokens": count(part(entry, "top_provider", "max_completion_tokens")) if chats else None,
            "supports_vision": has(into, "image"),
            "supports_files": has(into, "file"),
            "supports_audio_input": has(into, "audio"),
            "supports_audio_output": has(out, "audio"),
            "prices": prices_per_token(entry.get("pricing"), **_PRICES),
        }


def _abilities(takes: frozenset[str] | None) -> dict[str, bool | None]:
    return {
        "supports_tools": has(takes, "tools"),
        "supports_parallel_tools": has(takes, "parallel_tool_calls") or None,
        "supports_structured_output": has(takes, "structured_outputs"),
        "supports_json_mode": has(takes, "response_format", "structured_outputs"),
        "supports_reasoning": has(takes, "reasoning", "include_reasoning"),
    }

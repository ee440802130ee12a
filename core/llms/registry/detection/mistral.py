"""Mistral tells abilities, context and end of each model, and lists it again by each of its other names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, day, flag, part, purpose, text


class MistralDetector(CapabilityDetector):
    """Reads `capabilities` (mistralai 3.7.0, `models/modelcapabilities.py`, read 2026-11-28).

    There is no word of embeddings: a model that neither chats nor reads, hears, classifies or completes makes them.
    """

    PROVIDER: ClassVar[str] = "mistral"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        able = entry.get("capabilities")
        chats = flag(part(able, "completion_chat"))
        ends = day(entry.get("deprecation"))
        aliases = entry.get("aliases")
        return {
            **purpose(chats, False if chats else None),
            "aliases": tuple(filter(text, aliases)) if isinstance(aliases, list) else None,
            "description": text(entry.get("description")),
            "retired": ends,
            "is_deprecated": True if ends is not None else None,
            "replacement": text(entry.get("deprecation_replacement_model")),
            "context_window": count(entry.get("max_context_length")),
            "supports_tools": flag(part(able, "function_calling")),
            "supports_vision": flag(part(able, "vision")),
            "supports_audio_input": flag(part(able, "audio")),
            "supports_reasoning": flag(part(able, "reasoning")),
        }

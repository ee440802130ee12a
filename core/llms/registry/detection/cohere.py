"""Cohere tells endpoints, features and context of each model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, flag, has, purpose, words


class CohereDetector(CapabilityDetector):
    """Reads `endpoints` and `features` (cohere 7.3.1, `types/get_model_response.py`, read 2026-11-28).

    The words of `features` are not documented: one that is missing is no no.
    """

    PROVIDER: ClassVar[str] = "cohere"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        ends = words(entry.get("endpoints"))
        features = words(entry.get("features"))
        length = entry.get("context_length")
        return {
            "supports_tools": has(features, "tools") or None,
            "supports_vision": has(features, "vision") or None,
            "supports_structured_output": has(features, "json_schema") or None,
            "supports_json_mode": has(features, "json_mode") or None,
            "supports_reasoning": has(features, "reasoning") or None,
            **purpose(has(ends, "chat"), has(ends, "embed")),
            "is_deprecated": flag(entry.get("is_deprecated")) or None,
            "context_window": count(int(length) if isinstance(length, float) else length),
        }

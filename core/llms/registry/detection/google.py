"""Google tells limits, methods and thinking of each model of the Gemini API; Vertex AI only which there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, flag, has, purpose, text, words


class GoogleDetector(CapabilityDetector):
    """Reads `supportedGenerationMethods`, the limits and `thinking`, as recorded in 2026.

    The prompt's limit is what the catalogue has as context window: the answer's comes on top of it.
    """

    PROVIDER: ClassVar[str] = "google"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        methods = words(entry.get("supportedGenerationMethods"))
        chats, embeds = has(methods, "generatecontent"), has(methods, "embedcontent")
        return {
            **purpose(chats, embeds),
            "display_name": text(entry.get("displayName")),
            "description": text(entry.get("description")),
            "context_window": count(entry.get("inputTokenLimit")),
            "max_output_tokens": count(entry.get("outputTokenLimit")) if chats else None,
            "supports_reasoning": flag(entry.get("thinking")),
            "supports_prompt_caching": has(methods, "createcachedcontent") or None,
        }

"""Fireworks AI tells of each model whether it chats, sees and calls tools, and its context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, flag, purpose, text


class FireworksDetector(CapabilityDetector):
    """Reads the `supports_…` flags and `kind`.

    That the list has them by the names of the vendor's `Model` (fireworks-ai 1.2.30), in snake case, is assumed: where
    it does not, nothing is known.
    """

    PROVIDER: ClassVar[str] = "fireworks"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        kind = text(entry.get("kind"))
        return {
            "supports_tools": flag(entry.get("supports_tools")),
            "supports_vision": flag(entry.get("supports_image_input")),
            **purpose(flag(entry.get("supports_chat")), None if kind is None else kind == "EMBEDDING_MODEL"),
            "context_window": count(entry.get("context_length")),
        }

"""Together AI tells what each model is for, its context and its prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, prices_per_million, purpose, text


class TogetherDetector(CapabilityDetector):
    """Reads `type`, `context_length` and `pricing`, in USD per million tokens (together 3.1.1, read 2026-11-28)."""

    PROVIDER: ClassVar[str] = "together"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        kind = text(entry.get("type"))
        known = kind is not None
        return {
            **purpose(kind == "chat" if known else None, kind == "embedding" if known else None),
            "display_name": text(entry.get("display_name")),
            "context_window": count(entry.get("context_length")),
            "prices": prices_per_million(
                entry.get("pricing"), input="input", output="output", cache_read="cached_input"
            ),
        }

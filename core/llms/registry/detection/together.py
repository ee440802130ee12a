"""Together AI tells what each model is for, its context and its prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, prices_per_million, purpose, text

_SILENT: Final = ("embedding", "rerank", "image", "video", "audio", "transcribe", "moderation")


class TogetherDetector(CapabilityDetector):
    """Reads `type`, `context_length` and `pricing`, in USD per million tokens, as public clients of the list do.

    A type that is not known here says nothing of what the model is for.
    """

    PROVIDER: ClassVar[str] = "together"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        kind = text(entry.get("type"))
        chats = True if kind == "chat" else False if kind in _SILENT else None
        return {
            **purpose(chats, None if chats is None else kind == "embedding"),
            "display_name": text(entry.get("display_name")),
            "context_window": count(entry.get("context_length")),
            "prices": prices_per_million(
                entry.get("pricing"), input="input", output="output", cache_read="cached_input"
            ),
        }

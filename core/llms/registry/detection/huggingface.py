"""Hugging Face tells modalities of each model, and what each provider that serves it can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import any_of, count, flag, has, part, words


class HuggingFaceDetector(CapabilityDetector):
    """Reads `architecture` and `providers` (recorded, 2026-01).

    What any live provider can do is a yes, for the router chooses one; the context is the largest.
    """

    PROVIDER: ClassVar[str] = "huggingface"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        listed = entry.get("providers")
        serving = [each for each in listed if part(each, "status") == "live"] if isinstance(listed, list) else []
        windows = [window for each in serving if (window := count(part(each, "context_length"))) is not None]
        return {
            "supports_vision": has(words(part(entry, "architecture", "input_modalities")), "image"),
            "supports_tools": any_of(flag(part(each, "supports_tools")) for each in serving),
            "supports_structured_output": any_of(flag(part(each, "supports_structured_output")) for each in serving),
            "context_window": max(windows, default=None),
        }

"""Anthropic tells limits, life and abilities of each model, since 2026; before, only which there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, day, flag, has_passed, part, text

_EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")


class AnthropicDetector(CapabilityDetector):
    """Reads `capabilities` (anthropic 2.11.0, `types/model_capabilities.py`, read 2026-11-28).

    `max_input_tokens` is the context window, prompt and answer together.
    """

    PROVIDER: ClassVar[str] = "anthropic"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        able = entry.get("capabilities")
        deprecated = day(entry.get("deprecated_at"))
        efforts = tuple(level for level in _EFFORTS if part(able, "effort", level, "supported") is True)
        if efforts and part(able, "thinking", "types", "disabled", "supported") is not False:
            efforts = ("none", *efforts)
        return {
            "display_name": text(entry.get("display_name")),
            "released": day(entry.get("created_at")),
            "deprecated": deprecated,
            "retired": day(entry.get("retires_at")),
            "is_deprecated": entry.get("lifecycle") in ("deprecated", "retired") or has_passed(deprecated) or None,
            "context_window": count(entry.get("max_input_tokens")),
            "max_output_tokens": count(entry.get("max_tokens")),
            "supports_vision": flag(part(able, "image_input", "supported")),
            "supports_files": flag(part(able, "pdf_input", "supported")),
            "supports_structured_output": flag(part(able, "structured_outputs", "supported")),
            "supports_reasoning": flag(part(able, "thinking", "supported")),
            "reasoning_efforts": efforts or None,
        }

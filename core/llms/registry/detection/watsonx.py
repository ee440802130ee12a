"""IBM watsonx.ai tells functions, tasks, limits and life of each model; no credential is needed for its list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, day, has, has_passed, part, purpose, text


class WatsonxDetector(CapabilityDetector):
    """Reads `functions`, `tasks`, `model_limits` and `lifecycle`.

    As IBM's SDK for Java knows them, read 2026-11-27. `image_chat` is for models that see; models that call tools have
    the task `function_calling`.
    """

    PROVIDER: ClassVar[str] = "watsonx"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        functions, tasks = _ids(entry.get("functions")), _ids(entry.get("tasks"))
        chats = has(functions, "text_chat", "image_chat")
        withdrawn, deprecated = _since(entry, "withdrawn"), _since(entry, "deprecated")
        able = {"supports_vision": has(functions, "image_chat"), "supports_tools": has(tasks, "function_calling")}
        return {
            **able,
            **purpose(chats, has(functions, "embedding")),
            "display_name": text(entry.get("label")),
            "description": text(entry.get("short_description")),
            "released": _since(entry, "available"),
            "deprecated": deprecated,
            "retired": withdrawn,
            "is_deprecated": has_passed(deprecated) or has_passed(withdrawn) or None,
            "context_window": count(part(entry, "model_limits", "max_sequence_length")),
            "max_output_tokens": count(part(entry, "model_limits", "max_output_tokens")),
            "embedding_dimensions": count(part(entry, "model_limits", "embedding_dimension")),
        }


def _ids(value: Any) -> frozenset[str] | None:
    if not isinstance(value, list):
        return None
    return frozenset(id for each in value if (id := text(part(each, "id"))) is not None) or None


def _since(entry: Mapping[str, Any], state: str) -> date | None:
    stages = entry.get("lifecycle")
    begun = (day(part(each, "start_date")) for each in stages if part(each, "id") == state) if stages else ()
    return next(iter(begun), None)

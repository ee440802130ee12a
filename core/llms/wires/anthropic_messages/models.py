"""The vendor's model list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.llms.errors import ProtocolError
from core.llms.types.response import ModelInfo
from core.llms.wires.anthropic_messages.failures import create_failure

# One page: the vendor's largest (anthropic 2.11, ModelListParams.limit).
MODELS_PATH: Final = "/v1/models?limit=1000"


def parse_models(body: Mapping[str, Any]) -> list[ModelInfo]:
    """Read the list; what the vendor says of limits, lifecycle and capabilities is in each model's `raw`."""
    if isinstance(body, Mapping) and body.get("error"):
        raise create_failure(body)
    entries = body.get("data") if isinstance(body, Mapping) else None
    if not isinstance(entries, list):
        raise ProtocolError("the list of models has no `data`")
    return [_parse_model(entry) for entry in entries]


def _parse_model(entry: Any) -> ModelInfo:
    name = entry.get("id") if isinstance(entry, Mapping) else None
    if not isinstance(name, str):
        raise ProtocolError("an entry of the list of models has no `id`")
    return ModelInfo(name, _timestamp(entry.get("created_at")), raw=entry)


def _timestamp(text: Any) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return int(moment.timestamp()) or None if moment.tzinfo is not None else None

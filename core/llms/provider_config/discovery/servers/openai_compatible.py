"""Any other server with OpenAI's list of models, as SGLang and gateways have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.provider_config.discovery.servers.kind import MODELS_PATH, ServerKind, entries_of


def _recognises(body: Mapping[str, Any]) -> bool:
    return body.get("object") == "list" and any(isinstance(entry.get("id"), str) for entry in entries_of(body))


KIND: Final = ServerKind(
    name="OpenAI-compatible", provider="openai_compatible", path=MODELS_PATH, recognises=_recognises
)

"""Ollama, at port 11434, known by the list of what it has pulled (its `docs/api.md`, read 2026-11-28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.provider_config.discovery.servers.kind import ServerKind, entries_of


def _recognises(body: Mapping[str, Any]) -> bool:
    # llama.cpp has a list at the same path, for Ollama's clients, with OpenAI's `data` beside it and empty digests.
    models = body.get("models")
    return isinstance(models, list) and "data" not in body and all(each.get("digest") for each in _models(body))


def _models(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return entries_of(body, "models")


KIND: Final = ServerKind(
    name="Ollama", provider="ollama", ports=(11434,), path="/api/tags", recognises=_recognises, base_path=""
)

"""LM Studio, at port 1234: known by its own list, which tells more than OpenAI's ("REST API v0", read 2026-11-28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.provider_config.discovery.servers.kind import ServerKind, entries_of
from core.llms.registry.detection.base.reading import count, has, purpose, stated, words


def _recognises(body: Mapping[str, Any]) -> bool:
    return any("compatibility_type" in entry for entry in entries_of(body))


def _read_facts(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(entry.get("id")): stated(_read_entry(entry)) for entry in entries_of(body)}


def _read_entry(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = entry.get("type")
    return {
        **purpose(kind in ("llm", "vlm"), kind == "embeddings"),
        "supports_vision": kind == "vlm" if kind in ("llm", "vlm") else None,
        "supports_tools": has(words(entry.get("capabilities")), "tool_use"),
        # A model that is loaded has the room that it was loaded with.
        "context_window": count(entry.get("loaded_context_length")) or count(entry.get("max_context_length")),
    }


KIND: Final = ServerKind(
    name="LM Studio",
    provider="openai_compatible",
    ports=(1234,),
    path="/api/v0/models",
    recognises=_recognises,
    read_facts=_read_facts,
)

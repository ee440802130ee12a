"""Small lists in the forms that the published ones have, to assemble a catalogue of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.llms.catalog.assembly.lists import Catalog, ListFile, build_catalog
from core.llms.catalog.assembly.merge import GENAI_PRICES, LITELLM, MODELS_DEV, PI_AI
from core.llms.catalog.assembly.names import GENAI_PRICES as PRICED
from core.llms.catalog.assembly.names import MODELS_DEV as LISTED
from core.llms.catalog.assembly.names import PI_AI as COMPATIBLE


def genai(*models: dict[str, Any], provider: str = "groq") -> list[dict[str, Any]]:
    names = [name for names in PRICED.values() for name in names]
    return [{"id": name, "models": list(models) if name == provider else []} for name in names]


def models_dev(models: dict[str, dict[str, Any]] | None = None, provider: str = "groq") -> dict[str, Any]:
    plain: dict[str, Any] = {
        "modalities": {"input": ["text"], "output": ["text"]}, "limit": {}, "tool_call": True, "reasoning": False,
    }  # fmt: skip
    listed = {id: {"name": id, **plain, **facts} for id, facts in (models or {}).items()}
    names = [name for names in LISTED.values() for name in names]
    return {name: {"models": listed if name == provider else {}} for name in names}


def pi_ai(models: dict[str, dict[str, Any]] | None = None, provider: str = "groq") -> dict[str, Any]:
    listed = {f"chat:{id}": {"id": id, "type": "chat", **facts} for id, facts in (models or {}).items()}
    names = [name for names in COMPATIBLE.values() for name in names]
    return {name: {"api": listed if name == provider else {}} for name in names}


def assemble(
    folder: Path,
    *,
    genai_prices: Any = None,
    litellm: Any = None,
    listed: Any = None,
    compatible: Any = None,
    rooms: dict[str, dict[str, dict[str, Any]]] | None = None,
) -> Catalog:
    lists = {
        GENAI_PRICES: genai() if genai_prices is None else genai_prices,
        LITELLM: litellm or {},
        MODELS_DEV: listed or models_dev(),
        PI_AI: compatible or pi_ai(),
    }
    files = {}
    for key, content in lists.items():
        path = folder / f"{key}.json"
        path.write_text(json.dumps(content))
        files[key] = ListFile(path, f"{key} 1", "2026-01-02")
    return build_catalog(files, rooms or {})

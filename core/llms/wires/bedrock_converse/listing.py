"""The vendor's lists of models and of inference profiles, which its control plane has, at an address of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from core.llms.errors import ProtocolError
from core.llms.types.response import ModelInfo

MODELS_PATH: Final = "/foundation-models"
# The largest page (botocore 1.44, ListInferenceProfiles).
_PROFILES_PATH: Final = "/inference-profiles?maxResults=1000"


def profiles_path(token: str | None = None) -> str:
    """Return the path of a page of inference profiles."""
    return _PROFILES_PATH if token is None else f"{_PROFILES_PATH}&nextToken={quote(token, safe='')}"


def parse_models(body: Any) -> list[ModelInfo]:
    """Read a page of models or of profiles; what the vendor says of them is in each one's `raw`."""
    for name, id_field in (("modelSummaries", "modelId"), ("inferenceProfileSummaries", "inferenceProfileId")):
        entries = body.get(name) if isinstance(body, Mapping) else None
        if isinstance(entries, list):
            return [_parse_entry(entry, id_field) for entry in entries]
    raise ProtocolError("the list of models has neither `modelSummaries` nor `inferenceProfileSummaries`")


def parse_next_page(body: Any) -> str | None:
    """Return the token of the next page, None on the last."""
    token = body.get("nextToken") if isinstance(body, Mapping) else None
    return token if isinstance(token, str) and token else None


def _parse_entry(entry: Any, id_field: str) -> ModelInfo:
    name = entry.get(id_field) if isinstance(entry, Mapping) else None
    if not isinstance(name, str):
        raise ProtocolError(f"an entry of the list of models has no `{id_field}`")
    lifecycle = entry.get("modelLifecycle")
    created = entry.get("createdAt") or (lifecycle.get("startOfLifeTime") if isinstance(lifecycle, Mapping) else None)
    owner = entry.get("providerName")
    return ModelInfo(name, _timestamp(created), owner if isinstance(owner, str) else None, raw=entry)


def _timestamp(text: Any) -> int | None:
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (TypeError, ValueError, OverflowError):
        return None

"""Google's lists of models: the Gemini API's with limits, page by page, and Vertex AI's of publishers' models."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from core.llms.simulator.google.errors import ApiError
from core.llms.simulator.google.models import MODELS, VERTEX_EMBEDDINGS, Model

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = 50
_LARGEST_PAGE = 1000


def list_models(query: Mapping[str, str], version: str) -> dict[str, Any]:
    """One page of the Gemini API's list. Raises: ApiError."""
    cards = [gemini_card(model) for model in MODELS.values() if version != "v1" or not model.preview]
    return _page("models", cards, query)


def list_publisher_models(query: Mapping[str, str]) -> dict[str, Any]:
    """One page of Vertex AI's list. Raises: ApiError."""
    models = [model for model in (*MODELS.values(), *VERTEX_EMBEDDINGS.values()) if model.alias_of is None]
    return _page("publisherModels", [publisher_card(model) for model in models], query)


def gemini_card(model: Model) -> dict[str, Any]:
    """A model as the Gemini API shows it."""
    card: dict[str, Any] = {
        "name": f"models/{model.name}",
        "version": model.name.removeprefix("gemini-").split("-")[0],
        "displayName": model.display_name,
        "description": f"{model.display_name}, simulated",
        "inputTokenLimit": model.input_limit,
        "outputTokenLimit": model.output_limit,
    }
    if model.kind == "embed":
        return card | {"supportedGenerationMethods": ["embedContent", "countTextTokens", "countTokens"]}
    methods = ["generateContent", "countTokens", "createCachedContent", "batchGenerateContent"]
    sampling = {"temperature": 1, "topP": 0.95, "topK": 64, "maxTemperature": 2, "thinking": True}
    return card | {"supportedGenerationMethods": methods} | sampling


def publisher_card(model: Model) -> dict[str, Any]:
    """A model as Vertex AI shows it."""
    return {
        "name": f"publishers/google/models/{model.name}",
        "versionId": "default",
        "openSourceCategory": "PROPRIETARY",
        "launchStage": "PUBLIC_PREVIEW" if model.preview else "GA",
    }


def _page(name: str, cards: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    size = query.get("pageSize", str(_PAGE))
    if not size.lstrip("-").isdecimal():
        raise ApiError(f"Invalid value at 'page_size' (TYPE_INT32), \"{size}\"")
    start = _start(query.get("pageToken", ""))
    end = start + max(1, min(int(size) or _PAGE, _LARGEST_PAGE))
    page: dict[str, Any] = {name: cards[start:end]}
    if end < len(cards):
        page["nextPageToken"] = base64.urlsafe_b64encode(f"page:{end}".encode()).decode()
    return page


def _start(token: str) -> int:
    if not token:
        return 0
    try:
        mark, _, position = base64.urlsafe_b64decode(token).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise ApiError("Page token is not valid.") from error
    if mark != "page" or not position.isdecimal():
        raise ApiError("Page token is not valid.")
    return int(position)

"""The model list, page by page, and the vendor's count of a prompt's tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from core.llms.errors import ProtocolError
from core.llms.types.request import LLMRequest
from core.llms.types.response import ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.gemini.dialect import GeminiDialect
from core.llms.wires.gemini.parse import read_text, require_payload
from core.llms.wires.gemini.render import render_body

_PAGE_SIZE: Final = 1_000
_LISTS: Final = ("models", "publisherModels")


def render_gemini_models(dialect: GeminiDialect, page_token: str | None = None) -> RenderedRequest:
    """Write the request for a page of the model list."""
    page = "" if page_token is None else f"&pageToken={quote(page_token, safe='')}"
    return RenderedRequest(f"/{dialect.version}/{dialect.collection}?pageSize={_PAGE_SIZE}{page}", {}, method="GET")


def parse_gemini_models(body: Any) -> list[ModelInfo]:
    """Read a page of the model list, in the vendor's order; ids are without the collection's name."""
    body = require_payload(body)
    items: Any = next((body[name] for name in _LISTS if name in body), [])
    if not isinstance(items, list):
        raise ProtocolError("the model list is not a list")
    models = []
    for item in items:
        name = item.get("name") if isinstance(item, Mapping) else None
        if not isinstance(name, str) or not name:
            raise ProtocolError("an entry of the model list has no `name`")
        models.append(ModelInfo(name.rpartition("/")[2], raw=item))
    return models


def parse_next_page(body: Any) -> str | None:
    """Return the token of the next page, or None where this one is the last."""
    return read_text(body, "nextPageToken") if isinstance(body, Mapping) else None


def render_gemini_count(request: LLMRequest, dialect: GeminiDialect) -> RenderedRequest:
    """Write the request that counts a prompt's tokens: instructions, tools and the answer's form included."""
    body = render_body(request, dialect, [])
    if dialect.wraps_count:
        body = {"generateContentRequest": {"model": dialect.resource(request.model), **body}}
    else:
        known = ("contents", "systemInstruction", "tools", "generationConfig")
        body = {name: body[name] for name in known if name in body}
    return RenderedRequest(dialect.path(request.model, "countTokens"), body)


def parse_gemini_count(body: Any) -> int:
    """Read the count. Raises `ProtocolError`."""
    tokens = require_payload(body).get("totalTokens", 0)
    if type(tokens) is not int or tokens < 0:
        raise ProtocolError("`totalTokens` is not a count")
    return tokens

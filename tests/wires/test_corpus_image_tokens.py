"""Tokens of images against those that vendors reported, for images that are whole in the record or of unknown size."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from core.llms.runtime.tokens.images import count_image_tokens
from core.llms.types.media import ImageSize, read_image_size
from tests.wires.corpus import Exchange, load_exchanges, requires_corpus
from tests.wires.prompts import find_reported

_MOST = re.compile(r"(?:at most|allows for) ([\d,]+)")
_REPLACED = ImageSize(1, 1)  # what stands in the record for an image that was taken out of it


def _reported_images(exchange: Exchange) -> int:
    documents = [exchange.body] if not exchange.is_stream else _events(exchange)
    details = [document.get("usageMetadata", {}).get("promptTokensDetails", ()) for document in documents]
    return sum(item["tokenCount"] for item in details[-1] if item["modality"] in ("IMAGE", 2))


def _events(exchange: Exchange) -> list[dict[str, Any]]:
    lines = exchange.body_bytes.splitlines()
    return [json.loads(line[5:]) for line in lines if line.startswith(b"data:")]


def _sizes(body: Any) -> list[ImageSize | None]:
    """Find the images of a prompt and their sizes; None for one that is not in the record."""
    if isinstance(body, list):
        return [size for item in body for size in _sizes(item)]
    if not isinstance(body, dict):
        return []
    inline = body.get("inlineData") or body.get("inline_data") or {}
    remote = body.get("fileData") or {}
    if str(inline.get("mimeType") or inline.get("mime_type")).startswith("image/"):
        size = read_image_size(base64.b64decode(inline["data"]))
        return [None if size == _REPLACED else size]
    if str(remote.get("mimeType")).startswith("image/"):
        return [None]
    return [size for item in body.values() for size in _sizes(item)]


def _gemini_exchanges() -> list[Exchange]:
    exchanges = [each for vendor in ("google", "vertexai") for each in load_exchanges(vendor)]
    seen = [each for each in exchanges if each.status == 200 and each.api.endswith("generate_content")]
    return [each for each in seen if _sizes(each.request_body) and _reported_images(each)]


@requires_corpus
def test_recorded_images_of_gemini_are_counted_exactly_or_within_what_is_said() -> None:
    exact = 0
    for exchange in _gemini_exchanges():
        sizes, reported = _sizes(exchange.request_body), _reported_images(exchange)
        counts = [count_image_tokens(exchange.model, size) for size in sizes]
        exact += reported == sum(count.tokens for count in counts)
        said = [_MOST.search(count.note or "") for count in counts]
        most = sum(
            int(found[1].replace(",", "")) if found else count.tokens for found, count in zip(said, counts, strict=True)
        )
        assert reported <= most, exchange.name
    assert (exact, len(_gemini_exchanges())) == (7, 8)


@requires_corpus
def test_recorded_image_of_claude_leaves_what_its_question_has() -> None:
    (exchange,) = (each for each in load_exchanges("anthropic") if each.name == "anthropic/messages-stream-vision-1")
    counted = count_image_tokens(exchange.model, ImageSize(166, 282))
    assert (counted.tokens, counted.exact) == (66, True)
    assert find_reported(exchange) == counted.tokens + 17

"""Images and documents as Anthropic takes them: base64, formats, sizes; addresses are kept but never fetched.

Limits: Anthropic, "Images and vision" and "PDF support", read 2026-11-21.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.errors import ApiError
from core.llms.simulator.conversation import File, Image
from core.llms.simulator.images import NotAnImageError, main_colour, read_image

if TYPE_CHECKING:
    from core.llms.simulator.images import ImageFacts

_MOST_IMAGE_BYTES = 5 * 1024 * 1024
_LONGEST_SIDE = 8000


def decode_image(source: dict[str, Any], path: str) -> Image:
    """The image of a block; `path` is that of its source. Raises: ApiError."""
    match source["type"]:
        case "url":
            _check_url(source["url"])
            return Image(url=source["url"])
        case "file":
            return Image(url=_file_id(source["file_id"]))
    path = f"{path}.base64"
    data = _decoded(source["data"], f"{path}.data")
    if len(data) > _MOST_IMAGE_BYTES:
        limit = f"{_MOST_IMAGE_BYTES // (1024 * 1024)} MB maximum: {len(data)} bytes > {_MOST_IMAGE_BYTES} bytes"
        raise ApiError(f"{path}: image exceeds {limit}")
    facts = _read(data)
    if source["media_type"] != f"image/{facts.format}":
        raise ApiError(
            f"{path}: The image was specified using the {source['media_type']} media type, but the image appears to "
            f"be a image/{facts.format} image"
        )
    if max(facts.width, facts.height) > _LONGEST_SIDE:
        message = f"At least one of the image dimensions exceed max allowed size: {_LONGEST_SIDE} pixels"
        raise ApiError(f"{path}.data: {message}")
    return Image(data=data)


def decode_document(block: dict[str, Any], path: str) -> File:
    """The document of a block; `path` is that of its source. Raises: ApiError."""
    source = block["source"]
    name = block.get("title") or "document"
    match source["type"]:
        case "url":
            _check_url(source["url"])
            return File(name, reference=source["url"])
        case "file":
            return File(name, reference=_file_id(source["file_id"]))
        case "text":
            return File(name, data=source["data"].encode())
        case "content":
            return File(name, data=content_text(source["content"]).encode())
    data = _decoded(source["data"], f"{path}.base64.data")
    if not data.startswith(b"%PDF"):
        raise ApiError(f"{path}.base64.data: The PDF specified was not valid.")
    return File(name, data=data)


def content_text(content: str | list[dict[str, Any]]) -> str:
    """The text of a text, or of the blocks that have one."""
    if isinstance(content, str):
        return content
    return "\n".join(block["text"] for block in content if block["type"] == "text")


def _read(data: bytes) -> ImageFacts:
    try:
        facts = read_image(data)
        main_colour(data)
    except NotAnImageError as error:
        raise ApiError("Could not process image") from error
    return facts


def _check_url(url: str) -> None:
    if not url.startswith("https://"):
        raise ApiError("Only HTTPS URLs are supported.")


def _file_id(file_id: str) -> str:
    if not file_id.startswith("file_"):
        raise ApiError(f"File not found: {file_id}", status=404)
    return file_id


def _decoded(encoded: str, path: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(f"{path}: Invalid base64 data") from error

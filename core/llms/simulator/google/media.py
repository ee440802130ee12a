"""Images, sound, video and documents as Gemini takes them; addresses are kept but never fetched."""

from __future__ import annotations

from typing import Any

from core.llms.simulator.conversation import Audio, File, Image, Part
from core.llms.simulator.google.errors import ApiError, invalid_field
from core.llms.simulator.google.proto import decoded
from core.llms.simulator.images import NotAnImageError, main_colour, read_image

_READ_IMAGES = ("image/png", "image/jpeg", "image/webp")
_OPAQUE_IMAGES = ("image/heic", "image/heif")
_DOCUMENTS = ("application/pdf", "application/json", "application/xml", "application/x-javascript", "text/")
_MOST_BYTES = 100 * 1024 * 1024
_ADDRESSES = ("https://", "files/", "http://")


def decode_blob(blob: dict[str, Any], path: str) -> Part:
    """The content of an `inlineData`. Raises: ApiError."""
    media_type = blob.get("mimeType", "").split(";")[0].lower()
    if not media_type:
        raise invalid_field(f"{path}.mime_type", "Mime type is required")
    data = decoded(blob.get("data", ""))
    if not data:
        raise invalid_field(f"{path}.data", "Data is required")
    if len(data) > _MOST_BYTES:
        raise ApiError("Request payload size exceeds the limit: 104857600 bytes.")
    if media_type in _READ_IMAGES:
        return _decode_image(data)
    if media_type.startswith("audio/"):
        return Audio(data, media_type.removeprefix("audio/").removeprefix("x-"))
    if media_type == "application/pdf" and not data.startswith(b"%PDF"):
        raise ApiError("The document has no pages.")
    if media_type.startswith(("video/", *_DOCUMENTS)) or media_type in _OPAQUE_IMAGES:
        return File(blob.get("displayName") or media_type, data=data)
    raise ApiError(f"Unsupported MIME type: {media_type}")


def reference_file(data: dict[str, Any], path: str, *, vertex: bool) -> Part:
    """What a `fileData` points at. Raises: ApiError."""
    uri = data.get("fileUri", "")
    if not uri:
        raise invalid_field(f"{path}.file_uri", "File uri is required")
    if not uri.startswith(("gs://", *_ADDRESSES) if vertex else _ADDRESSES):
        raise ApiError(f"Invalid or unsupported file uri: {uri}")
    if data.get("mimeType", "").startswith("image/"):
        return Image(url=uri)
    return File(data.get("displayName") or uri, reference=uri)


def _decode_image(data: bytes) -> Image:
    try:
        read_image(data)
        main_colour(data)
    except NotAnImageError as error:
        raise ApiError(
            "Unable to process input image. Please retry or report in "
            "https://developers.generativeai.google/guide/troubleshooting"
        ) from error
    return Image(data=data)

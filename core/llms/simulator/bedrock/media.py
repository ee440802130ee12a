"""Images, documents, sound and video as Converse takes them: base64 or an address in S3, which is never fetched.

Limits: botocore 1.44, the restrictions of `Message.content`, read 2026-11-21.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.media import decode_image
from core.llms.simulator.bedrock.claude import as_model_errors
from core.llms.simulator.bedrock.errors import ApiError, model_error
from core.llms.simulator.conversation import Audio, File, Image

if TYPE_CHECKING:
    from core.llms.simulator.bedrock.blocks import Placed
    from core.llms.simulator.conversation import Part

_MOST_IMAGE_BYTES = 3_932_160
_MOST_DOCUMENT_BYTES = 4_718_592
MEDIA = ("image", "document", "video", "audio")


def to_media(placed: Placed) -> Part:
    """The part of a block that is no text. Raises: ApiError for what is not of its format, or too large."""
    match placed.kind:
        case "image":
            return _to_image(placed)
        case "document":
            return _to_document(placed)
        case "audio" if "bytes" in placed.content["source"]:
            return Audio(b64decode(placed.content["source"]["bytes"]), placed.content["format"])
    source = placed.content["source"]
    name = f"{placed.kind}.{placed.content['format']}"
    if "s3Location" in source:
        return File(name, reference=source["s3Location"]["uri"])
    return File(name, data=b64decode(source["bytes"]))


def document_text(source: dict[str, Any]) -> str | None:
    """The text of a document that is given as text; None for bytes and addresses."""
    if "text" in source:
        return str(source["text"])
    if "content" in source:
        return "\n".join(part["text"] for part in source["content"])
    return None


def _to_image(placed: Placed) -> Image:
    source = placed.content["source"]
    if "s3Location" in source:
        return Image(url=source["s3Location"]["uri"])
    if len(source["bytes"]) * 3 // 4 > _MOST_IMAGE_BYTES:
        raise ApiError(f"The image at {placed.path} exceeds the maximum size of 3.75 MB.")
    media_type = f"image/{placed.content['format']}"
    with as_model_errors():
        return decode_image(
            {"type": "base64", "media_type": media_type, "data": source["bytes"]}, f"{placed.path}.image.source"
        )


def _to_document(placed: Placed) -> File:
    document = placed.content
    source, name = document["source"], document["name"]
    text = document_text(source)
    if text is not None:
        return File(name, data=text.encode())
    if "s3Location" in source:
        return File(name, reference=source["s3Location"]["uri"])
    if "format" not in document:
        raise ApiError(f"The format field in the DocumentBlock object at {placed.path} is required with bytes.")
    data = b64decode(source["bytes"])
    if len(data) > _MOST_DOCUMENT_BYTES:
        raise ApiError(f"The document at {placed.path} exceeds the maximum size of 4.5 MB.")
    if document["format"] == "pdf" and not data.startswith(b"%PDF"):
        raise model_error("The PDF specified was not valid.")
    return File(name, data=data)

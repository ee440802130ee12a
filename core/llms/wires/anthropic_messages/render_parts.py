"""Writing one content part as a block. Parts must hold bytes or addresses: nothing is read here."""

from __future__ import annotations

import base64
import re
from typing import Any, Final

from core.llms.errors import InvalidRequestError, MediaError
from core.llms.types.content import AudioPart, FilePart, ImagePart, OpaquePart, Part, TextPart, ToolCall, parse_data_url
from core.llms.types.media import sniff_media_type
from core.llms.wires.anthropic_messages.dialect import ORIGIN, MessagesDialect

# anthropic 2.11, Base64ImageSourceParam.
IMAGE_TYPES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp")
_TEXT_TYPES: Final = ("application/json", "application/xml", "application/yaml")
_FOREIGN_ID: Final = re.compile(r"[^a-zA-Z0-9_-]")


def render_part(part: Part, place: str, dialect: MessagesDialect) -> dict[str, Any]:
    """Write a block of what the user or a tool says. Raises `InvalidRequestError` (`MediaError` for media)."""
    match part:
        case TextPart():
            return {"type": "text", "text": part.text}
        case ImagePart():
            return {"type": "image", "source": _image_source(part, place, dialect)}
        case FilePart():
            return _render_file(part, place, dialect)
        case OpaquePart():
            return dict(part.data)
        case AudioPart():
            raise InvalidRequestError(f"{place}: this API takes no sound; transcribe it, or choose a model that hears")
    raise InvalidRequestError(f"{place}: {type(part).__name__} has no place in this message")


def render_answer_text(part: TextPart) -> dict[str, Any]:
    """Write a model's text with its citations, which go back only to the wire that gave them."""
    if part.origin != ORIGIN:
        return {"type": "text", "text": part.text}
    block: dict[str, Any] = {"type": "text", "text": part.text, **(part.extra or {})}
    if part.annotations:
        block["citations"] = [dict(citation) for citation in part.annotations]
    return block


def render_tool_call(call: ToolCall, place: str, warnings: list[str]) -> dict[str, Any]:
    """Write a call. Arguments that are no JSON object go as the text they are, under `INVALID_JSON`."""
    arguments = dict(call.arguments)
    if call.arguments_error is not None:
        arguments = {"INVALID_JSON": call.arguments_json}
        warnings.append(f"{place}: the arguments of {call.name!r} went out as text, since they are no JSON object")
    extra = call.extra if call.origin == ORIGIN and call.extra else {}
    return {"type": "tool_use", "id": render_call_id(call.id), "name": call.name, "input": arguments, **extra}


def render_call_id(call_id: str) -> str:
    """Return a call's id in the letters that the vendor takes; another vendor's may have others."""
    return _FOREIGN_ID.sub("_", call_id)


def _image_source(part: ImagePart, place: str, dialect: MessagesDialect) -> dict[str, Any]:
    if part.url is not None and not part.url.startswith("data:"):
        return _address(part.url, f"{place}: the image", dialect)
    said, data = _read(part, place)
    media_type = sniff_media_type(data) or said
    if media_type not in IMAGE_TYPES:
        raise MediaError(f"{place}: an image must be one of {', '.join(IMAGE_TYPES)}, not {media_type or 'unknown'}")
    return {"type": "base64", "media_type": media_type, "data": base64.b64encode(data).decode()}


def _render_file(part: FilePart, place: str, dialect: MessagesDialect) -> dict[str, Any]:
    if part.file_id is not None and (part.media_type or "").startswith("image/"):
        return {"type": "image", "source": {"type": "file", "file_id": part.file_id}}
    block: dict[str, Any] = {"type": "document", "source": _file_source(part, place, dialect)}
    if part.filename is not None:
        block["title"] = part.filename
    if part.citations:
        block["citations"] = {"enabled": True}
    return block


def _file_source(part: FilePart, place: str, dialect: MessagesDialect) -> dict[str, Any]:
    if part.file_id is not None:
        return {"type": "file", "file_id": part.file_id}
    if part.url is not None and not part.url.startswith("data:"):
        return _address(part.url, f"{place}: the file", dialect)
    said, data = _read(part, place)
    media_type = sniff_media_type(data) or said
    if media_type == "application/pdf":
        return {"type": "base64", "media_type": media_type, "data": base64.b64encode(data).decode()}
    if media_type is None or media_type.startswith("text/") or media_type in _TEXT_TYPES:
        return {"type": "text", "media_type": "text/plain", "data": _decode_text(data, place)}
    fix = "give it as an ImagePart" if media_type.startswith("image/") else "turn it into a PDF or plain text"
    raise MediaError(f"{place}: a file must be a PDF or text, not {media_type}: {fix}")


def _decode_text(data: bytes, place: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise MediaError(f"{place}: a file must be a PDF or text in UTF-8, and this is neither") from error


def _address(url: str, what: str, dialect: MessagesDialect) -> dict[str, Any]:
    if not dialect.takes_addresses:
        raise MediaError(f"{what} cannot be given by its address here: pass the bytes, or fetch_remote_media=True")
    return {"type": "url", "url": url}


def _read(part: ImagePart | FilePart, place: str) -> tuple[str | None, bytes]:
    if part.url is not None:
        try:
            return parse_data_url(part.url)
        except ValueError as error:
            raise MediaError(f"{place}: {error}") from error
    if part.data is None:
        raise MediaError(f"{place}: the file at a path must be read before a request is rendered; pass `data`")
    return part.media_type, part.data

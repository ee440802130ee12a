"""Writing images and documents. A document is text, or an object of JSON; its name is its title."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json

from core.llms.errors import InvalidRequestError, MediaError
from core.llms.types.content import AudioPart, FilePart, ImagePart, Part, parse_data_url, render_data_url
from core.llms.types.media import sniff_media_type


def render_image(part: ImagePart, place: str, warnings: list[str]) -> dict[str, Any]:
    """Write an image block: an address as it is, bytes as a data URL."""
    image: dict[str, Any] = {"url": part.url if part.url is not None else _data_url(part, place)}
    if part.detail == "original":
        warnings.append(f"{place}: an image's `detail` was left out: the provider has auto, low and high")
    elif part.detail is not None:
        image["detail"] = part.detail
    return {"type": "image_url", "image_url": image}


def render_document(part: Part, place: str, number: int | None) -> dict[str, Any]:
    """Write a document; with a number it gets an id, by which citations name it. Raises `MediaError`."""
    if not isinstance(part, FilePart):
        raise InvalidRequestError(f"{place}: {type(part).__name__} has no place in this message")
    data, media_type = _read(part, place)
    if sniff_media_type(data) is not None:
        raise MediaError(f"{place}: Cohere takes documents of text or JSON: extract the text of this file first")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise MediaError(f"{place}: a document must be text in UTF-8: {error}") from error
    named = {} if part.filename is None else {"title": part.filename}
    fields = _read_object(text) if media_type == "application/json" else None
    document: dict[str, Any] = {"data": {**named, **(fields or {"text": text})}}
    return document if number is None else {"id": f"doc:{number}", **document}


def refuse_sound(part: Part, place: str) -> None:
    """Raise `MediaError` for a recording."""
    if isinstance(part, AudioPart):
        raise MediaError(f"{place}: Cohere takes no sound: transcribe it first")


def _read(part: FilePart, place: str) -> tuple[bytes, str | None]:
    if part.url is not None and part.url.startswith("data:"):
        try:
            media_type, data = parse_data_url(part.url)
        except ValueError as error:
            raise MediaError(f"{place}: {error}") from error
        return data, part.media_type or media_type
    if part.file_id is not None or part.url is not None:
        raise MediaError(f"{place}: Cohere reads no file from an address or id: pass its bytes or path")
    return _require_data(part, place), part.media_type


def _read_object(text: str) -> dict[str, Any] | None:
    try:
        value = from_json(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) and value else None


def _data_url(part: ImagePart, place: str) -> str:
    data = _require_data(part, place)
    media_type = part.media_type or sniff_media_type(data)
    if media_type is None:
        raise MediaError(f"{place}: the image's type cannot be told from its bytes; give `media_type`")
    return render_data_url(media_type, data)


def _require_data(part: ImagePart | FilePart, place: str) -> bytes:
    if part.data is None:
        raise MediaError(f"{place}: the file at a path must be read before a request is rendered; pass `data`")
    return part.data

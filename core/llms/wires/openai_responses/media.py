"""Content parts of what the user and the tools say: text, images and files as the Responses wire writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.llms.errors import InvalidRequestError, MediaError
from core.llms.types.content import AudioPart, FilePart, ImagePart, OpaquePart, Part, TextPart, render_data_url
from core.llms.types.media import sniff_media_type

_FILE_EXTENSIONS = {
    "application/json": "json",
    "application/pdf": "pdf",
    "text/csv": "csv",
    "text/html": "html",
    "text/markdown": "md",
    "text/plain": "txt",
}


def render_input_content(parts: Iterable[Part], place: str) -> list[dict[str, Any]]:
    """Write parts as `input_text`, `input_image` and `input_file`.

    Raises:
        InvalidRequestError: for sound; `place` is how the message calls where it stands.
        MediaError: for media that is not there as bytes, or of a type that nothing tells.
    """
    return [_render_part(part, place) for part in parts]


def _render_part(part: Part, place: str) -> dict[str, Any]:
    match part:
        case TextPart():
            return {"type": "input_text", "text": part.text}
        case ImagePart():
            # The vendor's types require `detail` (openai 3.52, ResponseInputImageParam); its default is auto.
            return {"type": "input_image", "detail": part.detail or "auto", "image_url": _image_url(part, place)}
        case FilePart():
            return {"type": "input_file", **_file_source(part, place)}
        case OpaquePart():
            return dict(part.data)
        case AudioPart():
            raise InvalidRequestError(f'{place}: the Responses API takes no audio as input; use wire="chat" for it')
    raise InvalidRequestError(f"{place}: {type(part).__name__} has no place in this message")


def _image_url(image: ImagePart, place: str) -> str:
    if image.url is not None:
        return image.url
    return _data_url(f"{place}: the image", image.data, image.media_type)


def _file_source(file: FilePart, place: str) -> dict[str, Any]:
    if file.file_id is not None:
        return {"file_id": file.file_id}
    if file.url is not None and not file.url.startswith("data:"):
        return {"file_url": file.url}
    data_url = file.url if file.url is not None else _data_url(f"{place}: the file", file.data, file.media_type)
    return {"filename": file.filename or _filename(data_url), "file_data": data_url}


def _filename(data_url: str) -> str:
    media_type = data_url[5:].partition(";")[0]
    extension = _FILE_EXTENSIONS.get(media_type)
    return f"document.{extension}" if extension else "document"


def _data_url(what: str, data: bytes | None, media_type: str | None) -> str:
    if data is None:
        raise MediaError(f"{what} is given by a path, which must be read before a request is rendered; pass `data`")
    media_type = media_type or sniff_media_type(data)
    if media_type is None:
        raise MediaError(f"{what}'s type cannot be told from its bytes; give `media_type`")
    return render_data_url(media_type, data)

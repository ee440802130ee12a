"""Writing one content part as a chat-completions block. Parts must hold bytes or addresses: nothing is read here."""

from __future__ import annotations

import base64
from typing import Any

from core.llms.errors import InvalidRequestError, MediaError
from core.llms.types.content import AudioPart, FilePart, ImagePart, OpaquePart, Part, TextPart, render_data_url
from core.llms.types.media import sniff_media_type

_AUDIO_FORMATS = {"audio/wav": "wav", "audio/mpeg": "mp3", "audio/flac": "flac", "audio/ogg": "ogg", "audio/aac": "aac"}
_FILE_SUFFIXES = {"application/pdf": ".pdf", "text/plain": ".txt", "text/csv": ".csv", "application/json": ".json"}


def render_part(part: Part, place: str) -> dict[str, Any]:
    """Write a block. Raises `InvalidRequestError` (`MediaError` for media) with the place, the problem and the fix."""
    match part:
        case TextPart():
            return {"type": "text", "text": part.text}
        case ImagePart():
            image: dict[str, Any] = {"url": _image_url(part, place)}
            if part.detail is not None:
                image["detail"] = part.detail
            return {"type": "image_url", "image_url": image}
        case FilePart():
            return {"type": "file", "file": _render_file(part, place)}
        case AudioPart():
            return {"type": "input_audio", "input_audio": _render_audio(part, place)}
        case OpaquePart():
            return dict(part.data)
    raise InvalidRequestError(f"{place}: {type(part).__name__} has no place in this message")


def _image_url(part: ImagePart, place: str) -> str:
    if part.url is not None:
        return part.url
    data = _require_data(part, place)
    media_type = part.media_type or sniff_media_type(data)
    if media_type is None:
        raise MediaError(f"{place}: the image's type cannot be told from its bytes; give `media_type`")
    return render_data_url(media_type, data)


def _render_file(part: FilePart, place: str) -> dict[str, Any]:
    if part.file_id is not None:
        return {"file_id": part.file_id}
    if part.url is None:
        data = _require_data(part, place)
        media_type = part.media_type or sniff_media_type(data)
        if media_type is None:
            raise MediaError(f"{place}: the file's type cannot be told from its bytes; give `media_type`")
        file_data = render_data_url(media_type, data)
    elif part.url.startswith("data:"):
        file_data = part.url
        media_type = part.url[5:].partition(";")[0]
    else:
        raise MediaError(
            f"{place}: a file cannot be given by its address in chat completions: pass its bytes or path, "
            'or create the LLM with wire="responses" where the provider has that wire'
        )
    return {"filename": part.filename or "document" + _FILE_SUFFIXES.get(media_type, ""), "file_data": file_data}


def _render_audio(part: AudioPart, place: str) -> dict[str, Any]:
    data = _require_data(part, place)
    audio_format = part.format or _AUDIO_FORMATS.get(sniff_media_type(data) or "")
    if audio_format is None:
        raise MediaError(f"{place}: the recording's format cannot be told from its bytes; give `format`")
    return {"data": base64.b64encode(data).decode(), "format": audio_format}


def _require_data(part: ImagePart | FilePart | AudioPart, place: str) -> bytes:
    if part.data is None:
        raise MediaError(f"{place}: the file at a path must be read before a request is rendered; pass `data`")
    return part.data

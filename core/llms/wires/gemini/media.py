"""Writing images, documents, sound and video as parts: inline bytes, or an address that the vendor reads itself."""

from __future__ import annotations

import base64
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from core.llms.errors import MediaError
from core.llms.types.content import AudioPart, FilePart, ImagePart, parse_data_url
from core.llms.types.media import sniff_media_type
from core.llms.wires.gemini.dialect import GeminiDialect

_FILES: Final = "https://generativelanguage.googleapis.com/v1beta/"
_VIDEO_HOSTS: Final = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")
_TYPES: Final = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".heic": "image/heic",
    ".heif": "image/heif", ".gif": "image/gif", ".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv",
    ".md": "text/markdown", ".html": "text/html", ".json": "application/json", ".mp4": "video/mp4",
    ".mov": "video/quicktime", ".webm": "video/webm", ".mpeg": "video/mpeg", ".mp3": "audio/mpeg", ".wav": "audio/wav",
    ".flac": "audio/flac", ".ogg": "audio/ogg", ".aac": "audio/aac", ".m4a": "audio/mp4",
}  # fmt: skip
_AUDIO_TYPES: Final = {"mp3": "audio/mpeg", "m4a": "audio/mp4"}


def render_media(part: ImagePart | FilePart | AudioPart, dialect: GeminiDialect, place: str) -> dict[str, Any]:
    """Write a part with media. Raises `MediaError` that names the place, the problem and the fix.

    Bytes and data URLs go inline. Any other address (`https:`, `gs:`, a video on YouTube, a file's URI) is the
    vendor's to read, and so is a `file_id`, the name that the Files API gave. A file's name stays here: the wire has no
    place for it.
    """
    if isinstance(part, AudioPart):
        return _inline(_require_data(part, place), _audio_type(part, place))
    if isinstance(part, FilePart) and part.file_id is not None:
        return _by_address(_file_address(part.file_id, place), part.media_type, dialect, place)
    if part.url is not None and part.url.startswith("data:"):
        return _from_data_url(part.url, place)
    if part.url is not None:
        return _by_address(part.url, part.media_type, dialect, place)
    data = _require_data(part, place)
    media_type = part.media_type or sniff_media_type(data)
    if media_type is None:
        raise MediaError(f"{place}: the type of the media cannot be told from its bytes; give `media_type`")
    return _inline(data, media_type)


def _inline(data: bytes, media_type: str) -> dict[str, Any]:
    return {"inlineData": {"mimeType": media_type, "data": base64.b64encode(data).decode()}}


def _from_data_url(url: str, place: str) -> dict[str, Any]:
    try:
        media_type, data = parse_data_url(url)
    except ValueError as error:
        raise MediaError(f"{place}: {error}") from error
    return _inline(data, media_type)


def _file_address(file_id: str, place: str) -> str:
    if "://" in file_id:
        return file_id
    if file_id.startswith("files/"):
        return _FILES + file_id
    raise MediaError(f"{place}: `file_id` is a file's name at the Files API (`files/…`) or its URI, not {file_id!r}")


def _by_address(address: str, media_type: str | None, dialect: GeminiDialect, place: str) -> dict[str, Any]:
    media_type = media_type or _type_of_address(address, dialect)
    if media_type is None and dialect.requires_media_type:
        raise MediaError(f"{place}: the type of {address[:200]} cannot be told from its name; give `media_type`")
    file = {"fileUri": address} if media_type is None else {"mimeType": media_type, "fileUri": address}
    return {"fileData": file}


def _type_of_address(address: str, dialect: GeminiDialect) -> str | None:
    try:
        pieces = urlsplit(address)
    except ValueError:
        return None
    if pieces.hostname in _VIDEO_HOSTS:
        return "video/mp4" if dialect.requires_media_type else None
    return _TYPES.get(PurePosixPath(pieces.path).suffix.lower())


def _audio_type(part: AudioPart, place: str) -> str:
    if part.format is not None:
        return _AUDIO_TYPES.get(part.format, f"audio/{part.format}")
    found = sniff_media_type(part.data or b"")
    if found is None:
        raise MediaError(f"{place}: the recording's format cannot be told from its bytes; give `format`")
    return found


def _require_data(part: ImagePart | FilePart | AudioPart, place: str) -> bytes:
    if part.data is None:
        raise MediaError(f"{place}: the file at a path must be read before a request is rendered; pass `data`")
    return part.data

"""What may be sent as image, file or sound: type by magic bytes, and size. Pure functions over bytes.

Where the bytes come from is the loader's business; reading magic bytes is that of `core.llms.types.media`.
"""

from __future__ import annotations

import functools
import mimetypes
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from core.llms.errors import MediaError
from core.llms.types.media import sniff_media_type

_MIB: Final = 1024 * 1024
# The defaults are the smallest of what the vendors publish; a provider whose own are larger gives other limits.
# An image: 20 MB at Azure (Microsoft, "Vision-enabled chat model concepts", read 2026-11-21) and in OpenAI's guide
# "Images and vision" of 2025. A request: 50 MB of files (OpenAI, guide "PDF files", 2026) and of images (guide "Images
# and vision" until 2026-04; since then it says 512 MB, while the API still answers "exceeds the allowed limit of 50MB",
# counted on a copy that it scales down; measured by others on 2026-09-18). A MB is read as a MiB, the larger reading.
MAX_IMAGE_BYTES: Final = 20 * _MIB
MAX_REQUEST_BYTES: Final = 50 * _MIB
IMAGE_TYPES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
_AUDIO_FORMATS: Final = {"audio/wav": "wav", "audio/mpeg": "mp3"}
# The type of any bytes at all, which says nothing of them.
_UNSTATED: Final = "application/octet-stream"
_SYNONYMS: Final = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "application/x-pdf": "application/pdf",
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_MORE_EXTENSIONS: Final = {
    ".md": "text/markdown",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
}


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """How many bytes an image, and all media of a request together, may have."""

    image_bytes: int = MAX_IMAGE_BYTES
    request_bytes: int = MAX_REQUEST_BYTES


def check_image(data: bytes, stated: str | None, name: str, limits: MediaLimits) -> str:
    """Return an image's media type. Raises `MediaError` for what no vendor takes; `name` says which image it is."""
    check_size(len(data), limits.image_bytes, name)
    found = sniff_media_type(data)
    if found not in IMAGE_TYPES:
        what = f"is {found}" if found else "is not an image that can be recognised"
        raise MediaError(f"{name} {what}; accepted are PNG, JPEG, GIF and WebP: convert it")
    if stated is not None and normalize_media_type(stated) not in (found, _UNSTATED):
        raise MediaError(
            f"{name} is said to be {stated}, but its bytes are {found}: correct `media_type`, or leave it out"
        )
    return found


def check_file(data: bytes, stated: str | None, filename: str | None, name: str, limits: MediaLimits) -> str:
    """Return a file's media type: as stated, else by extension and magic bytes. Raises `MediaError`."""
    check_size(len(data), limits.request_bytes, name)
    found = sniff_media_type(data)
    given = normalize_media_type(stated or _UNSTATED)
    # Containers (a .docx is a ZIP) and text have no magic bytes of their own; a PDF has, and vendors check them.
    if given != _UNSTATED and (given == "application/pdf") != (found == "application/pdf"):
        raise MediaError(
            f"{name} is said to be {stated}, but its bytes are {found or 'something else'}: correct `media_type`, or "
            "leave it out"
        )
    if given != _UNSTATED:
        return given
    if found is not None and found != "application/zip":
        return found
    return _type_by_extension(filename) or found or ("text/plain" if _is_text(data) else _UNSTATED)


def check_audio(data: bytes, stated: str | None, name: str, limits: MediaLimits) -> str:
    """Return a recording's format, `wav` or `mp3`. Raises `MediaError`."""
    check_size(len(data), limits.request_bytes, name)
    found = sniff_media_type(data)
    audio_format = _AUDIO_FORMATS.get(found or "")
    if audio_format is None:
        what = f"is {found}" if found else "is not sound that can be recognised"
        raise MediaError(f"{name} {what}; accepted are WAV and MP3: convert it")
    if stated is not None and stated.lower() != audio_format:
        raise MediaError(f"{name} is said to be {stated}, but its bytes are {audio_format}: correct `format`")
    return audio_format


def check_size(byte_count: int, limit: int, name: str) -> None:
    """Raise `MediaError` for nothing at all, and for more than the limit."""
    if byte_count == 0:
        raise MediaError(f"{name} is empty")
    if byte_count > limit:
        raise MediaError(
            f"{name} has {_megabytes(byte_count)}; at most {_megabytes(limit)} are accepted: make it smaller"
        )


def check_total(byte_count: int, limits: MediaLimits) -> None:
    """Raise `MediaError` where all media of a request are too much together."""
    if byte_count > limits.request_bytes:
        raise MediaError(
            f"the media of this request have more than {_megabytes(limits.request_bytes)} together: send fewer or "
            "smaller ones, or images by their address"
        )


def normalize_media_type(media_type: str) -> str:
    """Write a media type in lower case, without parameters, under its registered name."""
    name = media_type.partition(";")[0].strip().lower()
    return _SYNONYMS.get(name, name)


def _type_by_extension(filename: str | None) -> str | None:
    if not filename:
        return None
    return _MORE_EXTENSIONS.get(PurePath(filename).suffix.lower()) or _standard_types().guess_type(filename)[0]


@functools.cache
def _standard_types() -> mimetypes.MimeTypes:
    """Return the standard library's table, without the machine's own, which differs from one to the next."""
    return mimetypes.MimeTypes(filenames=())


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in data


def _megabytes(byte_count: int) -> str:
    if byte_count < _MIB / 10:
        return f"{byte_count:,} bytes"
    return f"{byte_count / _MIB:.1f} MB".replace(".0 ", " ")

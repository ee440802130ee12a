"""Writing one content part as a block. Parts must hold bytes, or an `s3:` address: nothing is read here.

A document's name goes to the model, and the vendor takes few letters in it: see `DocumentNames`.
"""

from __future__ import annotations

import base64
import re
from pathlib import PurePosixPath
from typing import Any, Final

from core.llms.errors import InvalidRequestError, MediaError
from core.llms.types.content import AudioPart, FilePart, ImagePart, OpaquePart, Part, TextPart, parse_data_url
from core.llms.types.media import sniff_media_type

# botocore 1.44, bedrock-runtime 2023-09-30: ImageFormat, DocumentFormat, VideoFormat, AudioFormat.
_IMAGES: Final = {"image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif", "image/webp": "webp"}
_DOCUMENTS: Final = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
}
_TEXTS: Final = ("application/json", "application/xml", "application/yaml")
_VIDEOS: Final = {
    "video/x-matroska": "mkv",
    "video/quicktime": "mov",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/x-flv": "flv",
    "video/mpeg": "mpeg",
    "video/x-ms-wmv": "wmv",
    "video/3gpp": "three_gp",
}
_SOUNDS: Final = frozenset(
    "mp3 opus wav aac flac mp4 ogg mkv mka x-aac m4a mpeg mpga pcm webm".split()  # noqa: SIM905  # a table of words
)
_EXTENSIONS: Final = {
    **{form: ("document", form) for form in _DOCUMENTS.values()},
    **{form: ("image", form) for form in _IMAGES.values()},
    **{form: ("video", form) for form in _VIDEOS.values()},
    "jpg": ("image", "jpeg"),
    "htm": ("document", "html"),
    "markdown": ("document", "md"),
    "mpg": ("video", "mpg"),
    "3gp": ("video", "three_gp"),
}
_UNNAMEABLE: Final = re.compile(r"[^a-zA-Z0-9 \-()\[\]]+")
_MOST_NAME_CHARACTERS: Final = 190


class DocumentNames:
    """Gives each document of a request a name of its own: its file's without extension, in the letters allowed."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, filename: str | None) -> str:
        """Return a name that no other document of the request has."""
        stem = PurePosixPath(filename or "document").stem
        base = " ".join(_UNNAMEABLE.sub(" ", stem).split())[:_MOST_NAME_CHARACTERS] or "document"
        name, count = base, 1
        while name in self._given:
            count += 1
            name = f"{base} ({count})"
        self._given.add(name)
        return name


def render_part(part: Part, place: str, names: DocumentNames) -> dict[str, Any]:
    """Write a block of what the user or a tool says. Raises `InvalidRequestError` (`MediaError` for media)."""
    match part:
        case TextPart():
            return {"text": part.text}
        case ImagePart():
            return _render_image(part, place)
        case FilePart():
            return _render_file(part, place, names)
        case AudioPart():
            return _render_sound(part, place)
        case OpaquePart():
            return dict(part.data)
    raise InvalidRequestError(f"{place}: {type(part).__name__} has no place in this message")


def _render_image(part: ImagePart | FilePart, place: str) -> dict[str, Any]:
    source, said = _source(part, place, "the image")
    form = _IMAGES.get(said or "") or _form_of(part, "image")
    if form is None:
        raise MediaError(f"{place}: an image must be one of {', '.join(_IMAGES)}, not {said or 'unknown'}")
    return {"image": {"format": form, "source": source}}


def _render_file(part: FilePart, place: str, names: DocumentNames) -> dict[str, Any]:
    source, said = _source(part, place, "the file")
    if (said or "").startswith("image/") or (said is None and _form_of(part, "image")):
        return _render_image(part, place)
    video = _VIDEOS.get(said or "") or _form_of(part, "video")
    if video is not None:
        return {"video": {"format": video, "source": source}}
    document: dict[str, Any] = {
        "format": _document_form(part, said, source, place),
        "name": names.give(part.filename),
        "source": source,
    }
    if part.citations:
        document["citations"] = {"enabled": True}
    return {"document": document}


def _document_form(part: FilePart, said: str | None, source: dict[str, Any], place: str) -> str:
    form = _DOCUMENTS.get(said or "") or _form_of(part, "document")
    if form is not None:
        return form
    if (said is None or said.startswith("text/") or said in _TEXTS) and _is_text(source):
        return "txt"
    known = ", ".join(dict.fromkeys(_DOCUMENTS.values()))
    raise MediaError(f"{place}: a document must be one of {known}, not {said or 'unknown'}: give its `media_type`")


def _is_text(source: dict[str, Any]) -> bool:
    try:
        base64.b64decode(source.get("bytes", b"\xff")).decode()
    except ValueError:
        return False
    return True


def _render_sound(part: AudioPart, place: str) -> dict[str, Any]:
    if part.data is None:
        raise MediaError(f"{place}: the file at a path must be read before a request is rendered; pass `data`")
    form = (part.format or "").lower()
    if form not in _SOUNDS:
        raise MediaError(f"{place}: sound must be one of {', '.join(sorted(_SOUNDS))}, not {form or 'unknown'}")
    return {"audio": {"format": form, "source": {"bytes": base64.b64encode(part.data).decode()}}}


def _form_of(part: ImagePart | FilePart, kind: str) -> str | None:
    """Tell the format by the extension of the file's name or address."""
    named = (part.filename or part.file_id) if isinstance(part, FilePart) else None
    extension = PurePosixPath(named or part.url or "").suffix[1:].lower()
    found = _EXTENSIONS.get(extension, ("", None))
    return found[1] if found[0] == kind and not (part.url or "").startswith("data:") else None


def _source(part: ImagePart | FilePart, place: str, what: str) -> tuple[dict[str, Any], str | None]:
    """Return where the bytes are, and the media type that they or the caller tell."""
    address = part.url or (part.file_id if isinstance(part, FilePart) else None)
    if address is not None and address.startswith("s3://"):
        return {"s3Location": {"uri": address}}, part.media_type
    if address is not None and not address.startswith("data:"):
        raise MediaError(
            f"{place}: {what} cannot be given by this address: pass the bytes, an `s3://` address, or for an image "
            "fetch_remote_media=True"
        )
    said, data = _read(part, address, place)
    sniffed = sniff_media_type(data)
    # An office document is a ZIP to its first bytes.
    media_type = said if sniffed in (None, "application/zip") else sniffed
    return {"bytes": base64.b64encode(data).decode()}, media_type


def _read(part: ImagePart | FilePart, address: str | None, place: str) -> tuple[str | None, bytes]:
    if address is not None:
        try:
            return parse_data_url(address)
        except ValueError as error:
            raise MediaError(f"{place}: {error}") from error
    if part.data is None:
        raise MediaError(f"{place}: the file at a path must be read before a request is rendered; pass `data`")
    return part.media_type, part.data

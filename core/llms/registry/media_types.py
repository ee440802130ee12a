"""What may go into a model and come out of it: modalities, and the types of media they come in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath
from typing import Final


class Modality(StrEnum):
    """A kind of content."""

    TEXT = "text"
    IMAGE = "image"
    PDF = "pdf"
    AUDIO = "audio"
    VIDEO = "video"


class MediaType(StrEnum):
    """A type of media that models take, by its MIME type."""

    TEXT = "text/plain"
    JPEG = "image/jpeg"
    PNG = "image/png"
    GIF = "image/gif"
    WEBP = "image/webp"
    PDF = "application/pdf"
    WAV = "audio/wav"
    MP3 = "audio/mpeg"
    FLAC = "audio/flac"
    OGG = "audio/ogg"
    MP4 = "video/mp4"
    WEBM = "video/webm"

    @property
    def modality(self) -> Modality:
        """The modality that media of this type is of."""
        return Modality.PDF if self is MediaType.PDF else Modality(self.value.partition("/")[0])

    @classmethod
    def from_path(cls, path: str | PurePath) -> MediaType:
        """Tell the type by a file's extension. Raises ValueError for one that no model takes."""
        extension = PurePath(path).suffix.lower().lstrip(".")
        found = _EXTENSIONS.get(extension)
        if found is None:
            raise ValueError(f"no media type is known for {str(path)!r}; known extensions: {', '.join(_EXTENSIONS)}")
        return found


_EXTENSIONS: Final = {
    "txt": MediaType.TEXT,
    "jpg": MediaType.JPEG,
    "jpeg": MediaType.JPEG,
    "png": MediaType.PNG,
    "gif": MediaType.GIF,
    "webp": MediaType.WEBP,
    "pdf": MediaType.PDF,
    "wav": MediaType.WAV,
    "mp3": MediaType.MP3,
    "flac": MediaType.FLAC,
    "ogg": MediaType.OGG,
    "mp4": MediaType.MP4,
    "webm": MediaType.WEBM,
}

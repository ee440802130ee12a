"""What images, documents and sound in a message cost in tokens, as far as it can be told before sending.

Reading sizes, pages and lengths lives here; the rules for images live in `images`. A part given by `path` is
read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from core.llms.runtime.tokens.image_grids import ImageTokens
from core.llms.runtime.tokens.images import count_image_tokens
from core.llms.runtime.tokens.text import estimate_text_tokens
from core.llms.types.content import AudioPart, FilePart, ImagePart, parse_data_url
from core.llms.types.media import ImageSize, read_image_size, read_wav_seconds, sniff_media_type

# One token for 100 ms of a user's sound: OpenAI's guide "Managing costs" of the Realtime API, 2026-10.
_AUDIO_TOKENS_PER_SECOND: Final = 10
_COMPRESSED_AUDIO_BYTES_PER_SECOND: Final = 16_000
_DOCUMENT_TOKENS_PER_PAGE: Final = 1_000
_PDF_PAGE: Final = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_TEXT_MEDIA_TYPE: Final = re.compile(r"text/|application/(?:json|xml|yaml|x-ndjson)")
_TEXT_SUFFIXES: Final = frozenset({".txt", ".md", ".csv", ".json", ".xml", ".yaml", ".yml", ".html", ".py"})


class FileTokens(NamedTuple):
    """The estimated tokens of a document or a recording, and how they were estimated."""

    tokens: int
    note: str


def count_image_part(part: ImagePart, model_id: str) -> ImageTokens:
    """Return the tokens of an image part; an image on the web or of an unreadable form counts as 1024 × 1024 pixels.

    Raises:
        OSError: the part's `path` cannot be read.
    """
    return count_image_tokens(model_id, _find_size(part), part.detail)


def _find_size(part: ImagePart) -> ImageSize | None:
    try:
        data = _content(part.data, part.path, part.url)
        return None if data is None else read_image_size(data)
    except ValueError:
        # A form that only the vendor can read is no reason to hold the request back.
        return None


def count_file_part(part: FilePart) -> FileTokens:
    """Return the estimated tokens of a document: its text, or 1,000 a page of a PDF; one page where it is not at hand.

    Raises:
        OSError: the part's `path` cannot be read.
    """
    try:
        data = _content(part.data, part.path, part.url)
    except ValueError:
        data = None
    if data is None:
        return FileTokens(_DOCUMENT_TOKENS_PER_PAGE, "a document that is not at hand is counted as one page")
    if _is_text(part):
        return FileTokens(estimate_text_tokens(data.decode("utf-8", "replace")), "a document's text is estimated")
    pages = max(1, len(_PDF_PAGE.findall(data)))
    return FileTokens(pages * _DOCUMENT_TOKENS_PER_PAGE, "a document is counted as 1,000 tokens a page")


def _is_text(part: FilePart) -> bool:
    media_type = part.media_type
    if media_type is None and part.url is not None and part.url.startswith("data:"):
        media_type = part.url[5:].partition(";")[0]
    if media_type is not None:
        return _TEXT_MEDIA_TYPE.match(media_type) is not None
    name = part.filename or (part.path.name if part.path else "")
    return Path(name).suffix.lower() in _TEXT_SUFFIXES


def count_audio_part(part: AudioPart) -> FileTokens:
    """Return the estimated tokens of a recording: 10 a second; the length of a compressed one is taken from its size.

    Raises:
        OSError: the part's `path` cannot be read.
    """
    data = _content(part.data, part.path, None) or b""
    seconds = len(data) / _COMPRESSED_AUDIO_BYTES_PER_SECOND
    if sniff_media_type(data) == "audio/wav":
        seconds = _or_default(lambda: read_wav_seconds(data), seconds)
    return FileTokens(math.ceil(seconds * _AUDIO_TOKENS_PER_SECOND), "sound is counted as 10 tokens a second")


def _or_default(read: Callable[[], float], default: float) -> float:
    try:
        return read()
    except ValueError:
        return default


def _content(data: bytes | None, path: Path | None, url: str | None) -> bytes | None:
    if data is not None:
        return data
    if path is not None:
        return path.read_bytes()
    if url is not None and url.startswith("data:"):
        return parse_data_url(url)[1]
    return None

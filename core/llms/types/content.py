"""The parts a message is made of. Pure values: nothing here reads a file, a socket or the environment."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic_core import from_json, to_json

from core.llms.types.quick_init import quick_init

ImageDetail: TypeAlias = Literal["auto", "low", "high", "original"]


@quick_init
@dataclass(frozen=True, slots=True)
class TextPart:
    """Text. `annotations` are the vendor's citations of it, as received.

    `extra` is what the wire `origin` said of this piece besides (an id, a signature); it goes back there unchanged.
    """

    text: str
    annotations: tuple[Mapping[str, Any], ...] = ()
    origin: str | None = None
    extra: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image, given by exactly one of `url` (`https:` or `data:`), `path` and `data`.

    `media_type` may be left out where the bytes or the data URL tell it. `detail` is OpenAI's resolution hint.
    """

    url: str | None = None
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    detail: ImageDetail | None = None

    def __post_init__(self) -> None:
        require_one_source("ImagePart", url=self.url, path=self.path, data=self.data)

    @classmethod
    def of(cls, source: str | Path | bytes | ImagePart, detail: ImageDetail | None = None) -> ImagePart:
        """Make a part of an address, a data URL, a path or bytes."""
        match source:
            case ImagePart():
                return source
            case bytes():
                return cls(data=source, detail=detail)
            case Path():
                return cls(path=source, detail=detail)
            case str() if source.startswith(("http://", "https://", "data:")):
                return cls(url=source, detail=detail)
            case str():
                return cls(path=Path(source), detail=detail)
        raise TypeError(f"an image is a URL, a path, bytes or an ImagePart, not {type(source).__name__}")


@dataclass(frozen=True, slots=True)
class FilePart:
    """A document (PDF first of all), given by exactly one of `url`, `path`, `data` and the vendor's `file_id`.

    `citations` asks for an answer that cites the document, where the vendor can: see `TextPart.annotations`.
    """

    url: str | None = None
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    file_id: str | None = None
    filename: str | None = None
    media_type: str | None = None
    citations: bool = False

    def __post_init__(self) -> None:
        require_one_source("FilePart", url=self.url, path=self.path, data=self.data, file_id=self.file_id)


@dataclass(frozen=True, slots=True)
class AudioPart:
    """Recorded sound as input, given by exactly one of `path` and `data`. `format` is `wav`, `mp3`, …."""

    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    format: str | None = None

    def __post_init__(self) -> None:
        require_one_source("AudioPart", path=self.path, data=self.data)


@quick_init
@dataclass(frozen=True, slots=True)
class ReasoningPart:
    """A model's reasoning, as far as the vendor shows it.

    `signature` is the vendor's opaque proof (or the encrypted reasoning itself) and `redacted` text it hides; both go
    back unchanged in the next turn. `origin` names the wire they belong to, `raw` is the block as received there.
    """

    text: str = ""
    signature: str | None = None
    redacted: str | None = None
    id: str | None = None
    origin: str | None = None
    raw: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RefusalPart:
    """What the model said instead of an answer that it declined to give. `origin` and `extra` are as in `TextPart`."""

    text: str
    origin: str | None = None
    extra: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OpaquePart:
    """A block that only the wire `origin` understands (a server-side tool's call, say), sent back there untouched."""

    origin: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CachePoint:
    """A mark that the prompt up to here should be cached by the vendor, for 5 minutes or an hour.

    It is a hint: a vendor that caches by itself is not told, and `response.warnings` says so.
    """

    ttl: Literal["5m", "1h"] = "5m"


@quick_init
@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model's wish to call a tool.

    `arguments` is the parsed object; `arguments_json` the text as received. Text that is not a JSON object leaves
    `arguments` empty and says why in `arguments_error`. `item_id` and `signature` are the vendor's, for the way back;
    so are `origin` and `extra`, as in `TextPart`.
    """

    id: str
    name: str
    arguments: Mapping[str, Any]
    arguments_json: str
    arguments_error: str | None = None
    item_id: str | None = None
    signature: str | None = None
    origin: str | None = None
    extra: Mapping[str, Any] | None = field(default=None, repr=False)

    @classmethod
    def parse(
        cls,
        id: str,
        name: str,
        arguments_json: str,
        *,
        item_id: str | None = None,
        signature: str | None = None,
        origin: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> ToolCall:
        """Make a call of the arguments' text. An empty text and `null` mean no arguments."""
        arguments, error = _parse_arguments(arguments_json)
        return cls(id, name, arguments, arguments_json, error, item_id, signature, origin, extra)

    @classmethod
    def of(cls, id: str, name: str, arguments: Mapping[str, Any]) -> ToolCall:
        """Make a call of an arguments object."""
        return cls(id, name, arguments, to_json(arguments).decode())


def _parse_arguments(text: str) -> tuple[Mapping[str, Any], str | None]:
    if not text.strip():
        return {}, None
    try:
        value = from_json(text)
    except ValueError as error:
        return {}, f"the arguments are not valid JSON: {error}"
    if value is None:
        return {}, None
    if not isinstance(value, dict):
        return {}, f"the arguments must be a JSON object, not {type(value).__name__}"
    return value, None


Part: TypeAlias = (
    TextPart | ImagePart | FilePart | AudioPart | ReasoningPart | RefusalPart | OpaquePart | CachePoint | ToolCall
)


def require_one_source(kind: str, **sources: object) -> None:
    """Raise `ValueError` unless exactly one of the sources is given."""
    given = [name for name, value in sources.items() if value is not None]
    if len(given) != 1:
        names = ", ".join(f"`{name}`" for name in sources)
        raise ValueError(f"{kind} needs exactly one of {names}; given: {', '.join(given) or 'none'}")


def parse_data_url(url: str) -> tuple[str, bytes]:
    """Split a `data:` URL into media type and bytes. Raises `ValueError` on anything else."""
    header, comma, payload = url.partition(",")
    if not header.startswith("data:") or not comma or not header.endswith(";base64"):
        raise ValueError("a data URL must look like `data:<media type>;base64,<data>`")
    try:
        return header[5:-7], base64.b64decode(payload, validate=True)
    except binascii.Error as error:
        raise ValueError(f"the data URL's base64 is not valid: {error}") from error


def render_data_url(media_type: str, data: bytes) -> str:
    """Write bytes as a base64 `data:` URL."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"

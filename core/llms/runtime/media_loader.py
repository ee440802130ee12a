"""Bringing the media of messages into the form that wires send: bytes, read, fetched and checked, with their type.

What is accepted lives in `media_checks`, fetching in `remote_media`. What the vendor fetches stays an address.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from core.llms.errors import MediaError
from core.llms.runtime.media_checks import MediaLimits, check_audio, check_file, check_image, check_size, check_total
from core.llms.types.content import AudioPart, FilePart, ImagePart, Part, parse_data_url
from core.llms.types.messages import Message

MediaPart = ImagePart | FilePart | AudioPart
_REMOTE: Final = ("https://", "http://")
_DEFAULT_LIMITS: Final = MediaLimits()
_SHOWN_PATH_CHARS: Final = 200


def needs_loading(messages: Sequence[Message], fetch_remote: bool) -> bool:
    """Tell whether `load_media` has anything to read, fetch or check in these messages."""
    for message in messages:
        content = message.content
        if type(content) is str:
            continue
        for part in content:
            if isinstance(part, MediaPart) and _is_pending(part, fetch_remote):
                return True
    return False


def _is_pending(part: MediaPart, fetch_remote: bool) -> bool:
    if isinstance(part, AudioPart) or part.path is not None or part.data is not None:
        return True
    if part.url is None:
        return False
    return part.url.startswith("data:") or (fetch_remote and isinstance(part, ImagePart) and _is_remote(part.url))


def _is_remote(url: str) -> bool:
    return url[:8].lower().startswith(_REMOTE)


async def load_media(
    messages: Sequence[Message],
    *,
    fetch_remote: bool = False,
    limits: MediaLimits = _DEFAULT_LIMITS,
    timeout_seconds: float = 30.0,
) -> tuple[Message, ...]:
    """Return the messages with every path, data URL and byte string read, checked and given its media type.

    Files are read in a thread; `~` and relative paths work. Image, file and sound parts then carry `data`, with
    `media_type`, or `format` for sound. Parts with an address or a `file_id` stay as they are; with `fetch_remote`,
    images at `https:` addresses are fetched, all within `timeout_seconds`. The messages given are not changed.

    Raises:
        MediaError: a file is missing, no file, unreadable, of a type that is not accepted or not the one it is said to
            be, or too large; an address is not allowed or does not answer. It names the place, the problem and the fix.
    """
    fetched = await _fetch_remote(messages, limits, timeout_seconds) if fetch_remote else {}
    loaded: list[Message] = []
    total = 0
    for index, message in enumerate(messages):
        if isinstance(message.content, str):
            loaded.append(message)
            continue
        parts: list[Part] = []
        for position, part in enumerate(message.content):
            if isinstance(part, MediaPart) and _is_pending(part, fetch_remote):
                part = await _load_part(part, f"messages[{index}].content[{position}]: ", fetched, limits)
                total += len(part.data or b"")
                check_total(total, limits)
            parts.append(part)
        loaded.append(replace(message, content=tuple(parts)))
    return tuple(loaded)


async def _fetch_remote(messages: Sequence[Message], limits: MediaLimits, timeout_seconds: float) -> dict[str, bytes]:
    parts = [part for message in messages for part in message.parts]
    found = [part.url for part in parts if isinstance(part, ImagePart) and part.url and _is_remote(part.url)]
    urls = list(dict.fromkeys(found))
    if not urls:
        return {}
    from core.llms.runtime.remote_media import fetch_images

    images = await fetch_images(urls, limits=limits, timeout_seconds=timeout_seconds)
    return dict(zip(urls, images, strict=True))


async def _load_part(part: MediaPart, place: str, fetched: Mapping[str, bytes], limits: MediaLimits) -> MediaPart:
    if isinstance(part, ImagePart) and part.url is not None and part.url in fetched:
        name = f"{place}the image at {_host_of(part.url)}"
        return _check(replace(part, url=None, data=fetched[part.url]), name, limits)
    if part.data is not None:
        return _check(part, f"{place}{_kind(part)}", limits)
    return await asyncio.to_thread(_read, part, place, limits)


def _host_of(url: str) -> str:
    return urlsplit(url).hostname or "an unknown host"


def _kind(part: MediaPart) -> str:
    match part:
        case ImagePart():
            return "the image"
        case FilePart():
            return f"the file {part.filename}" if part.filename else "the file"
        case AudioPart():
            return "the recording"


def _read(part: MediaPart, place: str, limits: MediaLimits) -> MediaPart:
    if part.path is None:
        assert not isinstance(part, AudioPart)
        name = f"{place}{_kind(part)} in the data URL"
        return _check(_decode(part, name, limits), name, limits)
    name = f"{place}{_kind(part)} {str(part.path)[:_SHOWN_PATH_CHARS]}"
    limit = limits.image_bytes if isinstance(part, ImagePart) else limits.request_bytes
    path, data = _read_file(part.path, name, limit)
    if isinstance(part, FilePart):
        part = replace(part, filename=part.filename or path.name)
    return _check(replace(part, path=None, data=data), name, limits)


def _decode(part: ImagePart | FilePart, name: str, limits: MediaLimits) -> MediaPart:
    assert part.url is not None
    limit = limits.image_bytes if isinstance(part, ImagePart) else limits.request_bytes
    # Four characters are three bytes: what cannot fit is refused before it is decoded.
    if (len(part.url) - 256) * 3 // 4 > limit:
        check_size((len(part.url) - 256) * 3 // 4, limit, name)
    try:
        media_type, data = parse_data_url(part.url)
    except ValueError as error:
        raise MediaError(f"{name} cannot be read: {error}") from error
    return replace(part, url=None, data=data, media_type=part.media_type or media_type or None)


def _read_file(given: Path, name: str, limit: int) -> tuple[Path, bytes]:
    try:
        path = Path(given).expanduser()
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise MediaError(f"{name} is a directory: give the path of one file")
        if not stat.S_ISREG(status.st_mode):
            raise MediaError(f"{name} is not a regular file: read it yourself and give its bytes")
        check_size(status.st_size, limit, name)
        with path.open("rb") as file:
            # One byte more than is allowed shows a file that grew meanwhile.
            return path, file.read(limit + 1)
    except MediaError:
        raise
    except FileNotFoundError as error:
        raise MediaError(f"{name} does not exist (looked for from {Path.cwd()}): correct the path") from error
    except PermissionError as error:
        raise MediaError(f"{name} cannot be read: this process lacks the permission") from error
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise MediaError(f"{name} cannot be read: {reason}; a path, bytes or a data URL is expected") from error


def _check(part: MediaPart, name: str, limits: MediaLimits) -> MediaPart:
    """Check a part that has its bytes, and fill in its type; one that has the right type already is kept."""
    data = part.data
    assert data is not None
    match part:
        case ImagePart():
            media_type = check_image(data, part.media_type, name, limits)
            return part if media_type == part.media_type else replace(part, media_type=media_type)
        case FilePart():
            media_type = check_file(data, part.media_type, part.filename, name, limits)
            return part if media_type == part.media_type else replace(part, media_type=media_type)
        case AudioPart():
            audio_format = check_audio(data, part.format, name, limits)
            return part if audio_format == part.format else replace(part, format=audio_format)

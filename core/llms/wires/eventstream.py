"""Amazon's binary event stream, without I/O: length-prefixed messages with headers, guarded by two checksums.

Framing alone lives here: what the messages mean is the business of the wire that is streamed in them. A message is its
whole length and its headers' length (4 bytes each), a CRC-32 of these eight, the headers, the payload, and a CRC-32 of
everything before (botocore 1.44, `eventstream`, read 2026-11-21).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from struct import Struct
from typing import Any, Final
from zlib import crc32

from core.llms.errors import ProtocolError

MAX_HEADER_BYTES: Final = 128 * 1024
MAX_PAYLOAD_BYTES: Final = 24 * 1024 * 1024
_PRELUDE: Final = Struct(">III")
_CHECKSUM: Final = Struct(">I")
_FRAME_BYTES: Final = _PRELUDE.size + _CHECKSUM.size
# Headers repeat from message to message; a stream that varies them without end is not remembered.
_MOST_REMEMBERED: Final = 64


@dataclass(frozen=True, slots=True)
class EventStreamMessage:
    """One message. `headers` are strings for all that Amazon's services send; other types keep their own."""

    headers: Mapping[str, Any]
    payload: bytes = field(repr=False)


class EventStreamDecoder:
    """Splits bytes into messages, wherever the chunks were cut.

    `pending` tells that the bytes so far end inside a message, `event_count` how many messages were given.
    Raises `ProtocolError` for a checksum that does not fit, headers that cannot be read, and sizes over the limits.
    """

    __slots__ = ("_buffer", "_needed", "_remembered", "event_count")

    def __init__(self) -> None:
        self.event_count: int = 0
        self._buffer = bytearray()
        self._needed = _PRELUDE.size
        self._remembered: dict[bytes, Mapping[str, Any]] = {}

    @property
    def pending(self) -> bool:
        """Whether the bytes so far end inside a message."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> list[EventStreamMessage]:
        """Return the messages that these bytes complete."""
        messages: list[EventStreamMessage] = []
        buffer = self._buffer
        buffer += chunk
        available = len(buffer)
        if available < self._needed:
            return messages
        position = 0
        while available - position >= _PRELUDE.size:
            total, header_bytes = _read_prelude(buffer, position)
            self._needed = total
            if available - position < total:
                break
            messages.append(self._read_message(bytes(buffer[position : position + total]), header_bytes))
            position += total
            self._needed = _PRELUDE.size
        del buffer[:position]
        self.event_count += len(messages)
        return messages

    def _read_message(self, message: bytes, header_bytes: int) -> EventStreamMessage:
        end = len(message) - _CHECKSUM.size
        if crc32(message[:end]) != _CHECKSUM.unpack_from(message, end)[0]:
            raise ProtocolError("a message of the event stream does not fit its checksum")
        begin = _PRELUDE.size + header_bytes
        return EventStreamMessage(self._headers(message[_PRELUDE.size : begin]), message[begin:end])

    def _headers(self, raw: bytes) -> Mapping[str, Any]:
        headers = self._remembered.get(raw)
        if headers is None:
            headers = parse_headers(raw)
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[raw] = headers
        return headers


def _read_prelude(buffer: bytearray, position: int) -> tuple[int, int]:
    total, header_bytes, checksum = _PRELUDE.unpack_from(buffer, position)
    if crc32(buffer[position : position + 8]) != checksum:
        raise ProtocolError("the event stream does not fit its checksum: this is another format, or it was damaged")
    payload_bytes = total - header_bytes - _FRAME_BYTES
    if header_bytes > MAX_HEADER_BYTES or payload_bytes > MAX_PAYLOAD_BYTES:
        raise ProtocolError(f"a message of the event stream is larger than it may be ({total} bytes)")
    if payload_bytes < 0:
        raise ProtocolError("a message of the event stream is shorter than its own frame")
    return total, header_bytes


def parse_headers(raw: bytes) -> dict[str, Any]:
    """Read the headers of a message. Raises `ProtocolError` for what is cut, unknown or given twice."""
    headers: dict[str, Any] = {}
    position = 0
    while position < len(raw):
        name_bytes, position = _take(raw, position + 1, raw[position])
        kind_byte, position = _take(raw, position, 1)
        name = _decode(name_bytes)
        read = _READERS.get(kind_byte[0])
        if read is None or name in headers:
            raise ProtocolError(f"header {name!r} of the event stream has an unknown type, or is given twice")
        headers[name], position = read(raw, position)
    return headers


def _take(raw: bytes, position: int, length: int) -> tuple[bytes, int]:
    end = position + length
    if end > len(raw):
        raise ProtocolError("the headers of a message of the event stream are cut")
    return raw[position:end], end


def _decode(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise ProtocolError("a header of the event stream is not UTF-8") from error


def _bytes(raw: bytes, position: int) -> tuple[bytes, int]:
    length, position = _take(raw, position, 2)
    return _take(raw, position, int.from_bytes(length, "big"))


def _text(raw: bytes, position: int) -> tuple[str, int]:
    value, position = _bytes(raw, position)
    return _decode(value), position


def _integer(length: int) -> Callable[[bytes, int], tuple[int, int]]:
    def read(raw: bytes, position: int) -> tuple[int, int]:
        value, position = _take(raw, position, length)
        return int.from_bytes(value, "big", signed=True), position

    return read


# The numbers of the types; a time is milliseconds since 1970, a UUID its 16 bytes.
_READERS: Final[Mapping[int, Callable[[bytes, int], tuple[Any, int]]]] = {
    0: lambda raw, position: (True, position),
    1: lambda raw, position: (False, position),
    2: _integer(1),
    3: _integer(2),
    4: _integer(4),
    5: _integer(8),
    6: _bytes,
    7: _text,
    8: _integer(8),
    9: lambda raw, position: _take(raw, position, 16),
}

"""Server-sent events from bytes, without I/O: the framing that most vendors stream in."""

from __future__ import annotations

import re

from core.llms.errors import ProtocolError

MAX_EVENT_BYTES = 32 * 1024 * 1024
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


class SSEDecoder:
    """Splits bytes into `(event name, data)` pairs, wherever the chunks were cut.

    Accepts LF, CRLF and CR, a leading BOM, comments, several `data:` lines an event. An event at the end without its
    blank line is not complete and is dropped, as the standard has it: `pending` tells that there was one.
    Raises `ProtocolError` once a single event is larger than `max_event_bytes`.
    """

    __slots__ = ("_buffer", "_data", "_event", "_max_event_bytes", "_size", "_skip_lf", "_started")

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._buffer: list[bytes] = []
        self._data: list[bytes] = []
        self._event = b""
        self._size = 0
        self._skip_lf = False
        self._started = False
        self._max_event_bytes = max_event_bytes

    @property
    def pending(self) -> bool:
        """Whether the bytes so far end inside an event."""
        return bool(self._buffer or self._data)

    def feed(self, chunk: bytes) -> list[tuple[bytes, bytes]]:
        """Return the events that these bytes complete; the name is empty where none was given."""
        if not self._started:
            chunk = self._strip_bom(chunk)
        if self._skip_lf and chunk:
            self._skip_lf = False
            if chunk[0] == 10:
                chunk = chunk[1:]
        has_cr = b"\r" in chunk
        if not has_cr and b"\n" not in chunk:
            self._hold(chunk)
            return []
        if self._buffer:
            self._buffer.append(chunk)
            chunk = b"".join(self._buffer)
        lines = self._split_lines(chunk) if has_cr else chunk.split(b"\n")
        tail = lines.pop()
        self._buffer = [tail] if tail else []
        events = [pair for line in lines if (pair := self._take_line(line)) is not None]
        self._check_size(len(tail))
        return events

    def _hold(self, chunk: bytes) -> None:
        if chunk:
            self._buffer.append(chunk)
            self._check_size(sum(map(len, self._buffer)))

    def _check_size(self, waiting: int) -> None:
        if self._size + waiting > self._max_event_bytes:
            raise ProtocolError(f"an event of the stream is larger than {self._max_event_bytes} bytes")

    def _strip_bom(self, chunk: bytes) -> bytes:
        chunk = b"".join([*self._buffer, chunk])
        self._buffer = []
        if len(chunk) < 3 and _BOM.startswith(chunk):
            self._buffer = [chunk] if chunk else []
            return b""
        self._started = True
        return chunk[3:] if chunk.startswith(_BOM) else chunk

    def _split_lines(self, buffer: bytes) -> list[bytes]:
        self._skip_lf = buffer.endswith(b"\r")
        return _LINE_END.split(buffer)

    def _take_line(self, line: bytes) -> tuple[bytes, bytes] | None:
        if line.startswith(b"data:"):
            value = line[6:] if line[5:6] == b" " else line[5:]
            self._data.append(value)
            self._size += len(line)
        elif not line:
            return self._dispatch()
        elif line.startswith(b"event:"):
            self._event = line[6:].strip()
        return None

    def _dispatch(self) -> tuple[bytes, bytes] | None:
        data, event = self._data, self._event
        if not data:
            self._event = b""
            return None
        self._data = []
        self._event = b""
        self._size = 0
        return event, data[0] if len(data) == 1 else b"\n".join(data)

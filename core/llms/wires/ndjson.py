"""Newline-delimited JSON from bytes, without I/O: one value a line. What a line means is its reader's matter."""

from __future__ import annotations

from core.llms.errors import ProtocolError

MAX_LINE_BYTES = 32 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class NDJSONDecoder:
    """Splits bytes into lines, wherever the chunks were cut; empty lines and a leading BOM are passed over.

    Lines end in LF or CRLF. What comes behind the last line end is held: `pending` is that rest. `event_count` is how
    many lines were given so far. Raises `ProtocolError` once a single line is larger than `max_line_bytes`.
    """

    __slots__ = ("_held", "_held_bytes", "_max_line_bytes", "event_count")

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self.event_count: int = 0
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._max_line_bytes = max_line_bytes

    @property
    def pending(self) -> bytes:
        """The bytes behind the last line end, without white space around them."""
        return self._clean(b"".join(self._held))

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that these bytes complete."""
        if chunk.find(b"\n") < 0:
            self._hold(chunk)
            return []
        if self._held:
            chunk = b"".join([*self._held, chunk])
            self._held, self._held_bytes = [], 0
        *whole, rest = chunk.split(b"\n")
        lines = [line for line in map(self._clean, whole) if line]
        if max(map(len, lines), default=0) > self._max_line_bytes:
            raise self._too_large()
        self.event_count += len(lines)
        self._hold(rest)
        return lines

    def _clean(self, line: bytes) -> bytes:
        return (line if self.event_count else line.removeprefix(_BOM)).strip()

    def _hold(self, rest: bytes) -> None:
        if rest:
            self._held.append(rest)
            self._held_bytes += len(rest)
            if self._held_bytes > self._max_line_bytes:
                raise self._too_large()

    def _too_large(self) -> ProtocolError:
        return ProtocolError(f"a line of the stream is larger than {self._max_line_bytes} bytes")

"""From the bytes of a stream to its JSON payloads: server-sent events, and bare JSON where the vendor drops them.

An error within a stream comes as an object over several lines without `data:`; without `alt=sse` the whole stream is
one array.
"""

from __future__ import annotations

import re
from typing import Final

from core.llms.wires.sse import SSEDecoder

_FIELD: Final = re.compile(rb"(?:data|event|id|retry)(?::|$)|:")
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')


class PayloadFramer(SSEDecoder):
    """Gives each payload as `(event name, data)`; a line of no field begins bare JSON, up to its closing bracket."""

    __slots__ = ("_bare", "_depth")

    def __init__(self) -> None:
        super().__init__()
        self._bare: list[bytes] = []
        self._depth = 0

    def feed(self, chunk: bytes) -> list[tuple[bytes, bytes]]:
        if self._idle and not self._bare and chunk[:6] == b"data: ":
            # One event of one line with this vendor's line ends, which is what most reads bring.
            end = len(chunk) - 4
            whole = chunk.find(b"\r") == end and chunk.find(b"\n") == end + 1 and chunk[end:] == b"\r\n\r\n"
            if whole and end <= self._max_event_bytes:
                self.event_count += 1
                return [(b"", chunk[6:end])]
        return super().feed(chunk)

    def close(self) -> bytes:
        """Return what the bytes end with, beside whole payloads: a last event without its blank line, or bare JSON."""
        rest = b"".join(self._held)
        if self._bare or (rest and not self._data and not _FIELD.match(rest)):
            return b"\n".join([*self._bare, rest]).strip()
        return self.pending_data.strip()

    def _take_lines(self, lines: list[bytes], events: list[tuple[bytes, bytes]]) -> None:
        if not self._bare and _hold_fields_alone(lines):
            super()._take_lines(lines, events)
            return
        for line in lines:
            if self._bare or (line.strip() and not _FIELD.match(line)):
                self._take_bare(line, events)
            else:
                super()._take_lines([line], events)

    def _take_bare(self, line: bytes, events: list[tuple[bytes, bytes]]) -> None:
        self._bare.append(line)
        self._size += len(line)
        self._check_size(0)
        outside = _STRING.sub(b"", line)
        self._depth += outside.count(b"{") + outside.count(b"[") - outside.count(b"}") - outside.count(b"]")
        if self._depth <= 0:
            events.append((b"", b"\n".join(self._bare)))
            self._bare, self._depth, self._size = [], 0, 0


def _hold_fields_alone(lines: list[bytes]) -> bool:
    for line in lines:  # noqa: SIM110 - `all` costs a generator on the hot path
        if line and line[:6] != b"data: " and not _FIELD.match(line):
            return False
    return True

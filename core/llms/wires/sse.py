"""Server-sent events from bytes, without I/O: the framing that most vendors stream in."""

from __future__ import annotations

from core.llms.errors import ProtocolError

MAX_EVENT_BYTES = 32 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class SSEDecoder:
    """Splits bytes into `(event name, data)` pairs, wherever the chunks were cut.

    Accepts LF, CRLF and CR, a leading BOM, comments, several `data:` lines an event. An event at the end without its
    blank line is not complete and is dropped, as the standard has it: `pending` tells that there was one, and
    `pending_data` what it held. `event_count` is how many events were given so far.
    Raises `ProtocolError` once a single event is larger than `max_event_bytes`.
    """

    __slots__ = (
        "_data",
        "_event",
        "_held",
        "_held_bytes",
        "_idle",
        "_max_event_bytes",
        "_size",
        "_skip_lf",
        "_started",
        "event_count",
    )

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.event_count: int = 0
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._data: list[bytes] = []
        self._event = b""
        self._size = 0
        self._idle = False
        self._skip_lf = False
        self._started = False
        self._max_event_bytes = max_event_bytes

    @property
    def pending(self) -> bool:
        """Whether the bytes so far end inside an event."""
        return bool(self._held or self._data)

    @property
    def pending_data(self) -> bytes:
        """The data of the event that the bytes so far end inside, as far as it came."""
        last = b"".join(self._held)
        unfinished = [last[5:].removeprefix(b" ")] if last.startswith(b"data:") else []
        return b"\n".join([*self._data, *unfinished])

    def feed(self, chunk: bytes) -> list[tuple[bytes, bytes]]:
        """Return the events that these bytes complete; the name is empty where none was given."""
        if self._idle and chunk[:6] == b"data: ":
            # One event of one line, which is what most reads bring.
            end = len(chunk) - 2
            if chunk.find(b"\n") == end and chunk[-1] == 10 and chunk.find(b"\r") < 0 and end <= self._max_event_bytes:
                self.event_count += 1
                return [(b"", chunk[6:end])]
        if not self._started:
            chunk = self._strip_bom(chunk)
        if self._skip_lf and chunk:
            self._skip_lf = False
            chunk = chunk.removeprefix(b"\n")
        has_cr = chunk.find(b"\r") >= 0
        if not has_cr and chunk.find(b"\n") < 0:
            self._hold(chunk)
            return []
        chunk = self._release(chunk)
        if has_cr:
            self._skip_lf = chunk.endswith(b"\r")
            lines = chunk.splitlines()  # of bytes: at CR, LF and CRLF, and nowhere else
            if chunk[-1] in b"\r\n":
                lines.append(b"")
        else:
            lines = chunk.split(b"\n")
        tail = lines.pop()
        events: list[tuple[bytes, bytes]] = []
        self._take_lines(lines, events)
        self.event_count += len(events)
        self._hold(tail)
        self._idle = not (tail or self._data or self._event or self._skip_lf)
        return events

    def _hold(self, tail: bytes) -> None:
        if tail:
            self._idle = False
            self._held.append(tail)
            self._held_bytes += len(tail)
            self._check_size(self._held_bytes)

    def _release(self, chunk: bytes) -> bytes:
        if self._held:
            chunk = b"".join([*self._held, chunk])
            self._held = []
            self._held_bytes = 0
        return chunk

    def _check_size(self, waiting: int) -> None:
        if self._size + waiting > self._max_event_bytes:
            raise ProtocolError(f"an event of the stream is larger than {self._max_event_bytes} bytes")

    def _strip_bom(self, chunk: bytes) -> bytes:
        chunk = self._release(chunk)
        if len(chunk) < 3 and _BOM.startswith(chunk):
            self._hold(chunk)
            return b""
        self._started = True
        return chunk.removeprefix(_BOM)

    def _take_lines(self, lines: list[bytes], events: list[tuple[bytes, bytes]]) -> None:
        for line in lines:
            if not line:
                if self._data:
                    events.append((self._event, b"\n".join(self._data)))
                    self._data = []
                    self._size = 0
                self._event = b""
            elif line[:5] == b"data:":
                self._size += len(line)
                self._check_size(0)
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif line[:6] == b"event:":
                self._event = line[6:].strip()
            elif line == b"data":
                self._data.append(b"")

"""Faults on demand: what may go wrong with a reply, as data. Carrying them out is the work of `delivery`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

FAULT_HEADER = "x-simulator-fault"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one reply, or with `repeat` of them in a row. All durations are in seconds.

    Instead of the true reply: `status` sends the vendor's own error body for that status (`code` and `message`
    override parts of it, `body` or `body_base64` all of it); `empty_body` sends none; `garbage` sends an HTML page
    under 200, or malformed JSON (in a stream, after `garbage_after_events` events); `hang` accepts and never answers.
    Headers: `retry_after`, `retry_after_ms` and `should_retry` are sent as they are; `headers` adds or replaces any
    other.
    Time: `latency` before the headers, `time_to_first_event` after them, `pacing` between events.
    Streams: after so many events `cut_after_events` (or bytes, `cut_after_bytes`) ends it, `hang_after_events` stops
    it, `error_after_events` sends the vendor's error event and ends it.
    `cut_mode`: `fin` ends the body cleanly without a terminal marker, `truncated` closes the connection inside the
    body, `reset` resets it. `close_delimited` sends the body without chunked encoding or length, ended by closing.
    `chunk_bytes` splits the body into separate writes of so many bytes. `line_ending` ends the lines of events.
    `endless` repeats comments, or the second event, for ever after the first, at the distance of `pacing`.
    """

    status: int | None = None
    code: str | None = None
    message: str | None = None
    body: str | None = None
    body_base64: str | None = None
    retry_after: str | None = None
    retry_after_ms: str | None = None
    should_retry: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    latency: float = 0.0
    time_to_first_event: float = 0.0
    pacing: float = 0.0
    cut_after_events: int | None = None
    cut_after_bytes: int | None = None
    cut_mode: Literal["fin", "truncated", "reset"] = "fin"
    close_delimited: bool = False
    garbage: Literal["json", "html"] | None = None
    garbage_after_events: int = 0
    hang: bool = False
    hang_after_events: int | None = None
    error_after_events: int | None = None
    empty_body: bool = False
    chunk_bytes: int | None = None
    line_ending: Literal["\n", "\r\n", "\r"] = "\n"
    endless: Literal["comments", "events"] | None = None
    repeat: int = 1

    def __post_init__(self) -> None:
        if self.status is not None and not 200 <= self.status <= 999:
            raise ValueError(f"status must be a final HTTP status, 200 to 999, not {self.status}")
        if self.chunk_bytes is not None and self.chunk_bytes < 1:
            raise ValueError(f"chunk_bytes must be at least 1, not {self.chunk_bytes}")
        if self.repeat < 1:
            raise ValueError(f"repeat must be at least 1, not {self.repeat}")
        if min(self.latency, self.time_to_first_event, self.pacing) < 0:
            raise ValueError("durations must not be negative")

    def merged(self, other: Fault) -> Fault:
        """This fault with everything that `other` sets on top."""
        changes: dict[str, Any] = {
            entry.name: value
            for entry in fields(other)
            if (value := getattr(other, entry.name)) != getattr(NO_FAULT, entry.name)
        }
        changes["headers"] = {**self.headers, **other.headers}
        return replace(self, **changes)

    def raw_body(self) -> bytes | None:
        """The body to send word for word, when one is given."""
        if self.body_base64 is not None:
            return base64.b64decode(self.body_base64)
        return self.body.encode() if self.body is not None else None

    def response_headers(self) -> dict[str, str]:
        """The headers this fault adds to the reply."""
        named = {
            "retry-after": self.retry_after,
            "retry-after-ms": self.retry_after_ms,
            "x-should-retry": self.should_retry,
        }
        return {name: value for name, value in named.items() if value is not None} | dict(self.headers)


NO_FAULT = Fault()
_ADAPTER = TypeAdapter(Fault)
_NAMES = frozenset(entry.name for entry in fields(Fault))


def parse_fault(source: str | bytes | Mapping[str, Any]) -> Fault:
    """A fault from JSON text or a mapping. Raises: ValueError naming what is unknown or wrong."""
    try:
        if isinstance(source, Mapping):
            unknown = sorted(set(source) - _NAMES)
            if unknown:
                raise ValueError(f"unknown fault field {unknown[0]!r}; known are {', '.join(sorted(_NAMES))}")
            return _ADAPTER.validate_python(dict(source))
        parsed = TypeAdapter(dict[str, Any]).validate_json(source)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, detail['loc'])) or 'fault'}: {detail['msg']}") from error
    return parse_fault(parsed)

"""What the benchmark's server answers, made once: the bytes, and the answer that a client must read from them.

What a vendor's answers look like is in `vendors/`; here is what they have in common.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

MAX_TOKENS = 2100
PROMPT_TOKENS = 37
HELD_EVENTS = 100
PLAIN_WORDS = 60

_WORDS = (
    "A", " bench", " stands", " on", " four", " legs", ",", " and", " a", " floor", " that", " dips", " lifts", " one",
    " of", " them", ":", " the", " plane", " then", " cuts", " deeper", " at", " one", " end", ".", " Level", " it",
    " first", "; ", "\"measure\"", " twice", ".\n",
)  # fmt: skip
SYSTEM = "You are a helpful assistant. Answer briefly."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client read."""

    text: str
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Vendor:
    """A vendor's answers: shapes, fields and headers as it sends them, so that each client does its work in earnest.

    `mark` is a piece of the path that no other vendor's requests have. `begin` are the bytes of a stream before its
    first text, `render_text` is the event of one piece, `render_end` what follows so many of them.
    """

    mark: bytes
    model: str
    headers: tuple[str, ...]
    render_body: Callable[[str, int], dict[str, Any]]
    begin: bytes
    render_text: Callable[[str], bytes]
    render_end: Callable[[int], bytes]

    def encode_body(self) -> bytes:
        """Write the body of a plain call's answer."""
        return encode(self.render_body(expected_answer(0).text, PLAIN_WORDS))

    @cache  # noqa: B019 - there are three vendors, and they live as long as the process
    def encode_plain(self) -> bytes:
        """Write the whole HTTP answer of a plain call."""
        body = self.encode_body()
        return self._head("Content-Type: application/json", f"Content-Length: {len(body)}") + body

    def encode_stream_head(self) -> bytes:
        """Write the head of a streamed answer."""
        return self._head("Content-Type: text/event-stream; charset=utf-8", "Transfer-Encoding: chunked")

    @cache  # noqa: B019
    def encode_stream(self, events: int) -> tuple[bytes, ...]:
        """Write a stream of so many text events, each in an HTTP chunk of its own; the last item ends the stream."""
        first, *texts = [_frame(self.render_text(piece)) for piece in pieces(events)]
        begin = _frame(self.begin) if self.begin else b""
        return (begin + first, *texts, _frame(self.render_end(events)) + b"0\r\n\r\n")

    def encode_events(self, count: int) -> list[bytes]:
        """Write what begins a stream, and so many text events."""
        return [self.begin + self.render_text("A"), *(self.render_text(piece) for piece in pieces(count)[1:])]

    def _head(self, *headers: str) -> bytes:
        common = ("Date: Sat, 21 Nov 2026 10:00:00 GMT", "Connection: keep-alive", "server: loopback")
        return "\r\n".join(("HTTP/1.1 200 OK", *headers, *common, *self.headers, "", "")).encode()


def make_messages(kind: str) -> list[dict[str, str]]:
    """Make a conversation; the server finds the kind of answer that is wanted in its last message."""
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": make_question(kind)}]


def make_question(kind: str) -> str:
    """Make what the user asks."""
    return f"Why does a bench need a level floor? Explain it in two or three lines. ({kind})"


def expected_answer(events: int) -> Answer:
    """Return the answer to a stream of so many text events; 0 is the plain answer."""
    words = events or PLAIN_WORDS
    return Answer("".join(pieces(words)), PROMPT_TOKENS, words)


def pieces(count: int) -> list[str]:
    """Return so many pieces of text."""
    return [_WORDS[index % len(_WORDS)] for index in range(count)]


def encode(value: Any) -> bytes:
    """Write JSON without spaces."""
    return json.dumps(value, separators=(",", ":")).encode()


def as_event(data: bytes, name: str = "", line_end: bytes = b"\n") -> bytes:
    """Write a server-sent event."""
    named = b"event: " + name.encode() + line_end if name else b""
    return named + b"data: " + data + line_end * 2


def _frame(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)

"""The body is wrong, hostile or oddly cut, on both wires: faults 39 to 52."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.llms import (
    LLMTimeoutError,
    ProtocolError,
    RateLimitError,
    ResponseTooLargeError,
    ServerError,
    StreamInterruptedError,
    Timeouts,
    TransportOptions,
)
from tests.faults.matrix.fault import SHORT, Ending, Fault, Interrupted, Long, Send, Serve, head, is_streamed, repeat
from tests.support import chat_bytes, response_bytes
from tests.support.raw_server import Exchange

# The server writes hundreds of megabytes in the loop in which the call waits for them.
UNHURRIED = Timeouts(connect=60, first_event=60, between_events=60, total=60)
TEXT = "Grüße aus Köln: 🦊 𝄞 — und\u2028Ende"


@dataclass(frozen=True)
class Bytes:
    """Good answers of one wire, to be spoilt."""

    wire: str
    body: Callable[..., bytes]
    stream: Callable[..., list[bytes]]
    text: Callable[[str], bytes]
    end: bytes
    error: bytes
    failed: bytes

    @property
    def closing(self) -> bytes:
        """What ends a stream rightly after its last text, on the wire that has a short end."""
        return chat_bytes.chunk({}, "stop") + self.end if self.end else b""

    def begun(self, text: str) -> bytes:
        """A stream up to its first text."""
        first = b"".join(response_bytes.beginning()) if self.wire == "responses" else b""
        return first + self.text(text)


CHAT = Bytes(
    "chat",
    chat_bytes.completion,
    chat_bytes.stream,
    lambda text: chat_bytes.chunk({"content": text}),
    b"data: [DONE]\n\n",
    b'data: {"error": {"message": "overheated", "type": "server_error", "code": null}}\n\n',
    b'data: {"error": {"message": "slower", "type": "requests", "code": "rate_limit_exceeded"}}\n\n',
)
RESPONSES = Bytes(
    "responses",
    response_bytes.response,
    response_bytes.stream,
    response_bytes.delta,
    b"",
    response_bytes.event("error", 9, code="server_error", message="overheated", param=None),
    response_bytes.event(
        "response.failed",
        9,
        response=response_bytes.body(
            status="failed", output=[], error={"code": "rate_limit_exceeded", "message": "slower"}
        ),
    ),
)


def serving(whole: bytes | None, streamed: Sequence[bytes] | bytes | None) -> Serve:
    """Serve the one to a call and the other to a stream, which is ended by closing."""

    async def serve(exchange: Exchange, send: Send) -> None:
        body = streamed if is_streamed(exchange) else whole
        assert body is not None
        joined = body if isinstance(body, bytes) else b"".join(body)
        await send(head(exchange, "Connection: close") + joined)
        exchange.writer.close()

    return serve


def deep(opening: bytes, closing: bytes) -> bytes:
    return opening * 100_000 + b"1" + closing * 100_000


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new, 1)


async def endless_comments(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, "Connection: close"))
    await repeat(exchange, b": keep-alive\n\n", 0.01)


def comments_after(begun: bytes) -> Serve:
    async def serve(exchange: Exchange, send: Send) -> None:
        await send(head(exchange, "Connection: close") + begun)
        await repeat(exchange, b": keep-alive\n\n", 0.01)

    return serve


def endless(begun: bytes, event: bytes) -> Serve:
    async def serve(exchange: Exchange, send: Send) -> None:
        await send(head(exchange, "Connection: close") + begun)
        await repeat(exchange, event, 0.0)

    return serve


async def stays_open(exchange: Exchange, send: Send, body: bytes) -> None:
    await send(head(exchange) + body)
    await exchange.client_gone()


def open_after(body: bytes) -> Serve:
    return lambda exchange, send: stays_open(exchange, send, body)


def json_faults(wire: Bytes) -> list[Fault]:
    """What is no JSON, or JSON that nobody should send."""
    body, begun = wire.body("Hello"), wire.begun("Half")
    spoilt = ProtocolError, Interrupted("Half", ProtocolError)
    # The number is one that nobody reads, so that nothing but the JSON itself can be found wrong.
    places = {"text": (b'"Hello"', b'"more"'), "number": (b": 1,", b": 3," if wire is RESPONSES else b": 1,")}

    def spoil(number: int, name: str, place: str, new: bytes) -> Fault:
        old, old_in_event = places[place]
        event = replaced(wire.text("more"), old_in_event, new)
        # What comes at once with the spoilt event may not have reached the caller yet.
        return Fault(
            number, name, serving(replaced(body, old, new), begun + event + wire.closing), ProtocolError, spoilt
        )

    return [
        *duplicate_keys(wire),
        spoil(40, "NaN", "number", b": NaN,"),
        spoil(40, "Infinity", "number", b": -Infinity,"),
        spoil(41, "deep lists", "number", b": " + deep(b"[", b"]") + b","),
        spoil(41, "deep objects", "number", b": " + deep(b'{"a":', b"}") + b","),
        spoil(44, "invalid UTF-8", "text", b'"\xff\xfe"'),
        spoil(44, "half a surrogate pair", "text", b'"\\ud83e"'),
        spoil(44, "overlong UTF-8", "text", b'"\xc0\xaf"'),
        spoil(44, "a control character", "text", b'"a\x00b"'),
        spoil(42, "a number for a text", "text", b"7"),
        null_choices(wire, spoilt),
        Fault(42, "an array", serving(b"[]", begun + b"data: []\n\n"), ProtocolError, spoilt),
        Fault(42, "null", serving(b"null", begun + b"data: null\n\n"), ProtocolError, spoilt),
        Fault(46, "half an event", serving(body[:-20], begun + wire.text("more")[:-9]), ProtocolError, spoilt),
        Fault(50, "an empty stream", serving(None, b""), None, ProtocolError),
        Fault(50, "a stream of comments alone", serving(None, b": hello\n\n: bye\n\n"), None, ProtocolError),
        Fault(50, "the end alone", serving(None, wire.end or b"\n\n"), None, ProtocolError),
    ]


def duplicate_keys(wire: Bytes) -> list[Fault]:
    """Of two members of one name the last one counts, as in every JSON library that the vendors' SDKs use."""
    names = {"whole": "content" if wire is CHAT else "text", "streamed": "content" if wire is CHAT else "delta"}
    old = {kind: f'"{name}": "Hello"'.encode() for kind, name in names.items()}
    twice = {kind: f'"{name}": "Bye", "{name}": "Hello"'.encode() for kind, name in names.items()}
    body = replaced(wire.body("Hello"), old["whole"], twice["whole"])
    stream = replaced(b"".join(wire.stream("Hello")), old["streamed"], twice["streamed"])
    return [Fault(39, "duplicate keys", serving(body, stream), "Hello", "Hello")]


def null_choices(wire: Bytes, spoilt: Ending) -> Fault:
    if wire is RESPONSES:
        return Fault(42, "null output", serving(wire.body(output=None), None), ProtocolError, None)
    event = chat_bytes.chunk({}, choices=None)
    return Fault(
        42, "null choices", serving(wire.body(choices=None), wire.begun("Half") + event), ProtocolError, spoilt
    )


def text_faults(wire: Bytes) -> list[Fault]:
    """Odd bytes of a right answer, which must come out right."""
    pieces = wire.stream(*TEXT)
    raw = [
        json.dumps(json.loads(piece.partition(b"data: ")[2]), ensure_ascii=False) if b"{" in piece else "[DONE]"
        for piece in pieces
    ]
    unescaped = b"".join(b"data: " + text.encode() + b"\n\n" for text in raw)
    body = json.dumps(json.loads(wire.body(TEXT)), ensure_ascii=False).encode()
    framed: list[tuple[int, str, bytes]] = [
        (43, "unescaped UTF-8", unescaped),
        (45, "CRLF", unescaped.replace(b"\n", b"\r\n")),
        (45, "CR", unescaped.replace(b"\n", b"\r")),
        (45, "mixed line ends", unescaped.replace(b"\n\n", b"\r\n\n", 3).replace(b"\n\n", b"\r\r", 2)),
        (45, "BOM", b"\xef\xbb\xbf" + unescaped),
        (45, "data without a space", unescaped.replace(b"data: ", b"data:")),
        (45, "fields and comments between", unescaped.replace(b"data: ", b": hi\nid: 7\nretry: 10\nunknown\ndata: ")),
        (45, "data over several lines", unescaped.replace(b', "', b',\ndata: "')),
        (52, "data after the end", b"".join(pieces) + wire.text("more") + b"garbage \xff\n\n"),
    ]
    return [
        *(Fault(number, name, serving(None, stream), None, TEXT) for number, name, stream in framed),
        Fault(43, "unescaped UTF-8", serving(body, None), TEXT, None),
        Fault(43, "JSON with white space around", serving(b" \r\n\t" + body + b"\n", None), TEXT, None),
        Fault(45, "JSON with a BOM", serving(b"\xef\xbb\xbf" + body, None), (TEXT, ProtocolError), None),
        Fault(52, "connection that stays open after the end", open_after(b"".join(pieces)), None, TEXT),
        Fault(52, "JSON after the JSON", serving(body + b"{}", None), ProtocolError, None),
    ]


def error_faults(wire: Bytes) -> list[Fault]:
    """Errors that come inside a stream, and streams that never end."""
    begun = wire.begun("Half")
    beginning = (
        b"".join(response_bytes.beginning())
        if wire.wire == "responses"
        else chat_bytes.chunk({"role": "assistant", "content": ""})
    )
    once = replace(SHORT, total=0.4)
    large = TransportOptions(max_response_bytes=200_000)
    return [
        Fault(48, "endless comments", endless_comments, None, LLMTimeoutError, SHORT),
        Fault(48, "comments after text", comments_after(begun), None, Interrupted("Half", LLMTimeoutError), SHORT),
        Fault(
            49, "endless stream", endless(begun, wire.text("x")), None, StreamInterruptedError, once, message="deadline"
        ),
        Fault(49, "endless white space", endless(b"", b"\n"), None, LLMTimeoutError, SHORT),
        Fault(
            49,
            "endless stream beyond the cap",
            endless(begun, wire.text("x" * 5000)),
            None,
            StreamInterruptedError,
            transport=large,
            message="larger than",
        ),
        Fault(
            49,
            "endless line beyond the cap",
            endless(b"data: ", b"x" * 5000),
            None,
            ResponseTooLargeError,
            transport=large,
        ),
        Fault(51, "error first", serving(None, wire.error), None, ServerError, message="overheated"),
        Fault(51, "error after the beginning", serving(None, beginning + wire.error), None, ServerError),
        Fault(
            51,
            "error after text",
            serving(None, begun + wire.error),
            None,
            (ServerError, Interrupted("Half", ServerError)),
        ),
        Fault(51, "failure of its own kind", serving(None, wire.failed), None, RateLimitError, message="slower"),
        Fault(51, "connection that stays open after an error", open_after(wire.error), None, ServerError),
    ]


def byte_by_byte(wire: Bytes) -> Fault:
    async def serve(exchange: Exchange, send: Send) -> None:
        body = b"".join(wire.stream(*TEXT)) if is_streamed(exchange) else wire.body(TEXT)
        await exchange.send(head(exchange, f"Content-Length: {len(body)}"))
        for start in range(len(body)):
            await exchange.send(body[start : start + 1])
            await asyncio.sleep(0)

    return Fault(43, "byte by byte", serve, TEXT, TEXT)


def huge(wire: Bytes, megabytes: int, *, is_taken: bool, streamed: bool) -> Fault:
    """A large text: an event has a limit of 32 MiB, a whole answer that of the connector."""

    async def serve(exchange: Exchange, send: Send) -> None:
        text = "x" * (megabytes * 1_000_000)
        body = b"".join(wire.stream(text)) if streamed else wire.body(text)
        await serving(body, body)(exchange, send)

    ending: Ending = Long(megabytes * 1_000_000) if is_taken else ProtocolError
    whole, stream = (None, ending) if streamed else (ending, None)
    return Fault(47, f"{megabytes} MB", serve, whole, stream, UNHURRIED, most_seconds=4, is_slow=True)


def size_faults(wire: Bytes) -> list[Fault]:
    """Many small pieces, and one huge one."""
    return [
        byte_by_byte(wire),
        huge(wire, 50, is_taken=True, streamed=False),
        huge(wire, 50, is_taken=False, streamed=True),
        huge(wire, 20 if wire is CHAT else 10, is_taken=True, streamed=True),
    ]


FAULTS = tuple(
    replace(fault, wire=wire.wire)
    for wire in (CHAT, RESPONSES)
    for make in (text_faults, json_faults, error_faults, size_faults)
    for fault in make(wire)
)

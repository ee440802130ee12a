"""Messages of Amazon's event stream, written for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zlib import crc32


def frame(headers: bytes, payload: bytes) -> bytes:
    """Put a message together of its headers, as they are on the wire, and its payload."""
    prelude = (len(headers) + len(payload) + 16).to_bytes(4, "big") + len(headers).to_bytes(4, "big")
    message = prelude + crc32(prelude).to_bytes(4, "big") + headers + payload
    return message + crc32(message).to_bytes(4, "big")


def text_headers(headers: Mapping[str, str]) -> bytes:
    """Write headers of the type string."""
    return b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + len(value.encode()).to_bytes(2, "big") + value.encode()
        for name, value in headers.items()
    )


def event(kind: str, payload: Any) -> bytes:
    """Write an event of this type with a JSON payload."""
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return frame(text_headers(headers), json.dumps(payload).encode())


def exception(kind: str, payload: Any) -> bytes:
    """Write an exception inside the stream."""
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return frame(text_headers(headers), json.dumps(payload).encode())

"""The binary event stream as the service writes it: one frame for each event, guarded by two checksums.

A frame is its whole length and the length of its headers (4 bytes each), a CRC-32 of these eight bytes, the headers,
the payload, and a CRC-32 of all before. Events are padded with letters that hide their length, as recorded.
"""

from __future__ import annotations

import binascii
import hashlib
import string
import struct
from typing import TYPE_CHECKING, Any

from core.llms.simulator.exchange import json_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_PADDING = string.ascii_lowercase + string.ascii_uppercase + string.digits
_SHORTEST_PADDING = 2
_TEXT_HEADER = 7
_FRAMING_BYTES = 16


def encode_event(kind: str, body: Mapping[str, Any]) -> bytes:
    """One event; the length of its padding depends on its content alone."""
    digest = hashlib.blake2b(json_bytes(dict(body)), digest_size=1).digest()[0]
    length = _SHORTEST_PADDING + digest % (len(_PADDING) - _SHORTEST_PADDING)
    padded = {**body, "p": _PADDING[:length]}
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return encode_frame(headers, json_bytes(dict(sorted(padded.items()))))


def encode_exception(kind: str, body: Mapping[str, Any]) -> bytes:
    """The exception with which a stream ends that fails."""
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return encode_frame(headers, json_bytes(dict(body)))


def encode_frame(headers: Mapping[str, str], payload: bytes) -> bytes:
    """A frame with headers that are strings."""
    packed = b"".join(_header(name, value) for name, value in headers.items())
    total = _FRAMING_BYTES + len(packed) + len(payload)
    prelude = struct.pack("!II", total, len(packed))
    guarded = prelude + struct.pack("!I", binascii.crc32(prelude)) + packed + payload
    return guarded + struct.pack("!I", binascii.crc32(guarded))


def _header(name: str, value: str) -> bytes:
    encoded_name, encoded = name.encode(), value.encode()
    return (
        struct.pack("!B", len(encoded_name)) + encoded_name + struct.pack("!BH", _TEXT_HEADER, len(encoded)) + encoded
    )

"""What only the vendor can read: signatures of thinking, redacted thinking, results of searches; and its ids."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call

_KEY = b"simulated thinking"
_HEAD = b"\x12\x04sim1"
_SEAL_BYTES = 32
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ID_CHARACTERS = 22


def identifier(prefix: str, call: Call, part: str = "") -> str:
    """An identifier such as `msg_01…`, the same for the same call of the same simulator."""
    seed = f"{prefix}:{part}:{call.number}:".encode() + call.body
    value = int.from_bytes(hashlib.blake2b(seed, digest_size=32).digest(), "big")
    characters = []
    for _ in range(_ID_CHARACTERS):
        value, index = divmod(value, len(_ALPHABET))
        characters.append(_ALPHABET[index])
    return f"{prefix}01{''.join(characters)}"


def sign_thinking(shown: str, thought: str) -> str:
    """The signature of a block of thinking: it holds for the text that is shown, and for no other."""
    return _sealed(b"thinking", shown.encode(), thought.encode())


def is_sealed_thinking(shown: str, signature: str) -> bool:
    """Whether a block came from here and was not changed."""
    return _is_genuine(b"thinking", shown.encode(), signature)


def seal_data(content: str) -> str:
    """Thinking, or the result of a search, as opaque data."""
    return _sealed(b"data", b"", content.encode())


def is_sealed_data(data: str) -> bool:
    """Whether opaque data came from here and was not changed."""
    return _is_genuine(b"data", b"", data)


def _sealed(kind: bytes, shown: bytes, payload: bytes) -> str:
    masked = bytes(byte ^ 0x5A for byte in payload)
    return base64.b64encode(_HEAD + _seal(kind, shown, masked) + masked).decode()


def _is_genuine(kind: bytes, shown: bytes, sealed: str) -> bool:
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        return False
    start = len(_HEAD) + _SEAL_BYTES
    if not raw.startswith(_HEAD):
        return False
    return hmac.compare_digest(_seal(kind, shown, raw[start:]), raw[len(_HEAD) : start])


def _seal(kind: bytes, shown: bytes, masked: bytes) -> bytes:
    digest = hashlib.sha256(shown).digest()
    return hmac.digest(_KEY, kind + digest + masked, hashlib.sha256)

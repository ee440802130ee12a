"""Signatures of thoughts: made here, taken back unchanged, refused when tampered with; and Google's identifiers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call

_KEY = b"simulated thoughts"
_HEAD = b"\x12\x03sim"
_SEAL_BYTES = 32
# What Google lets a caller send for calls that no Gemini made ("Thought signatures", read 2026-11-21).
_EXEMPT = ("skip_thought_signature_validator", "context_engineering_is_the_way_to_go")


def sign_thought(thought: str) -> str:
    """A signature that carries a thought."""
    payload = bytes(byte ^ 0x5A for byte in thought.encode())
    return base64.b64encode(_HEAD + _seal(payload) + payload).decode()


def is_genuine(signature: str) -> bool:
    """Whether a signature, read as `bytes`, was made here or stands for none."""
    raw = base64.b64decode(signature)
    if _is_exempt(signature, raw):
        return True
    start = len(_HEAD) + _SEAL_BYTES
    return raw.startswith(_HEAD) and hmac.compare_digest(_seal(raw[start:]), raw[len(_HEAD) : start])


def response_id(call: Call) -> str:
    """The identifier of a response, the same for the same call of the same simulator."""
    digest = hashlib.blake2b(f"response:{call.number}:".encode() + call.body, digest_size=16).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def call_id(call: Call, position: str) -> str:
    """The identifier of a function call."""
    digest = hashlib.blake2b(f"call:{position}:{call.number}:".encode() + call.body, digest_size=8).digest()
    return base64.b32encode(digest).decode().lower()[:8]


def _is_exempt(signature: str, raw: bytes) -> bool:
    plain = signature.replace("+", "-").replace("/", "_").rstrip("=")
    return plain in _EXEMPT or raw in [name.encode() for name in _EXEMPT]


def _seal(payload: bytes) -> bytes:
    return hmac.digest(_KEY, payload, hashlib.sha256)

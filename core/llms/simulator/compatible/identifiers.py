"""Identifiers by pattern, such as `chatcmpl-{uuid}` or `call_{index}_{letters:24}`: the same for the same call."""

from __future__ import annotations

import hashlib
import re
import string
import time
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call

_PLACE = re.compile(r"\{(uuid|hex|letters|lower|digits|time|index)(?::(\d+))?\}")
_ALPHABETS = {
    "letters": string.ascii_letters + string.digits,
    "lower": string.ascii_lowercase + string.digits,
    "digits": string.digits,
    "hex": "0123456789abcdef",
}


def make_identifier(pattern: str, call: Call, part: str = "") -> str:
    """An identifier. `part` tells several of one call apart; `{index}` is its last number, of two digits."""

    def fill(place: re.Match[str]) -> str:
        kind, length = place.group(1), int(place.group(2) or 32)
        seed = f"{pattern}:{part}:{place.start()}:{call.number}:".encode() + call.body
        digest = hashlib.blake2b(seed, digest_size=64).digest()
        match kind:
            case "uuid":
                return str(uuid.UUID(bytes=digest[:16], version=4))
            case "time":
                return str(int(time.time()))
            case "index":
                return f"{int(part.rpartition('.')[2] or 0):02}"
        alphabet = _ALPHABETS[kind]
        return "".join(alphabet[byte % len(alphabet)] for byte in digest[:length])

    return _PLACE.sub(fill, pattern)

"""The headers and the ids of replies, and the words in which Cohere refuses a request over a limit.

The meters are those of trial keys, which have limits a minute; a refusal has none of them (recorded exchanges of
2026-06, and what Elasticsearch's client says of the API).
"""

from __future__ import annotations

import hashlib
import string
import uuid
from typing import TYPE_CHECKING

from core.llms.simulator.cohere.errors import ApiError

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.rate_limits import Verdict

_MONTHLY_CALLS = "1000"
_CALL_ID_CHARACTERS = 12
_ALPHABET = string.digits + string.ascii_lowercase


def reply_id(call: Call) -> str:
    """The id of a reply, the same for the same call of the same simulator."""
    return str(uuid.UUID(bytes=_digest(call, "reply", 16), version=4))


def tool_call_id(call: Call, name: str, position: int) -> str:
    """The id of a tool call: the tool's name and twelve characters."""
    value = int.from_bytes(_digest(call, f"tool:{position}", 16), "big")
    characters = []
    for _ in range(_CALL_ID_CHARACTERS):
        value, index = divmod(value, len(_ALPHABET))
        characters.append(_ALPHABET[index])
    return f"{name}_{''.join(characters)}"


def reply_headers(call: Call) -> dict[str, str]:
    """The headers of any reply."""
    return {"x-debug-trace-id": _digest(call, "trace", 16).hex()}


def limit_headers(verdict: Verdict | None) -> dict[str, str]:
    """The meters of a trial key after a request; none where no limit is set."""
    if verdict is None or verdict.requests is None:
        return {}
    return {
        "x-endpoint-monthly-call-limit": _MONTHLY_CALLS,
        "x-trial-endpoint-call-limit": str(verdict.requests.limit),
        "x-trial-endpoint-call-remaining": str(verdict.requests.remaining),
    }


def limit_error(verdict: Verdict) -> ApiError:
    """The refusal of a request over a limit."""
    if verdict.refused_by == "tokens":
        assert verdict.tokens is not None
        limit = verdict.tokens.limit
        return ApiError(f"trial token rate limit exceeded, limit is {limit} tokens per minute", status=429)
    assert verdict.requests is not None
    return ApiError(
        f"You are using a Trial key, which is limited to {verdict.requests.limit} API calls / minute. You can continue "
        "to use the Trial key for free or upgrade to a Production key with higher rate limits at "
        "'https://dashboard.cohere.com/api-keys'. Contact us on 'https://discord.gg/XW44jPfYJu' or email us at "
        "support@cohere.com with any questions",
        status=429,
    )


def _digest(call: Call, part: str, size: int) -> bytes:
    seed = f"{part}:{call.number}:".encode() + call.body
    return hashlib.blake2b(seed, digest_size=size).digest()

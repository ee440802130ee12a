"""The headers Azure sends with every reply: identifiers as UUIDs, limits in whole seconds."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.rate_limits import Meter, Verdict

_REGION_NAME = "West Europe"
_USUAL_LIMITS = {"requests": ("250", "249"), "tokens": ("250000", "249861")}


def identifying_headers(call: Call) -> dict[str, str]:
    """Who answered, and under which number."""
    return {
        "apim-request-id": _uuid(call, "apim"),
        "x-request-id": _uuid(call, "request"),
        "x-ms-region": _REGION_NAME,
    }


def limit_headers(verdict: Verdict | None) -> dict[str, str]:
    """How much of the deployment's limits is left."""
    headers = {"x-ratelimit-abusepenalty-active": "False"}
    meters = {"requests": None, "tokens": None} if verdict is None else _meters(verdict)
    for kind, meter in meters.items():
        usual_limit, usual_remaining = _USUAL_LIMITS[kind]
        headers |= {
            f"x-ratelimit-limit-{kind}": usual_limit if meter is None else str(meter.limit),
            f"x-ratelimit-remaining-{kind}": usual_remaining if meter is None else str(meter.remaining),
            f"x-ratelimit-reset-{kind}": "0" if meter is None else str(round(meter.reset_seconds)),
            f"x-ratelimit-renewalperiod-{kind}": "60",
        }
    return headers


def _meters(verdict: Verdict) -> dict[str, Meter | None]:
    return {"requests": verdict.requests, "tokens": verdict.tokens}


def _uuid(call: Call, part: str) -> str:
    seed = f"{part}:{call.number}:".encode() + call.body
    return str(uuid.UUID(bytes=hashlib.blake2b(seed, digest_size=16).digest(), version=4))

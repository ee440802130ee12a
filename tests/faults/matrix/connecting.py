"""No connection comes about, or not with whom it should: faults 1 to 8. Nothing was sent, ever."""

from __future__ import annotations

from typing import Any

from tenacity import wait_none

from core.llms import ConnectError, ConnectionLostError, ProtocolError, RetryPolicy, Timeouts
from tests.faults.matrix import places
from tests.faults.matrix.fault import Ending, Fault, Place, TimedOut, both, whole

AT_ONCE = RetryPolicy(wait=wait_none())
QUICK = Timeouts(connect=0.15)


def unreached(number: int, name: str, place: Place, ending: Ending, **facts: Any) -> Fault:
    """Make a fault by which no request reaches a server, and which nobody can be charged for."""
    return both(number, name, whole, ending, place=place, **{"requests": 0, "maybe_charged": False, **facts})


FAULTS = (
    unreached(
        1, "name that nobody knows", places.named("unknown"), ConnectError, retry=AT_ONCE, attempts=3,
        message="vendor.invalid",
    ),
    unreached(2, "silent name server", places.named("silent"), TimedOut("connect"), timeouts=QUICK, attempts=1),
    unreached(
        2, "silent name server and a deadline", places.named("silent"), TimedOut("total"), timeouts=QUICK,
        timeout_seconds=0.1, attempts=1,
    ),
    unreached(3, "refused connection", places.refused, ConnectError, retry=AT_ONCE, attempts=3, message="connect"),
    unreached(4, "no answer to SYN", places.full, TimedOut("connect"), timeouts=QUICK, attempts=1),
    both(5, "dead IPv6 address beside a good IPv4 one", whole, "Hello", place=places.named("dead first")),
    unreached(6, "TLS to a server without it", places.without_tls, ConnectError, attempts=1),
    unreached(
        6, "server that never shakes hands", places.without_handshake, TimedOut("connect"), timeouts=QUICK, attempts=1
    ),
    unreached(
        6, "plain HTTP to a server with TLS", places.with_tls("127.0.0.1", scheme="http"),
        (ConnectionLostError, ProtocolError), attempts=1, maybe_charged=None,
    ),
    unreached(
        7, "expired certificate", places.with_tls("127.0.0.1", **places.EXPIRED), ConnectError, attempts=1,
        transport=places.trusting(), message="expired",
    ),
    unreached(
        7, "certificate of an unknown authority", places.with_tls("127.0.0.1"), ConnectError, attempts=1,
        message="unable to get local issuer",
    ),
    unreached(
        8, "certificate of another host", places.with_tls("other.example"), ConnectError, attempts=1,
        transport=places.trusting(), message="mismatch",
    ),
    both(8, "certificate in order", whole, "Hello", place=places.with_tls("127.0.0.1"), transport=places.trusting()),
)  # fmt: skip

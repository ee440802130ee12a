"""`LoginThrottle`: how often one address may come with a wrong token."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import Final

BURST: Final = 20
SECONDS_EACH: Final = 3.0
_MOST_ADDRESSES: Final = 10_000
_MOST_TOKENS: Final = 1_000
_NETWORK_BITS: Final = 64


class LoginThrottle:
    """Lets an address fail 20 times at once and 20 times a minute from then on; then it has to wait.

    A token that has just been right passes all the same: one caller cannot shut out others that share its address. It
    counts for one process, and forgets the addresses that failed longest ago beyond 10,000.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        # When all failures of an address will be forgotten.
        self._forgotten_at: OrderedDict[str, float] = OrderedDict()
        self._right: OrderedDict[str, None] = OrderedDict()

    def wait_seconds(self, address: str, digest: str | None) -> int:
        """Return how long an address has to wait before its next try, 0 where it need not."""
        if digest is not None and digest in self._right:
            return 0
        ahead = self._forgotten_at.get(_network(address), 0.0) - self._clock()
        return max(0, math.ceil(ahead - (BURST - 1) * SECONDS_EACH))

    def note_failure(self, address: str, digest: str | None) -> None:
        """Count a wrong token."""
        if digest is not None:
            self._right.pop(digest, None)
        network = _network(address)
        begin = max(self._forgotten_at.pop(network, 0.0), self._clock())
        self._forgotten_at[network] = begin + SECONDS_EACH
        if len(self._forgotten_at) > _MOST_ADDRESSES:
            self._forgotten_at.popitem(last=False)

    def note_success(self, digest: str) -> None:
        """Remember a token that is right."""
        self._right[digest] = None
        self._right.move_to_end(digest)
        if len(self._right) > _MOST_TOKENS:
            self._right.popitem(last=False)


def _network(address: str) -> str:
    """Return what counts as one address: of IPv6 the network, of which a caller has all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> (128 - _NETWORK_BITS))
    return address

"""The fault matrix: what each number means, and the faults that show it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.faults.matrix import bodies, connecting, http, network, waits
from tests.faults.matrix.fault import Fault

MATRIX: Mapping[int, str] = {
    1: "DNS fails", 2: "DNS is slow", 3: "connection refused", 4: "no answer to SYN", 5: "bad IPv6, good IPv4",
    6: "TLS to plain text", 7: "expired certificate", 8: "certificate of another host", 9: "accepted, no answer",
    10: "reset in the upload", 11: "reset in the header", 12: "reset in the body",
    13: "end one byte short of the length", 14: "truncated chunked body", 15: "truncated close-delimited body",
    16: "stale kept-alive connection", 17: "slow headers", 18: "slow body",
    19: "429, Retry-After in seconds", 20: "429, Retry-After as a float", 21: "429, retry-after-ms",
    22: "429, Retry-After as a date", 23: "429, Retry-After in the past", 24: "429, Retry-After of 10⁹ seconds",
    25: "429, Retry-After is garbage", 26: "429, out of quota", 27: "503 with HTML", 28: "529", 29: "200 with HTML",
    30: "200 with an error", 31: "204", 32: "redirect to another origin", 33: "redirect loop",
    34: "proxy of the environment says 407", 35: "length beside chunked", 36: "header of 9 KB", 37: "gzip bomb",
    38: "corrupt gzip", 39: "duplicate keys", 40: "NaN and Infinity", 41: "JSON 100,000 deep",
    42: "null where choices should be", 43: "UTF-8 split at every byte", 44: "invalid UTF-8",
    45: "CR, LF, CRLF and BOM", 46: "half an event at the end", 47: "event of 50 MB", 48: "endless comments",
    49: "endless stream", 50: "empty stream", 51: "error event after 200", 52: "data after the end marker",
}  # fmt: skip

FAULTS: tuple[Fault, ...] = (
    *connecting.FAULTS,
    *network.FAULTS,
    *waits.FAULTS,
    *http.FAULTS,
    *bodies.FAULTS,
)

# Where a stream cannot show what a call does, or the other way round.
STREAMS_ALONE = frozenset({48, 49, 50, 51})

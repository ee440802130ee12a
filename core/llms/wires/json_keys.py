"""Finding an object that has the same key twice, at the cost of counting colons.

The fast JSON parser keeps the last of them without a word; two readers of one answer could then differ.
"""

from __future__ import annotations

import json
from typing import Any

from core.llms.errors import ProtocolError

# Where one of these stands, a quote and a colon may be something other than the end of a key, or the reverse.
_AMBIGUOUS = (b" :", b"\t:", b"\n:", b"\r:", b"\\\\")


def count_keys(value: dict[str, Any] | list[Any]) -> int:
    """Count the keys of every object in a decoded object or list (whose depth the parser has limited)."""
    count, items = (len(value), value.values()) if isinstance(value, dict) else (0, value)
    for item in items:
        if type(item) is dict or type(item) is list:
            count += count_keys(item)
    return count


def refuse_repeated_keys(data: bytes, keys: int) -> None:
    """Raise `ProtocolError` where JSON text has more keys than its decoded value, which has `keys` of them.

    Text with just so many colons repeats none; a caller on a hot path asks that itself. With more, colons outside
    of keys are told apart by the quote before them, and where that is not certain by parsing once more.
    """
    if data.count(b'":') - data.count(b'\\":') == keys and not any(pair in data for pair in _AMBIGUOUS):
        return
    try:
        json.loads(data, object_pairs_hook=_make_object)
    except ValueError as error:
        raise ProtocolError(f"an event of the stream is not JSON: {error}") from error


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    decoded = dict(pairs)
    if len(decoded) != len(pairs):
        raise ProtocolError("an object of the answer has the same key twice")
    return decoded

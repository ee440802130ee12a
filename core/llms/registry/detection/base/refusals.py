"""Whether a vendor's error says no: only a refusal that names what was asked, never a limit, a key or a network."""

from __future__ import annotations

import re
from typing import Final

from core.llms.errors import APIError, ContentFilterError, ContextLengthExceededError
from core.llms.providers.base.learning.lessons import LACKS, REFUSING_CODES

_REFUSING_STATUSES: Final = frozenset({400, 404, 422})
# Words of refusals that say which form they expected instead of the one that was sent.
_EXPECTED: Final = r"expected|must be|should be|only (?:accepts?|supports?|takes?|supported)|does not (?:take|accept)"
# "At most 0 images" is vLLM's word, as is the option a server needs; "missing data required" is Ollama's.
_OTHERWISE: Final = r"no endpoints found|deprecated|not enabled|at most 0|requires --|missing data required"
_DENIES: Final = re.compile(f"{LACKS}|{_EXPECTED}|{_OTHERWISE}")


def refuses(error: APIError, names: re.Pattern[str]) -> bool:
    """Tell whether an error is the vendor's no to what `names` finds by its words."""
    if error.status not in _REFUSING_STATUSES or isinstance(error, ContextLengthExceededError | ContentFilterError):
        return False
    if error.code in REFUSING_CODES and error.param is not None:
        return names.search(error.param.lower()) is not None
    said = error.message.lower()
    named = names.search(f"{said} {error.param or ''}".lower()) is not None
    return named and _DENIES.search(said) is not None


_NUMBER: Final = r"(\d[\d,_]*\d|\d)"
_LIMIT: Final = re.compile(
    rf"(?:at most|maximum(?: (?:allowed|value))?(?: (?:of|is))?|limit(?: of| is)?|up to|less than or equal to|<=|≤|>"
    rf"|\d+ and|\[?\d+,|to)\s*[:=]?\s*`?{_NUMBER}(?P<exclusive> \(exclusive\))?"
)


def find_limit(error: APIError, asked: int) -> int | None:
    """Return the largest answer that a refusal of `asked` tokens names, where it names one that is smaller."""
    if error.status not in _REFUSING_STATUSES or isinstance(error, ContextLengthExceededError | ContentFilterError):
        return None
    if "token" not in error.message.lower() and "max" not in (error.param or ""):
        return None
    for match in _LIMIT.finditer(error.message.lower()):
        limit = int(re.sub(r"[,_]", "", match[1])) - bool(match["exclusive"])
        if 1 < limit < asked:
            return limit
    return None

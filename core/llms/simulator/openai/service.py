"""What the endpoints of the simulated OpenAI share: identifiers, the prompt cache, rate limits, headers."""

from __future__ import annotations

import hashlib
import string
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.headers import durations, rate_limit_headers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.rate_limits import RateLimits, Verdict

_ALPHABET = string.ascii_letters + string.digits
_CACHE_BLOCK_TOKENS = 128
_CACHE_MINIMUM_TOKENS = 1024
_MOST_CACHED_BLOCKS = 200_000
_REASONING_TOKENS = {
    "none": 0,
    "minimal": 0,
    "low": 64,
    "medium": 192,
    "high": 448,
    "xhigh": 704,
    "max": 1024,
}


class Service:
    """The state behind the endpoints of one simulated account."""

    def __init__(self, rate_limits: RateLimits) -> None:
        self._rate_limits = rate_limits
        self._cache: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    def identifier(self, prefix: str, call: Call, part: str = "", length: int = 29) -> str:
        """An identifier of `length` letters and digits, the same for the same call of the same simulator."""
        seed = f"{prefix}:{part}:{call.number}:".encode() + call.body
        value = int.from_bytes(hashlib.blake2b(seed, digest_size=32).digest(), "big")
        characters = []
        for _ in range(length):
            value, index = divmod(value, len(_ALPHABET))
            characters.append(_ALPHABET[index])
        return prefix + "".join(characters)

    def hex_identifier(self, prefix: str, call: Call, part: str = "") -> str:
        """An identifier of 48 hexadecimal digits, as the Responses wire has them."""
        seed = f"{prefix}:{part}:{call.number}:".encode() + call.body
        return prefix + hashlib.blake2b(seed, digest_size=24).hexdigest()

    def cached_tokens(self, account: str, model: str, tokens: Sequence[int]) -> int:
        """How many leading tokens of the prompt are in the cache (multiples of 128, from 1,024); then all are."""
        if len(tokens) < _CACHE_MINIMUM_TOKENS:
            return 0
        digest = hashlib.blake2b(f"{account}:{model}".encode(), digest_size=16)
        keys: list[bytes] = []
        for start in range(0, len(tokens) - _CACHE_BLOCK_TOKENS + 1, _CACHE_BLOCK_TOKENS):
            digest.update(repr(tokens[start : start + _CACHE_BLOCK_TOKENS]).encode())
            keys.append(digest.digest())
        with self._lock:
            known = next((index for index, key in enumerate(keys) if key not in self._cache), len(keys))
            for key in keys:
                self._cache[key] = None
                self._cache.move_to_end(key)
            while len(self._cache) > _MOST_CACHED_BLOCKS:
                self._cache.popitem(last=False)
        cached = known * _CACHE_BLOCK_TOKENS
        return cached if cached >= _CACHE_MINIMUM_TOKENS else 0

    def admit(self, account: str, model: str, tokens: int) -> Verdict | None:
        """Take a request and its tokens from the account's limits. Raises: ApiError with status 429."""
        with self._lock:
            verdict = self._rate_limits.admit(account, model, tokens)
        if verdict is not None and verdict.refused_by is not None:
            raise _limit_error(verdict, model)
        return verdict


def reasoning_tokens(effort: str | None) -> int:
    """How many tokens the simulated model thinks for."""
    return _REASONING_TOKENS[effort] if effort is not None else 0


def _limit_error(verdict: Verdict, model: str) -> ApiError:
    kind = verdict.refused_by
    meter = verdict.requests if kind == "requests" else verdict.tokens
    assert meter is not None
    per, unit = ("requests", "RPM") if kind == "requests" else ("tokens", "TPM")
    headers = rate_limit_headers(verdict)
    advice = "Visit https://platform.openai.com/account/rate-limits to learn more."
    if verdict.impossible:
        message = (
            f"Request too large for {model} in organization org-simulated on {per} per min ({unit}): "
            f"Limit {meter.limit}, Requested {verdict.requested}. "
            "The input or output tokens must be reduced in order to run successfully. "
            f"{advice}"
        )
    else:
        wait = durations(verdict.retry_after_seconds)
        message = (
            f"Rate limit reached for {model} in organization org-simulated on {per} per min ({unit}): "
            f"Limit {meter.limit}, Used {meter.limit - meter.remaining}, Requested {verdict.requested}. "
            f"Please try again in {wait}. {advice}"
        )
        headers["retry-after"] = str(max(1, round(verdict.retry_after_seconds)))
        headers["retry-after-ms"] = str(max(1, round(verdict.retry_after_seconds * 1000)))
    return ApiError(message, type=per, code="rate_limit_exceeded", status=429, headers=headers)

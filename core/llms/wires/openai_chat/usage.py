"""Reading the usage object of chat completions, where vendors count in different ways."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.llms.types.usage import Usage

_NONE: Mapping[str, Any] = MappingProxyType({})


def parse_chat_usage(raw: Mapping[str, Any], service_tier: str | None = None) -> Usage:
    """Read prompt, completion and details into one meaning: parts are contained in `input` and `output`.

    Some vendors leave reasoning out of `completion_tokens`, or audio out of `prompt_tokens`. Where `total_tokens`
    exceeds the two by exactly that part, the part is added; nothing else is guessed. `service_tier` is what the
    answer says beside its usage.
    """
    prompt, completion = _count(raw, "prompt_tokens"), _count(raw, "completion_tokens")
    cache_read = cache_write = cache_write_long = reasoning = audio = spoken = seen = drawn = 0
    if details := _details(raw, "prompt_tokens_details"):
        audio, cache_read = _count(details, "audio_tokens"), _count(details, "cached_tokens")
        seen = _count(details, "image_tokens")
        if cache_write := _count(details, "cache_write_tokens"):
            cache_write_long = _count(_details(details, "cache_write_tokens_details"), "ttl_12h_tokens")
    if details := _details(raw, "completion_tokens_details"):
        reasoning, spoken = _count(details, "reasoning_tokens"), _count(details, "audio_tokens")
        drawn = _count(details, "image_tokens")
    if excess := _count(raw, "total_tokens") - prompt - completion:
        if excess == reasoning:
            completion += reasoning
        elif excess == audio:
            prompt += audio
    tier = service_tier or raw.get("service_tier")
    return Usage(
        prompt,
        completion,
        cache_read or _count(raw, "cached_tokens"),
        cache_write,
        cache_write_long,
        reasoning,
        audio,
        spoken,
        seen,
        drawn,
        service_tier=tier if isinstance(tier, str) and tier else None,
        raw=raw,
    )


def _details(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    details = raw.get(name)
    return details if isinstance(details, dict) else _NONE


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    if not value:
        return 0
    if type(value) is int:
        return value if value > 0 else 0
    return int(value) if isinstance(value, float) and 0 <= value < 1e15 else 0

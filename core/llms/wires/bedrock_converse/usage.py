"""What a call consumed, as Converse counts it: its `inputTokens` leave the cached ones out, ours do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.types.usage import Usage


def parse_usage(raw: Any, holder: Mapping[str, Any]) -> Usage:
    """Read a usage object; what is not one gives a usage whose `raw` is None.

    `holder` is the object beside it that names the tier. Latency that is optimized has prices of its own and counts as
    a tier, `optimized`. Reasoning is part of the output and not told apart.
    """
    if not isinstance(raw, Mapping):
        return Usage()
    read, written = _count(raw, "cacheReadInputTokens"), _count(raw, "cacheWriteInputTokens")
    return Usage(
        input_tokens=_count(raw, "inputTokens") + read + written,
        output_tokens=_count(raw, "outputTokens"),
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=min(written, _written_for_an_hour(raw.get("cacheDetails"))),
        service_tier=_tier(holder),
        raw=raw,
    )


def _written_for_an_hour(details: Any) -> int:
    entries = details if isinstance(details, list) else []
    return sum(
        _count(entry, "inputTokens") for entry in entries if isinstance(entry, Mapping) and entry.get("ttl") == "1h"
    )


def _tier(holder: Mapping[str, Any]) -> str | None:
    performance, tier = holder.get("performanceConfig"), holder.get("serviceTier")
    if isinstance(performance, Mapping) and performance.get("latency") == "optimized":
        return "optimized"
    name = tier.get("type") if isinstance(tier, Mapping) else None
    return name if isinstance(name, str) and name else None


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    return value if type(value) is int and value > 0 else 0

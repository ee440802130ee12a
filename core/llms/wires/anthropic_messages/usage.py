"""What a call consumed, as the Messages API counts it: its `input_tokens` leave the cached ones out, ours do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.types.usage import Usage


def parse_usage(raw: Any) -> Usage:
    """Read a usage object; what is not one gives a usage whose `raw` is None.

    `input_tokens` is the sum of the three that the vendor keeps apart (uncached, written to and read from the cache).
    `server_tool_requests` counts web searches, which are billed each; fetching a page costs its tokens alone.
    `service_tier` is `fast` for the fast speed, and ends in `us` for inference that stays in the US, since both have
    prices of their own.
    """
    if not isinstance(raw, dict):
        return Usage()
    written, read = _count(raw, "cache_creation_input_tokens"), _count(raw, "cache_read_input_tokens")
    written_1h = written and min(written, _count(_object(raw, "cache_creation"), "ephemeral_1h_input_tokens"))
    return Usage(
        _count(raw, "input_tokens") + written + read,
        _count(raw, "output_tokens"),
        read,
        written,
        written_1h,
        _count(_object(raw, "output_tokens_details"), "thinking_tokens"),
        server_tool_requests=_count(_object(raw, "server_tool_use"), "web_search_requests"),
        service_tier=_tier(raw),
        raw=raw,
    )


def merge_usage(begun: Any, added: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the cumulative counts of a stream's end over those of its beginning; a null says nothing."""
    merged = dict(begun) if isinstance(begun, Mapping) else {}
    merged.update({name: value for name, value in added.items() if value is not None})
    return merged


def _tier(raw: Mapping[str, Any]) -> str | None:
    tier = raw.get("service_tier")
    names = [tier] if isinstance(tier, str) and tier else []
    if raw.get("speed") == "fast":
        names = ["fast"]
    if raw.get("inference_geo") == "us":
        names = [*(name for name in names if name != "standard"), "us"]
    return "-".join(names) or None


def _object(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    return value if type(value) is int and value > 0 else 0

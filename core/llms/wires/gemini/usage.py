"""Reading `usageMetadata`, where what was generated is told apart from what was thought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.llms.types.usage import Usage

_TIER_PREFIX: Final = "ON_DEMAND_"
_AUDIO: Final = ("AUDIO", 4)
_IMAGE: Final = ("IMAGE", 2)
_NEITHER: Final = (0, 0)


def parse_gemini_usage(raw: Mapping[str, Any], searches: int = 0) -> Usage:
    """Read the counts into one meaning.

    `promptTokenCount` has the cached tokens in it, and what server-side tools fed back is added; the output is what was
    said and what was thought. Sound and images that came from the cache count as cached alone: they are billed so.
    `searches` are the web searches that are billed. The service tier is the vendor's `serviceTier`, or the end of its
    `trafficType`.
    """
    thought = _count(raw, "thoughtsTokenCount")
    heard, seen = count_media(raw.get("promptTokensDetails"))
    for name, sign in (("toolUsePromptTokensDetails", 1), ("cacheTokensDetails", -1)):
        if name in raw:
            more_heard, more_seen = count_media(raw[name])
            heard, seen = heard + sign * more_heard, seen + sign * more_seen
    spoken, drawn = count_media(raw.get("candidatesTokensDetails"))
    return Usage(
        _count(raw, "promptTokenCount") + _count(raw, "toolUsePromptTokenCount"),
        _count(raw, "candidatesTokenCount") + thought,
        _count(raw, "cachedContentTokenCount"),
        reasoning_tokens=thought,
        audio_input_tokens=max(0, heard),
        audio_output_tokens=spoken,
        image_input_tokens=max(0, seen),
        image_output_tokens=drawn,
        server_tool_requests=searches,
        service_tier=_service_tier(raw),
        raw=raw,
    )


def count_searches(candidates: Iterable[Mapping[str, Any]], fee: str) -> int:
    """Count the web searches that are billed: each query, or one for a prompt that was grounded at all."""
    queries = 0
    for candidate in candidates:
        grounding = candidate.get("groundingMetadata")
        if not grounding:
            continue
        asked = grounding.get("webSearchQueries") if isinstance(grounding, Mapping) else None
        queries += len(asked) if isinstance(asked, list) else 0
    return min(queries, 1) if fee == "prompt" else queries


def _service_tier(raw: Mapping[str, Any]) -> str | None:
    tier, traffic = raw.get("serviceTier"), raw.get("trafficType")
    if isinstance(tier, str) and tier:
        return tier
    if not isinstance(traffic, str) or traffic in ("ON_DEMAND", "TRAFFIC_TYPE_UNSPECIFIED"):
        return None
    return traffic.removeprefix(_TIER_PREFIX).lower() or None


def count_media(details: Any) -> tuple[int, int]:
    """Return the tokens of sound and those of images in a list of counts by modality."""
    if not isinstance(details, list):
        return _NEITHER
    sound = images = 0
    for item in details:
        modality = item.get("modality") if isinstance(item, dict) else None
        if modality == "TEXT":
            continue
        if modality in _AUDIO:
            sound += _count(item, "tokenCount")
        elif modality in _IMAGE:
            images += _count(item, "tokenCount")
    return sound, images


def _count(raw: Mapping[str, Any], name: str) -> int:
    value = raw.get(name)
    if not value:
        return 0
    if type(value) is int:
        return max(value, 0)
    return int(value) if isinstance(value, float) and 0 <= value < 1e15 else 0

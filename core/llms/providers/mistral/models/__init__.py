"""The table of Mistral's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.mistral.models.{package}", metadata)


ROOMS = {
    "mistral-large-4": _room("large_4", "Large4Metadata"),
    "mistral-large-4-0": _room("large_4", "Large4Metadata"),
    "mistral-medium-2604": _room("medium_35", "Medium35Metadata"),
    "mistral-medium-3-5": _room("medium_35", "Medium35Metadata"),
    "mistral-medium-3.5": _room("medium_35", "Medium35Metadata"),
    "mistral-medium-latest": _room("medium_35", "Medium35Metadata"),
    "mistral-small-2603": _room("small_4", "Small4Metadata"),
    "mistral-small-latest": _room("small_4", "Small4Metadata"),
    "mistral-large-2512": _room("large_3", "Large3Metadata"),
    "mistral-large-latest": _room("large_3", "Large3Metadata"),
    "ministral-8b-2512": _room("ministral_8b", "Ministral8BMetadata"),
    "codestral-2508": _room("codestral", "CodestralMetadata"),
    "codestral-latest": _room("codestral", "CodestralMetadata"),
    "mistral-embed": _room("embed", "EmbedMetadata"),
    "mistral-embed-2312": _room("embed", "EmbedMetadata"),
    "codestral-embed": _room("codestral_embed", "CodestralEmbedMetadata"),
    "codestral-embed-2505": _room("codestral_embed", "CodestralEmbedMetadata"),
}

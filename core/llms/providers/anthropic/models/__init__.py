"""The table of Anthropic's rooms: every name that a model goes by, and where its class is."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.anthropic.models.{package}", metadata)


ROOMS = {
    "claude-fable-5-2": _room("fable_52", "Fable52Metadata"),
    "claude-mythos-5-2": _room("mythos_52", "Mythos52Metadata"),
    "claude-fable-5-1": _room("fable_51", "Fable51Metadata"),
    "claude-opus-5-5": _room("opus_55", "Opus55Metadata"),
    "claude-sonnet-5-5": _room("sonnet_55", "Sonnet55Metadata"),
    "claude-haiku-5-5": _room("haiku_55", "Haiku55Metadata"),
    "claude-opus-5": _room("opus_5", "Opus5Metadata"),
    "claude-sonnet-5": _room("sonnet_5", "Sonnet5Metadata"),
    "claude-opus-4-8": _room("opus_48", "Opus48Metadata"),
    "claude-opus-4-7": _room("opus_47", "Opus47Metadata"),
    "claude-opus-4-6": _room("opus_46", "Opus46Metadata"),
    "claude-sonnet-4-6": _room("sonnet_46", "Sonnet46Metadata"),
    "claude-opus-4-5": _room("opus_45", "Opus45Metadata"),
    "claude-opus-4-5-20251101": _room("opus_45", "Opus45Metadata"),
    "claude-sonnet-4-5": _room("sonnet_45", "Sonnet45Metadata"),
    "claude-sonnet-4-5-20250929": _room("sonnet_45", "Sonnet45Metadata"),
    "claude-haiku-4-5": _room("haiku_45", "Haiku45Metadata"),
    "claude-haiku-4-5-20251001": _room("haiku_45", "Haiku45Metadata"),
    "claude-3-5-sonnet-20241022": _room("sonnet_35", "Sonnet35Metadata"),
    "claude-3-5-sonnet-latest": _room("sonnet_35", "Sonnet35Metadata"),
    "claude-3-5-sonnet-20240620": _room("sonnet_35", "Sonnet35Metadata"),
    "claude-3-opus-20240229": _room("opus_3", "Opus3Metadata"),
    "claude-3-opus-latest": _room("opus_3", "Opus3Metadata"),
}

"""The table of Cohere's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.cohere.models.{package}", metadata)


ROOMS = {
    "command-a-plus-05-2026": _room("command_a_plus", "CommandAPlusMetadata"),
    "command-a-03-2025": _room("command_a", "CommandAMetadata"),
    "command-a-reasoning-08-2025": _room("command_a_reasoning", "CommandAReasoningMetadata"),
    "command-a-vision-07-2025": _room("command_a_vision", "CommandAVisionMetadata"),
    "command-r7b-12-2024": _room("command_r7b", "CommandR7BMetadata"),
    "command-r-08-2024": _room("command_r", "CommandRMetadata"),
    "command-r-plus-08-2024": _room("command_r_plus", "CommandRPlusMetadata"),
    "embed-v5.0-pro": _room("embed_5_pro", "Embed5ProMetadata"),
    "embed-v5.0-fast": _room("embed_5_fast", "Embed5FastMetadata"),
    "embed-v4.0": _room("embed_4", "Embed4Metadata"),
}

"""The table of DeepSeek's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.deepseek.models.{package}", metadata)


ROOMS = {
    "deepseek-flash": _room("flash", "FlashMetadata"),
    "deepseek-v4-pro": _room("v4_pro", "V4ProMetadata"),
    "deepseek-v4-flash": _room("v4_flash", "V4FlashMetadata"),
    "deepseek-chat": _room("chat", "ChatMetadata"),
    "deepseek-reasoner": _room("reasoner", "ReasonerMetadata"),
}

"""The table of xAI's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.xai.models.{package}", metadata)


ROOMS = {
    "grok-4.7": _room("grok_47", "Grok47Metadata"),
    "grok-4.7-latest": _room("grok_47", "Grok47Metadata"),
    "grok-4.6": _room("grok_46", "Grok46Metadata"),
    "grok-4.6-latest": _room("grok_46", "Grok46Metadata"),
    "grok-4.5": _room("grok_45", "Grok45Metadata"),
    "grok-4.5-latest": _room("grok_45", "Grok45Metadata"),
    "grok-4.3": _room("grok_43", "Grok43Metadata"),
    "grok-4.3-latest": _room("grok_43", "Grok43Metadata"),
}

"""What a wire cannot carry and leaves out by a rule that several wires share. Each says so in the warnings."""

from __future__ import annotations

from dataclasses import replace

from core.llms.types.content import CachePoint
from core.llms.types.messages import Message


def drop_cache_points(messages: tuple[Message, ...], warnings: list[str]) -> tuple[Message, ...]:
    """Return the messages without cache points, for a vendor that caches prompts by itself or not at all."""
    marked = {
        index
        for index, message in enumerate(messages)
        if type(message.content) is not str and any(type(part) is CachePoint for part in message.content)
    }
    if not marked:
        return messages
    warnings.append("cache points were left out: the provider is not told what to cache")
    return tuple(
        replace(message, content=tuple(part for part in message.parts if type(part) is not CachePoint))
        if index in marked
        else message
        for index, message in enumerate(messages)
    )

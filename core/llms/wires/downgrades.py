"""What a wire cannot carry and leaves out by a rule that several wires share. Each says so in the warnings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from core.llms.types.content import CachePoint, FilePart, Part, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, Message, hold_text_alone


def drop_hints(
    messages: tuple[Message, ...], warnings: list[str], *, keep_cache_points: bool = False
) -> tuple[Message, ...]:
    """Return the messages without the hints that a vendor does not take: cache points, and the wish to cite files."""
    if not hold_text_alone(messages) and any(_asks_for_citations(message) for message in messages):
        warnings.append("the wish to cite files was left out: the provider does not take it")
    return messages if keep_cache_points else drop_cache_points(messages, warnings)


def _asks_for_citations(message: Message) -> bool:
    if type(message.content) is str:
        return False
    return any(type(part) is FilePart and part.citations for part in message.content)


def drop_cache_points(messages: tuple[Message, ...], warnings: list[str]) -> tuple[Message, ...]:
    """Return the messages without cache points, for a vendor that caches prompts by itself or not at all."""
    if hold_text_alone(messages):
        return messages
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


def name_foreign_notes(messages: Iterable[Message], warnings: list[str], own: Container[str | None]) -> None:
    """Name the citations and signatures that others than the `own` origins put on texts and calls.

    The texts and calls themselves go out; what is left out as a whole the wire names itself.
    """
    for index, message in enumerate(messages):
        if type(message) is AssistantMessage and not isinstance(message.content, str):
            noted = dict.fromkeys(_foreign_notes(message.content, own))
            warnings.extend(f"messages[{index}]: {what} were left out: no other vendor reads them" for what in noted)


def _foreign_notes(parts: Sequence[Part], own: Container[str | None]) -> Iterator[str]:
    for part in parts:
        if not isinstance(part, TextPart | ToolCall) or part.origin in own:
            continue
        origin = part.origin or "unknown origin"
        if type(part) is TextPart and part.annotations:
            yield f"citations of {origin}"
        if _is_signed(part):
            yield f"signatures of {origin}"


def _is_signed(part: TextPart | ToolCall) -> bool:
    if type(part) is ToolCall and part.signature is not None:
        return True
    return part.extra is not None and any("signature" in name.lower() for name in part.extra)

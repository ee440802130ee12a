"""Cutting the longest texts of a conversation to one length, so that the whole fits."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from core.llms.runtime.tokens.text import count_text_tokens, truncate_text
from core.llms.types.content import TextPart
from core.llms.types.messages import DeveloperMessage, Message, SystemMessage

MARKER: Final = " […]"
_SHORTEST: Final = 8
_ENCODING: Final = "o200k_base"


@dataclass(frozen=True, slots=True)
class Shortened:
    """A conversation of which some texts were cut, and how many were."""

    messages: tuple[Message, ...]
    count: int


def shorten_longest(
    messages: Sequence[Message], limit: int, count: Callable[[Sequence[Message]], int]
) -> Shortened | None:
    """Cut every text that is longer than a length, which is the largest that makes the whole fit.

    Texts of instructions, calls and reasoning stay whole. Returns None where even the shortest texts are too much.
    """
    lengths = {text: count_text_tokens(text, _ENCODING) for message in messages for text in _texts(message)}
    low, high = _SHORTEST, max(lengths.values(), default=0)
    best: Shortened | None = None
    while low <= high:
        length = (low + high) // 2
        tried = _cut(messages, lengths, length)
        if count(tried.messages) <= limit:
            best, low = tried, length + 1
        else:
            high = length - 1
    return best


def _texts(message: Message) -> list[str]:
    if isinstance(message, SystemMessage | DeveloperMessage):
        return []
    return [part.text for part in message.parts if isinstance(part, TextPart)]


def _cut(messages: Sequence[Message], lengths: dict[str, int], length: int) -> Shortened:
    count = 0
    shorter: list[Message] = []
    for message in messages:
        too_long = [text for text in _texts(message) if lengths[text] > length]
        count += len(too_long)
        shorter.append(_with_cut_texts(message, set(too_long), length) if too_long else message)
    return Shortened(tuple(shorter), count)


def _with_cut_texts(message: Message, texts: set[str], length: int) -> Message:
    room = length - count_text_tokens(MARKER, _ENCODING)

    def cut(text: str) -> str:
        return truncate_text(text, room, _ENCODING).rstrip() + MARKER

    if isinstance(message.content, str):
        return dataclasses.replace(message, content=cut(message.content))
    parts = tuple(
        dataclasses.replace(part, text=cut(part.text), annotations=())
        if isinstance(part, TextPart) and part.text in texts
        else part
        for part in message.content
    )
    return dataclasses.replace(message, content=parts)

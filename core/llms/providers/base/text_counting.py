"""Counting a request's tokens by an endpoint that counts those of one text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from core.llms.types.content import TextPart
from core.llms.types.request import LLMRequest
from core.llms.types.response import TokenCount


async def count_texts(
    request: LLMRequest, count: Callable[[str], Awaitable[int]], most_characters: int, *, frames: str | None = None
) -> TokenCount:
    """Add up what `count` says of each text, given in pieces of at most `most_characters`.

    The sum is exact where there are texts alone and the vendor puts nothing around them; `frames` says what it does
    put there.
    """
    tokens = 0
    for text in split_texts(request, most_characters):
        tokens += await count(text)
    missing = [] if frames is None else [frames]
    is_text = all(isinstance(part, TextPart) for message in request.messages for part in message.parts)
    if request.tools or request.response_format is not None or not is_text:
        missing.append("tools, images, documents and forms")
    if not missing:
        return TokenCount(tokens, exact=True, text_tokens=tokens)
    note = f"the texts alone: the vendor counts no {', no '.join(missing)}"
    return TokenCount(tokens, exact=False, note=note, text_tokens=tokens)


def split_texts(request: LLMRequest, most_characters: int) -> Iterator[str]:
    """Go over the texts of a request, in pieces."""
    for message in request.messages:
        for part in message.parts:
            if isinstance(part, TextPart):
                for begin in range(0, len(part.text), most_characters):
                    yield part.text[begin : begin + most_characters]

"""The prompt in the pieces that can be cached, with the tokens of each.

No family's tokenizer is public as a whole: text is counted with `o200k_base`, which is near and not exact, images and
pages of PDFs as Anthropic's are. A cache point belongs to the piece before it; the order is tools, system, messages.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator.anthropic.counting import MOST_IMAGE_TOKENS, PAGE_TOKENS, call_tokens, load, pdf_tokens
from core.llms.simulator.anthropic.counting import picture_tokens as count_picture
from core.llms.simulator.bedrock.blocks import Placed, lay_out, returned
from core.llms.simulator.bedrock.media import document_text, to_media
from core.llms.simulator.conversation import Audio, File, Image
from core.llms.simulator.prompt_cache import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

_MESSAGE_TOKENS = 4
_TOOLS_TOKENS = 300
_BYTES_PER_MEDIA_TOKEN = 200


def prompt_segments(body: dict[str, Any]) -> list[Segment]:
    """The prompt in order, each piece before a cache point with the time that it asks for."""
    segments: list[Segment] = []
    for piece in _pieces(body):
        if isinstance(piece, Segment):
            segments.append(piece)
        elif segments:
            segments[-1] = replace(segments[-1], ttl=piece)
    return segments


def count_prompt(body: dict[str, Any]) -> int:
    """All tokens of a prompt."""
    return sum(segment.tokens for segment in prompt_segments(body))


def _pieces(body: dict[str, Any]) -> Iterator[Segment | str]:
    """Pieces, and the times of the cache points between them."""
    extra = _TOOLS_TOKENS
    for tool in body.get("toolConfig", {}).get("tools", ()):
        if "cachePoint" in tool:
            yield tool["cachePoint"].get("ttl", "5m")
        else:
            yield _segment("tool", tool, load().count(to_json(tool).decode()) + extra)
            extra = 0
    for block in body.get("system", ()):
        if "cachePoint" in block:
            yield block["cachePoint"].get("ttl", "5m")
        else:
            text = block.get("text") or block.get("guardContent", {}).get("text", {}).get("text", "")
            yield _segment("system", block, load().count(text))
    for index, message in enumerate(body["messages"]):
        extra = _MESSAGE_TOKENS
        for placed in lay_out(message, index):
            if placed.kind == "cachePoint":
                yield placed.content.get("ttl", "5m")
            else:
                content = {placed.kind: placed.content}
                yield _segment(message["role"], content, _block_tokens(placed) + extra)
                extra = 0


def _segment(kind: str, content: Any, tokens: int) -> Segment:
    return Segment(hashlib.blake2b(kind.encode() + to_json(content), digest_size=16).digest(), tokens)


def _block_tokens(placed: Placed) -> int:
    content = placed.content
    match placed.kind:
        case "text":
            return load().count(content)
        case "toolUse":
            return call_tokens(content["name"], to_json(content["input"]).decode())
        case "toolResult":
            return call_tokens("", "") + sum(_block_tokens(inner) for inner in returned(placed))
        case "document":
            text = document_text(content["source"])
            return _media_tokens(placed) if text is None else load().count(text)
        case "image" | "video" | "audio":
            return _media_tokens(placed)
        case "reasoningContent":
            return load().count(content.get("reasoningText", {}).get("text", ""))
    return load().count(to_json(content).decode())


def _media_tokens(placed: Placed) -> int:
    match to_media(placed):
        case Image(data=bytes() as data):
            return count_picture(data)
        case File(data=bytes() as data) if data.startswith(b"%PDF"):
            return pdf_tokens(data)
        case File(data=bytes() as data) | Audio(data=data):
            return max(1, len(data) // _BYTES_PER_MEDIA_TOKEN)
        case File():
            return PAGE_TOKENS
    return MOST_IMAGE_TOKENS

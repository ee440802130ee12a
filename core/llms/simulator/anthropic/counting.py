"""The prompt in the pieces that can be cached, with the tokens of each.

Anthropic publishes no tokenizer for today's models: text is counted with `o200k_base`, which is near and not exact.
Images cost width × height / 750 after they are made to fit (Anthropic, "Images and vision"), a page of a PDF 1,500
("PDF support": 1,500 to 3,000), tools 346 tokens beside their definitions, or 313 where one must be called ("Tool use
overview", table of Claude 4), all read 2026-11-21. A short message costs 7 tokens more than its text, as recorded.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator.anthropic.media import content_text, decode_image
from core.llms.simulator.anthropic.request_shapes import is_custom
from core.llms.simulator.images import read_image
from core.llms.simulator.prompt_cache import Segment
from core.llms.simulator.tokens import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.llms.simulator.anthropic.turns import Placed, Turn
    from core.llms.simulator.tokens import Tokenizer

_PROMPT_TOKENS = 3
_MESSAGE_TOKENS = 4
_TOOLS_TOKENS = {"auto": 346, "none": 346, "any": 313, "tool": 313}
_TOOL_CALL_TOKENS = 12
_VENDOR_TOOL_TOKENS = 500
_LONGEST_SIDE = 1568
MOST_IMAGE_TOKENS = 1568
_PIXELS_PER_TOKEN = 750
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
PAGE_TOKENS = 1500


def load() -> Tokenizer:
    """The tokenizer that stands for Anthropic's."""
    return load_tokenizer("o200k_base")


def prompt_segments(body: dict[str, Any], turns: Sequence[Turn]) -> list[Segment]:
    """The prompt in order: tools, system, messages; an automatic breakpoint is on the last piece."""
    segments = [*_tool_segments(body), *_system_segments(body), *_message_segments(turns)]
    automatic = body.get("cache_control")
    if automatic is not None and segments:
        last = segments[-1]
        segments[-1] = Segment(last.digest, last.tokens, automatic.get("ttl", "5m"))
    return segments


def call_tokens(name: str, arguments: str) -> int:
    """What a call costs, in prompts and in answers."""
    tokenizer = load()
    return tokenizer.count(name) + tokenizer.count(arguments) + _TOOL_CALL_TOKENS


def _tool_segments(body: dict[str, Any]) -> Iterator[Segment]:
    choice = body.get("tool_choice") or {"type": "auto"}
    extra = _TOOLS_TOKENS[choice["type"]]
    for tool in body.get("tools") or ():
        definition = to_json({name: value for name, value in tool.items() if name != "cache_control"})
        if not is_custom(tool):
            tokens = _VENDOR_TOOL_TOKENS
        else:
            tokens = load().count(definition.decode()) + extra
            extra = 0
        yield Segment(_digest(definition), tokens, _ttl(tool))


def _system_segments(body: dict[str, Any]) -> Iterator[Segment]:
    system = body.get("system") or []
    blocks = [{"type": "text", "text": system}] if isinstance(system, str) else system
    for block in blocks:
        yield Segment(_digest(b"system", block["text"].encode()), load().count(block["text"]), _ttl(block))


def _message_segments(turns: Sequence[Turn]) -> Iterator[Segment]:
    extra = _PROMPT_TOKENS
    for turn in turns:
        extra += _MESSAGE_TOKENS
        for placed in turn.blocks:
            content = {name: value for name, value in placed.block.items() if name != "cache_control"}
            digest = _digest(turn.role.encode(), to_json(content))
            yield Segment(digest, _block_tokens(placed.block, placed.path) + extra, _block_ttl(placed))
            extra = 0


def _block_ttl(placed: Placed) -> str | None:
    inner = placed.block.get("content") if placed.type == "tool_result" else None
    marks = [_ttl(part) for part in inner] if isinstance(inner, list) else []
    return _ttl(placed.block) or next((mark for mark in marks if mark is not None), None)


def _ttl(block: dict[str, Any]) -> str | None:
    control = block.get("cache_control")
    return None if control is None else control.get("ttl", "5m")


def _block_tokens(block: dict[str, Any], path: str) -> int:
    match block["type"]:
        case "text":
            return load().count(block["text"])
        case "thinking":
            return load().count(block["thinking"])
        case "redacted_thinking":
            return len(block["data"]) // 16
        case "image":
            return _image_tokens(block, path)
        case "document":
            return _document_tokens(block["source"])
        case "search_result":
            return load().count(f"{block['title']}\n{content_text(block['content'])}")
        case "tool_use":
            return call_tokens(block["name"], to_json(block["input"]).decode())
        case "tool_result":
            return _result_tokens(block, path)
    return load().count(to_json(block.get("content") or block.get("input") or {}).decode())


def _result_tokens(block: dict[str, Any], path: str) -> int:
    content = block.get("content") or ""
    if isinstance(content, str):
        return load().count(content) + _TOOL_CALL_TOKENS
    return _TOOL_CALL_TOKENS + sum(_block_tokens(part, path) for part in content if part["type"] != "tool_reference")


def _image_tokens(block: dict[str, Any], path: str) -> int:
    image = decode_image(block["source"], f"{path}.image.source")
    return MOST_IMAGE_TOKENS if image.data is None else picture_tokens(image.data)


def picture_tokens(data: bytes) -> int:
    """What an image costs, by its size in pixels."""
    facts = read_image(data)
    scale = min(1.0, _LONGEST_SIDE / max(facts.width, facts.height))
    pixels = facts.width * scale * facts.height * scale
    return max(1, min(MOST_IMAGE_TOKENS, round(pixels / _PIXELS_PER_TOKEN)))


def _document_tokens(source: dict[str, Any]) -> int:
    match source["type"]:
        case "text":
            return load().count(source["data"])
        case "content":
            return load().count(content_text(source["content"]))
        case "base64":
            return pdf_tokens(b64decode(source["data"]))
    return PAGE_TOKENS


def pdf_tokens(data: bytes) -> int:
    """What a PDF costs, by its pages."""
    return max(1, len(_PAGE.findall(data))) * PAGE_TOKENS


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.digest()

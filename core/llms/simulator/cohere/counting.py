"""The prompt in pieces, with the tokens of each that are billed.

Cohere's tokenizers are files of their own: text is counted with `o200k_base`, which is near and not exact. An image
takes 259 tokens, as recorded in 2025 and 2026. The vendor bills no words of its own, which are some hundreds more where
there are tools or documents; a part of an answer takes one more token than is billed of it (recorded: one to six).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator.cohere.message_rules import content_blocks
from core.llms.simulator.cohere.prompts import document_text
from core.llms.simulator.prompt_cache import Segment
from core.llms.simulator.tokens import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.cohere.models import ChatModel
    from core.llms.simulator.tokens import Tokenizer

IMAGE_TOKENS = 259
_GUIDE_TOKENS = 900
_CACHE_BLOCK = 16
_KEPT = "5m"


def load() -> Tokenizer:
    """The tokenizer that stands for Cohere's."""
    return load_tokenizer("o200k_base")


def own_segment(body: dict[str, Any], model: ChatModel) -> Segment:
    """What the vendor puts before the prompt, which is not billed."""
    tokens = model.preamble + (_GUIDE_TOKENS if body.get("tools") or body.get("documents") else 0)
    return Segment(_digest(model.name.encode(), tokens.to_bytes(4)), tokens, _KEPT)


def prompt_segments(body: dict[str, Any]) -> list[Segment]:
    """The prompt in order: tools, documents, messages."""
    pieces = [*_definitions(body), *((to_json(message), _message_tokens(message)) for message in body["messages"])]
    return [Segment(_digest(content), tokens, _KEPT) for content, tokens in pieces]


def whole_blocks(tokens: int) -> int:
    """Tokens in whole blocks of the cache."""
    return tokens // _CACHE_BLOCK * _CACHE_BLOCK


def _definitions(body: dict[str, Any]) -> Iterator[tuple[bytes, int]]:
    for tool in body.get("tools", ()):
        content = to_json(tool)
        yield content, load().count(content.decode())
    for document in body.get("documents") or ():
        data = document if isinstance(document, str) else document["data"]
        yield to_json(document), load().count(document_text(data))


def _message_tokens(message: dict[str, Any]) -> int:
    tokens = sum(_block_tokens(block) for block in content_blocks(message.get("content", [])))
    tokens += load().count(message.get("tool_plan", ""))
    for call in message.get("tool_calls", ()):
        tokens += load().count(call["function"]["name"]) + load().count(call["function"]["arguments"])
    return tokens


def _block_tokens(block: dict[str, Any]) -> int:
    match block["type"]:
        case "image_url":
            return IMAGE_TOKENS
        case "document":
            return load().count(document_text(block["document"]["data"]))
    return load().count(block.get("text") or block.get("thinking") or "")


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.digest()

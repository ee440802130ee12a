"""The prompt in pieces, with the tokens of each by modality.

Google ships no tokenizer that works offline: text is counted with `o200k_base`, which is near and not exact. Images
cost 258 tokens up to 384 pixels a side and 258 for each 768-pixel tile beyond, from the third generation on 1,120;
a page of a PDF 258 or 560; a second of sound 32 (Google, "Token counting" and "Media resolution", read 2026-11-21).
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator.google.proto import decoded
from core.llms.simulator.images import NotAnImageError, read_image
from core.llms.simulator.prompt_cache import Segment
from core.llms.simulator.sights import wav_seconds
from core.llms.simulator.tokens import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.google.models import Model
    from core.llms.simulator.tokens import Tokenizer

_CALL_TOKENS = 4
_SMALL_SIDE = 384
_TILE_SIDE = 768
_TILE_TOKENS = 258
_LATE_IMAGE_TOKENS = 1120
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_PAGE_TOKENS = 258
_LATE_PAGE_TOKENS = 560
_SOUND_TOKENS_PER_SECOND = 32
_BYTES_PER_SECOND = 16_000
_REFERENCE_TOKENS = 258


def load() -> Tokenizer:
    """The tokenizer that stands for Google's."""
    return load_tokenizer("o200k_base")


def prompt_pieces(request: dict[str, Any], model: Model) -> list[tuple[str, Segment]]:
    """The prompt in order, each piece with its modality; all of it may be cached."""
    return [
        (modality, Segment(hashlib.blake2b(content, digest_size=16).digest(), tokens, "5m"))
        for modality, content, tokens in _pieces(request, model)
    ]


def token_details(counts: Counter[str]) -> list[dict[str, Any]]:
    """Counts as `ModalityTokenCount`s."""
    return [{"modality": modality, "tokenCount": count} for modality, count in counts.items() if count]


def call_tokens(name: str, arguments: str) -> int:
    """What a call costs, in prompts and in answers."""
    return load().count(name) + load().count(arguments) + _CALL_TOKENS


def _pieces(request: dict[str, Any], model: Model) -> Iterator[tuple[str, bytes, int]]:
    for tool in request.get("tools") or []:
        for declaration in tool.get("functionDeclarations") or []:
            definition = to_json(declaration)
            yield "TEXT", definition, load().count(definition.decode())
    contents = [request["systemInstruction"]] if "systemInstruction" in request else []
    for content in [*contents, *(request.get("contents") or [])]:
        for part in content.get("parts") or []:
            modality, tokens = _part_tokens(part, model)
            yield modality, str(content.get("role")).encode() + to_json(part), tokens


def _part_tokens(part: dict[str, Any], model: Model) -> tuple[str, int]:
    if "functionCall" in part:
        call = part["functionCall"]
        return "TEXT", call_tokens(call["name"], to_json(call.get("args") or {}).decode())
    if "functionResponse" in part:
        response = part["functionResponse"]
        return "TEXT", call_tokens(response["name"], to_json(response.get("response") or {}).decode())
    if "inlineData" in part:
        return _blob_tokens(part["inlineData"], model)
    if "fileData" in part:
        return _modality(part["fileData"].get("mimeType", "")), _REFERENCE_TOKENS
    return "TEXT", load().count(part.get("text", ""))


def _blob_tokens(blob: dict[str, Any], model: Model) -> tuple[str, int]:
    media_type = blob.get("mimeType", "")
    modality = _modality(media_type)
    data = decoded(blob.get("data", ""))
    match modality:
        case "IMAGE":
            return modality, _LATE_IMAGE_TOKENS if model.late else _image_tokens(data)
        case "AUDIO" | "VIDEO":
            seconds = wav_seconds(data)
            length = seconds if seconds is not None else len(data) / _BYTES_PER_SECOND
            return modality, max(1, round(length * _SOUND_TOKENS_PER_SECOND))
        case "DOCUMENT":
            pages = max(1, len(_PAGE.findall(data)))
            return modality, pages * (_LATE_PAGE_TOKENS if model.late else _PAGE_TOKENS)
    return "TEXT", load().count(data.decode(errors="replace"))


def _image_tokens(data: bytes) -> int:
    try:
        facts = read_image(data)
    except NotAnImageError:
        return _TILE_TOKENS
    if max(facts.width, facts.height) <= _SMALL_SIDE:
        return _TILE_TOKENS
    return _TILE_TOKENS * math.ceil(facts.width / _TILE_SIDE) * math.ceil(facts.height / _TILE_SIDE)


def _modality(media_type: str) -> str:
    for prefix, modality in (("image/", "IMAGE"), ("audio/", "AUDIO"), ("video/", "VIDEO")):
        if media_type.startswith(prefix):
            return modality
    return "DOCUMENT" if media_type == "application/pdf" else "TEXT"

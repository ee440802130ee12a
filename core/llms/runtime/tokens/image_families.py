"""What an image costs in tokens by the rules of Claude and of Gemini.

Claude covers an image with squares of 28 pixels, a token each, once it is scaled down to the model's limits: 1,568
pixels on the long side and 1,568 tokens, or since Opus 4.7 2,576 pixels and 4,784 tokens
(https://platform.claude.com/docs/en/build-with-claude/vision, read 2026-11-28; pages of 2024 and 2025 approximate the
same by width × height / 750). Measured counts of seven sizes up to 1,920 × 1,080 pixels are met exactly, for Haiku 4.5
and for Opus and Sonnet 5.5; larger ones are not confirmed, since the client that measured scaled them itself.

Gemini 3 lays a grid of the image's shape over it, of at most 1,120 tokens by default, whatever its size
(https://ai.google.dev/gemini-api/docs/media-resolution, read 2026-11-28); the grid was inferred from measured counts
of ten sizes and three recorded ones, and meets all of them. Gemini 2.5 counts 258 an image, as recorded exchanges
show, though the guide allows for about 2,048 more; before it, 258 for up to 384 pixels a side and else for each tile
and once for the whole (https://ai.google.dev/gemini-api/docs/tokens, and recorded counts of 5 and 7 times 258).

The measured counts: https://huggingface.co/datasets/JOHNISKING/image-token-cost, read 2026-11-28.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from core.llms.runtime.tokens.image_grids import (
    ASSUMED_SIZE,
    ImageTokens,
    count_covering,
    describe_assumed_size,
    fit_squares,
)
from core.llms.types.media import ImageSize

_Rule: TypeAlias = Callable[[ImageSize], int]

_CLAUDE_SQUARE_PIXELS: Final = 28
_CLAUDE: Final = re.compile(
    r"claude(?:-(?P<line>[a-z]+)-(?P<major>\d+)(?:[-.](?P<minor>\d{1,2}))?(?!\d))?", re.IGNORECASE
)
# Pixels of the long side, and tokens.
_CLAUDE_LIMITS: Final = (1568, 1568)
_CLAUDE_LARGE_LIMITS: Final = (2576, 4784)
_CLAUDE_LARGE_SINCE: Final = (4, 7)
_CLAUDE_LARGE_KNOWN: Final = frozenset({"opus-4-7", "opus-4-8", "opus-5-5", "sonnet-5-5", "fable-5"})

_GEMINI: Final = re.compile(r"gemini(?:-(?P<major>\d+)(?:\.(?P<minor>\d+))?(?![\d.]))?", re.IGNORECASE)
_GEMINI_GRID_TOKENS: Final = 1120
_GEMINI_TILE_TOKENS: Final = 258
_GEMINI_WHOLE_PIXELS: Final = 384
_FLAT_NOTE: Final = "an image is counted as 258 tokens, as recorded; the vendor's guide allows for 2,306"
# What the shortest side is of a tile's, and how many tiles an image has that is five times as long as high.
_GEMINI_TILES_A_SIDE: Final = 1.5
_GEMINI_MOST_TILES: Final = 16


def count_by_family(model_id: str, size: ImageSize | None) -> ImageTokens | None:
    """Return the tokens of one image for Claude or Gemini, whoever serves it; None for models of another family."""
    found = _find_rule(model_id)
    if found is None:
        return None
    rule, most, rule_note = found
    tokens = rule(size or ASSUMED_SIZE)
    unseen = most - tokens if size is None else 0
    notes = [note for note in (rule_note, describe_assumed_size(most) if unseen else None) if note]
    return ImageTokens(tokens, not notes, "; ".join(notes) or None, unseen)


@lru_cache(maxsize=1024)
def _find_rule(model_id: str) -> tuple[_Rule, int, str | None] | None:
    """Return a family's rule, the most tokens that it gives, and what of it is not certain."""
    if match := _CLAUDE.search(model_id):
        return _claude_rule(match)
    match = _GEMINI.search(model_id)
    return None if match is None else _gemini_rule(match)


def _claude_rule(match: re.Match[str]) -> tuple[_Rule, int, str | None]:
    line, major, minor = match["line"], int(match["major"] or 0), int(match["minor"] or 0)
    large = (major, minor) >= _CLAUDE_LARGE_SINCE
    side, most = _CLAUDE_LARGE_LIMITS if large else _CLAUDE_LIMITS
    known = not large or f"{line}-{major}-{minor}".removesuffix("-0").lower() in _CLAUDE_LARGE_KNOWN
    note = None if known else f"that {match[0]} takes images as large as Opus 4.7 does is an assumption"
    return lambda size: fit_squares(size, side, _CLAUDE_SQUARE_PIXELS, most), most, note


def _gemini_rule(match: re.Match[str]) -> tuple[_Rule, int, str | None]:
    version = (int(match["major"]), int(match["minor"] or 0)) if match["major"] else None
    if version is None or version >= (3, 0):
        note = None if version else f"that {match.string} counts images as Gemini 3 does is an assumption"
        return _count_grid, _GEMINI_GRID_TOKENS, note or "images are counted at the default media resolution"
    if version >= (2, 5):
        return lambda _: _GEMINI_TILE_TOKENS, _GEMINI_TILE_TOKENS, _FLAT_NOTE
    return _count_tiles, _GEMINI_TILE_TOKENS * (_GEMINI_MOST_TILES + 1), "images above 384 pixels are counted by tiles"


def _count_grid(size: ImageSize) -> int:
    columns = math.isqrt(_GEMINI_GRID_TOKENS * size.width // size.height)
    rows = math.isqrt(_GEMINI_GRID_TOKENS * size.height // size.width)
    return min(max(1, columns) * max(1, rows), _GEMINI_GRID_TOKENS)


def _count_tiles(size: ImageSize) -> int:
    if max(size) <= _GEMINI_WHOLE_PIXELS:
        return _GEMINI_TILE_TOKENS
    tile_pixels = max(1, int(min(size) / _GEMINI_TILES_A_SIDE))
    tiles = min(count_covering(size.width, size.height, tile_pixels), _GEMINI_MOST_TILES)
    return _GEMINI_TILE_TOKENS * (tiles + 1)

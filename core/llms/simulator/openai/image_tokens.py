"""What an image costs in tokens, by OpenAI's rules of tiles and of patches; which model has which is in `models`.

Facts: OpenAI, guide "Images and vision", section "Calculating costs"
(https://developers.openai.com/api/docs/guides/images-vision), as of October 2026.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, assert_never

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PATCHES = 30_000
_TILE_PIXELS = 512
_PATCH_PIXELS = 32
_TILED_LONGEST_SIDE = 2048
_TILED_SHORTEST_SIDE = 768


class TooManyPatchesError(ValueError):
    """The image has more patches than the vendor takes."""


@dataclass(frozen=True, slots=True)
class TileRule:
    """Images cost `base` tokens and, unless detail is low, `tile` for each 512-pixel tile."""

    base: int
    tile: int


@dataclass(frozen=True, slots=True)
class Shrinking:
    """How small an image is made first: its longest side in pixels, then its 32-pixel patches (None: as many)."""

    longest_side: int
    most_patches: int | None = None


@dataclass(frozen=True, slots=True)
class PatchRule:
    """Images cost `percent` hundredths of a token for each 32-pixel patch that is left after shrinking by detail."""

    percent: int
    shrinking: Mapping[str, Shrinking]


ImageRule: TypeAlias = TileRule | PatchRule


def _by_detail(low: Shrinking, high: Shrinking, original: Shrinking, *, auto: Shrinking) -> dict[str, Shrinking]:
    return {"low": low, "high": high, "original": original, "auto": auto}


def _same_for_all(percent: int) -> PatchRule:
    shrinking = Shrinking(2048, 6144)
    return PatchRule(percent, _by_detail(shrinking, shrinking, shrinking, auto=shrinking))


_THUMBNAIL = Shrinking(512)
_HIGH = Shrinking(2048, 2500)
_LARGE = Shrinking(6000, 10_000)
_ORIGINAL = Shrinking(65_535)
GPT_4_TILES = TileRule(85, 170)
GPT_4O_MINI_TILES = TileRule(2833, 5667)
O_TILES = TileRule(75, 150)
GPT_5_TILES = TileRule(70, 140)
GPT_4_1_MINI_PATCHES = _same_for_all(162)
GPT_4_1_NANO_PATCHES = _same_for_all(246)
O4_MINI_PATCHES = _same_for_all(172)
GPT_5_MINI_PATCHES = _same_for_all(120)
GPT_5_NANO_PATCHES = _same_for_all(150)
GPT_5_2_PATCHES = _same_for_all(120)
GPT_5_4_PATCHES = PatchRule(120, _by_detail(Shrinking(2048, 6144), _HIGH, _LARGE, auto=_HIGH))
GPT_5_5_PATCHES = PatchRule(120, _by_detail(_THUMBNAIL, _HIGH, _LARGE, auto=_LARGE))
GPT_5_6_PATCHES = PatchRule(120, _by_detail(_THUMBNAIL, _HIGH, _ORIGINAL, auto=_ORIGINAL))
GPT_6_PATCHES = PatchRule(120, _by_detail(_THUMBNAIL, Shrinking(65_535, 2500), _ORIGINAL, auto=_ORIGINAL))


def image_tokens(rule: ImageRule, width: int, height: int, detail: str) -> int:
    """The tokens of an image of `width`×`height` pixels. Raises: TooManyPatchesError."""
    match rule:
        case TileRule():
            return rule.base if detail == "low" else rule.base + rule.tile * _tiles(width, height)
        case PatchRule():
            patches = _patches_left(rule.shrinking[detail], width, height)
            if patches > MOST_PATCHES:
                raise TooManyPatchesError(f"the image has {patches} patches; at most {MOST_PATCHES} are taken")
            return math.ceil(patches * rule.percent / 100)
    assert_never(rule)


def _tiles(width: int, height: int) -> int:
    width, height = _within(width, height, _TILED_LONGEST_SIDE)
    short = min(width, height)
    if short > _TILED_SHORTEST_SIDE:
        width, height = (side * _TILED_SHORTEST_SIDE // short for side in (width, height))
    return math.ceil(width / _TILE_PIXELS) * math.ceil(height / _TILE_PIXELS)


def _patches_left(shrinking: Shrinking, width: int, height: int) -> int:
    width, height = _within(width, height, shrinking.longest_side)
    most = shrinking.most_patches
    patches = _patches(width, height)
    if most is None or patches <= most:
        return patches
    factor = shrink = math.sqrt(most * _PATCH_PIXELS**2 / (width * height))
    for side in (width, height):
        exact = side * shrink / _PATCH_PIXELS
        # Of a side shorter than one patch nothing can be taken off.
        if exact >= 1:
            factor = min(factor, math.floor(exact) * _PATCH_PIXELS / side)
    return min(most, _patches(max(1, int(width * factor)), max(1, int(height * factor))))


def _patches(width: int, height: int) -> int:
    return math.ceil(width / _PATCH_PIXELS) * math.ceil(height / _PATCH_PIXELS)


def _within(width: int, height: int, longest_side: int) -> tuple[int, int]:
    scale = longest_side / max(width, height)
    if scale >= 1:
        return width, height
    return max(1, round(width * scale)), max(1, round(height * scale))

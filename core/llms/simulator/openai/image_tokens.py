"""What an image costs in tokens, by OpenAI's published tile and patch rules (see `models` for source and date)."""

from __future__ import annotations

import math
from typing import assert_never

from core.llms.simulator.openai.models import PatchRule, TileRule

_TILE_PIXELS = 512
_PATCH_PIXELS = 32
_LONGEST_SIDE = 2048
_SHORTEST_SIDE = 768


def image_tokens(rule: TileRule | PatchRule, width: int, height: int, detail: str) -> int:
    """The tokens of an image of `width`×`height` pixels."""
    match rule:
        case TileRule():
            return _tile_tokens(rule, width, height, detail)
        case PatchRule():
            return _patch_tokens(rule, width, height, detail)
    assert_never(rule)


def _tile_tokens(rule: TileRule, width: int, height: int, detail: str) -> int:
    if detail == "low":
        return rule.base
    scale = min(1.0, _LONGEST_SIDE / max(width, height))
    scaled_width, scaled_height = width * scale, height * scale
    scale = min(1.0, _SHORTEST_SIDE / min(scaled_width, scaled_height))
    tiles = math.ceil(scaled_width * scale / _TILE_PIXELS) * math.ceil(scaled_height * scale / _TILE_PIXELS)
    return rule.base + rule.tile * tiles


def _patch_tokens(rule: PatchRule, width: int, height: int, detail: str) -> int:
    fitted_width, fitted_height = float(width), float(height)
    if detail == "low":
        scale = min(1.0, _TILE_PIXELS / max(width, height))
        fitted_width, fitted_height = width * scale, height * scale
    patches = _patches(fitted_width, fitted_height)
    if patches > rule.most_patches:
        shrink = math.sqrt(_PATCH_PIXELS**2 * rule.most_patches / (fitted_width * fitted_height))
        across, down = fitted_width * shrink / _PATCH_PIXELS, fitted_height * shrink / _PATCH_PIXELS
        shrink *= min(math.floor(across) / across, math.floor(down) / down)
        patches = min(rule.most_patches, _patches(fitted_width * shrink, fitted_height * shrink))
    return math.ceil(patches * rule.multiplier)


def _patches(width: float, height: float) -> int:
    return math.ceil(round(width / _PATCH_PIXELS, 6)) * math.ceil(round(height / _PATCH_PIXELS, 6))

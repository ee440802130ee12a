"""What an image costs in tokens: by the rules that OpenAI publishes for each model family; others' in `image_families`.

Only arithmetic over sizes lives here; finding the size of an image lives in `core.llms.types.media`.

OpenAI's rules are those of OpenAI's guide "Images and vision", section "Calculating costs"
(https://developers.openai.com/api/docs/guides/images-vision), as it stood in October 2026. They replaced the budget
of 1,536 patches and the multipliers 1.62 and 2.46 of 2025 for the gpt-5 models. The guide allows for a difference of
one token by rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from core.llms.runtime.tokens.families import find_family, is_release_of
from core.llms.runtime.tokens.image_families import count_by_family
from core.llms.runtime.tokens.image_grids import (
    ASSUMED_SIZE,
    ImageTokens,
    count_covering,
    describe_assumed_size,
    fit_within,
)
from core.llms.types.content import ImageDetail
from core.llms.types.media import ImageSize

PATCH_PIXELS: Final = 32
TILE_PIXELS: Final = 512
MAXIMUM_PATCHES: Final = 30_000
_TILE_SQUARE_PIXELS: Final = 2048
_TILE_SHORTEST_SIDE_PIXELS: Final = 768


@dataclass(frozen=True, slots=True)
class TileRule:
    """A fixed number of tokens, and some more for each 512 px tile of the scaled image."""

    base_tokens: int
    tile_tokens: int


@dataclass(frozen=True, slots=True)
class PatchSizing:
    """How far an image is scaled down before its 32 px patches are counted; no budget means no limit on patches."""

    maximum_side_pixels: int
    patch_budget: int | None = None


@dataclass(frozen=True, slots=True)
class PatchRule:
    """Tokens for each 32 px patch, in hundredths, and the sizing that each `detail` has; `auto` is one of them."""

    hundredths_per_patch: int
    low: PatchSizing
    high: PatchSizing
    original: PatchSizing
    auto: Literal["high", "original"]


_LOW: Final = PatchSizing(512)
_HIGH: Final = PatchSizing(2048, 2500)
_LARGE: Final = PatchSizing(6000, 10_000)
_UNIFORM: Final = PatchSizing(2048, 6144)
_UNLIMITED: Final = PatchSizing(65_535)


def _uniform(hundredths_per_patch: int) -> PatchRule:
    return PatchRule(hundredths_per_patch, low=_UNIFORM, high=_UNIFORM, original=_UNIFORM, auto="high")


_GPT_5_4: Final = PatchRule(120, low=_UNIFORM, high=_HIGH, original=_LARGE, auto="high")
_GPT_5_6: Final = PatchRule(120, low=_LOW, high=_HIGH, original=_UNLIMITED, auto="original")
_GPT_6: Final = PatchRule(120, low=_LOW, high=PatchSizing(65_535, 2500), original=_UNLIMITED, auto="original")

# gpt-4.5-preview, gpt-5-chat and computer-use-preview are retired, and stand in the guide of 2025 only.
_PUBLISHED: Final[dict[str, TileRule | PatchRule]] = {
    "gpt-4o": TileRule(85, 170),
    "gpt-4o-mini": TileRule(2833, 5667),
    "gpt-4.1": TileRule(85, 170),
    "gpt-4.1-mini": _uniform(162),
    "gpt-4.1-nano": _uniform(246),
    "gpt-4.5-preview": TileRule(85, 170),
    "o1": TileRule(75, 150),
    "o1-pro": TileRule(75, 150),
    "o3": TileRule(75, 150),
    "o4-mini": _uniform(172),
    "computer-use-preview": TileRule(65, 129),
    "gpt-5": TileRule(70, 140),
    "gpt-5-chat": TileRule(70, 140),
    "gpt-5-mini": _uniform(120),
    "gpt-5-nano": _uniform(150),
    "gpt-5.1": TileRule(70, 140),
    "gpt-5.2": _uniform(120),
    "gpt-5.4": _GPT_5_4,
    "gpt-5.4-mini": _GPT_5_4,
    "gpt-5.4-nano": _GPT_5_4,
    "gpt-5.5": PatchRule(120, low=_LOW, high=_HIGH, original=_LARGE, auto="original"),
    "gpt-5.6-sol": _GPT_5_6,
    "gpt-5.6-terra": _GPT_5_6,
    "gpt-5.6-luna": _GPT_5_6,
    "gpt-6-astra": _GPT_6,
}
# The guide does not name these: each takes the rule of its nearest published relative.
_ASSUMED: Final[dict[str, TileRule | PatchRule]] = {
    "chatgpt-4o": TileRule(85, 170),
    "gpt-4": TileRule(85, 170),
    "gpt-4.5": TileRule(85, 170),
    "gpt-5-codex-mini": _uniform(120),
    "gpt-5.1-codex-mini": _uniform(120),
    "gpt-5.3": _uniform(120),
    "gpt-5.6": _GPT_5_6,
    "gpt-6": _GPT_6,
    "gpt-6.1": _GPT_6,
}
_FALLBACK: Final = _GPT_5_4


def count_image_tokens(model_id: str, size: ImageSize | None, detail: ImageDetail | None = None) -> ImageTokens:
    """Return the input tokens of one image for a model; without a size, 1024 × 1024 pixels are assumed.

    `detail` left out means `auto`, as on the wire. `original` counts as `high` where the model does not know it. Only
    OpenAI's models have a `detail`.

    Raises:
        ValueError: a side of `size` is not positive.
    """
    if size is not None and min(size) < 1:
        raise ValueError(f"an image of {size.width}×{size.height} pixels has no tokens")
    by_family = count_by_family(model_id, size)
    if by_family is not None:
        return by_family
    rule, rule_note = _find_rule(model_id)
    match rule:
        case TileRule():
            tokens = _count_tiles(rule, size or ASSUMED_SIZE, detail)
            size_matters = detail != "low"
            limit_note = None
        case PatchRule():
            patches = _count_patches(_sizing(rule, detail), size or ASSUMED_SIZE)
            tokens = -(-patches * rule.hundredths_per_patch // 100)
            size_matters = True
            limit_note = _limit_note(patches)
        case _:
            assert_never(rule)
    most = _most_tokens(rule, detail) if size is None and size_matters else None
    size_note = None if most is None else describe_assumed_size(most)
    notes = [note for note in (rule_note, size_note, limit_note) if note]
    unseen = 0 if most is None else most - tokens
    return ImageTokens(tokens, not (rule_note or size_note), "; ".join(notes) or None, unseen)


def _find_rule(model_id: str) -> tuple[TileRule | PatchRule, str | None]:
    family = find_family(model_id, _PUBLISHED.keys() | _ASSUMED.keys())
    if family is None:
        return _FALLBACK, f"no image rule is published for {model_id}, gpt-5.4's is assumed"
    rule = _PUBLISHED.get(family)
    if rule is not None and is_release_of(model_id, family):
        return rule, None
    return rule or _ASSUMED[
        family
    ], f"no image rule is published for {model_id}, that of its nearest relative is assumed"


def _most_tokens(rule: TileRule | PatchRule, detail: ImageDetail | None) -> int:
    if isinstance(rule, TileRule):
        long, short = _TILE_SQUARE_PIXELS, _TILE_SHORTEST_SIDE_PIXELS
        return rule.base_tokens + rule.tile_tokens * count_covering(long, short, TILE_PIXELS)
    sizing = _sizing(rule, detail)
    square = count_covering(sizing.maximum_side_pixels, sizing.maximum_side_pixels, PATCH_PIXELS)
    patches = min(square, sizing.patch_budget or MAXIMUM_PATCHES)
    return -(-patches * rule.hundredths_per_patch // 100)


def _limit_note(patches: int) -> str | None:
    if patches <= MAXIMUM_PATCHES:
        return None
    return f"an image of {patches:,} patches is refused by OpenAI; {MAXIMUM_PATCHES:,} is the limit"


def _sizing(rule: PatchRule, detail: ImageDetail | None) -> PatchSizing:
    match detail if detail not in (None, "auto") else rule.auto:
        case "low":
            return rule.low
        case "original":
            return rule.original
        case _:
            return rule.high


def _count_tiles(rule: TileRule, size: ImageSize, detail: ImageDetail | None) -> int:
    if detail == "low":
        return rule.base_tokens
    width, height = fit_within(size, _TILE_SQUARE_PIXELS)
    shortest = min(width, height)
    if shortest > _TILE_SHORTEST_SIDE_PIXELS:
        width = width * _TILE_SHORTEST_SIDE_PIXELS // shortest
        height = height * _TILE_SHORTEST_SIDE_PIXELS // shortest
    return rule.base_tokens + rule.tile_tokens * count_covering(width, height, TILE_PIXELS)


def _count_patches(sizing: PatchSizing, size: ImageSize) -> int:
    width, height = fit_within(size, sizing.maximum_side_pixels)
    patches = count_covering(width, height, PATCH_PIXELS)
    if sizing.patch_budget is None or patches <= sizing.patch_budget:
        return patches
    return min(_shrunk_patches(width, height, sizing.patch_budget), sizing.patch_budget)


def _shrunk_patches(width: int, height: int, budget: int) -> int:
    """Scale to the budget, then on to the next whole number of patches on the side that needs it more."""
    shrink = math.sqrt(PATCH_PIXELS**2 * budget / (width * height))
    columns, rows = width * shrink / PATCH_PIXELS, height * shrink / PATCH_PIXELS
    # A long thin image can fall below one patch on its short side, which the guide's formula does not foresee.
    adjusted = shrink * min(max(1, math.floor(columns)) / columns, max(1, math.floor(rows)) / rows, 1.0)
    return count_covering(max(1, math.floor(width * adjusted)), max(1, math.floor(height * adjusted)), PATCH_PIXELS)

"""Image tokens: OpenAI's own worked examples, and the limits around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms.runtime.tokens.images import MAXIMUM_PATCHES, count_image_tokens
from core.llms.types.content import ImageDetail
from core.llms.types.media import ImageSize

PATCH_MODELS = ["gpt-4.1-mini", "gpt-5-nano", "o4-mini", "gpt-5.2", "gpt-5.4", "gpt-5.5", "gpt-5.6-sol", "gpt-6-astra"]
TILE_MODELS = ["gpt-4o", "gpt-4o-mini", "o3", "gpt-5", "gpt-5.1", "computer-use-preview"]


@pytest.mark.parametrize(
    ("model_id", "size", "detail", "tokens"),
    [
        # OpenAI's guide "Images and vision", October 2026: worked examples.
        ("gpt-6-astra", (1024, 1024), "high", 1229),
        ("gpt-6-astra", (2048, 2048), "high", 3000),
        ("gpt-6-astra", (4096, 512), "high", 2458),
        # The same guide's rules, worked by hand.
        ("gpt-6-astra", (4096, 4096), "original", 19661),
        ("gpt-6-astra", (4096, 4096), None, 19661),
        ("gpt-6-astra", (4096, 4096), "low", 308),
        ("gpt-5.6-sol", (4096, 512), "high", 615),
        ("gpt-5.5", (8000, 6000), "auto", 11868),
        ("gpt-5.4", (2048, 2048), "low", 4916),
        ("gpt-5.4", (2048, 2048), None, 3000),
        ("gpt-5.4-nano", (100, 100), "high", 20),
        ("gpt-5.2", (1024, 1024), "low", 1229),
        ("gpt-5-nano", (1024, 1024), "high", 1536),
        ("gpt-4.1-mini", (1024, 1024), None, 1659),
        ("gpt-4.1-nano-2025-04-14", (1024, 1024), None, 2520),
        ("o4-mini", (1000, 1000), None, 1762),
        ("gpt-4o", (1024, 1024), "high", 765),
        ("gpt-4o", (2048, 4096), "high", 1105),
        ("gpt-4o", (4096, 8192), "low", 85),
        ("gpt-4o", (512, 512), None, 255),
        ("gpt-4o", (513, 100), None, 425),
        ("gpt-4o-mini", (512, 512), "auto", 8500),
        ("gpt-4o-mini", (8000, 8000), "low", 2833),
        ("gpt-4.1", (1024, 1024), "original", 765),
        ("o1", (1024, 1024), None, 675),
        ("gpt-5", (1024, 1024), None, 630),
        ("gpt-5.1", (1024, 1024), None, 630),
        ("gpt-5-chat-latest", (1024, 1024), "low", 70),
        ("computer-use-preview", (1024, 768), None, 581),
    ],
)
def test_image_tokens_follow_the_published_rule(
    model_id: str, size: tuple[int, int], detail: ImageDetail | None, tokens: int
) -> None:
    assert count_image_tokens(model_id, ImageSize(*size), detail) == (tokens, True, None, 0)


@pytest.mark.parametrize(
    ("model_id", "tokens", "told"),
    [
        ("gpt-6-luna", 1229, "no image rule is published for gpt-6-luna, that of its nearest relative is assumed"),
        ("gpt-6.1-sol", 1229, "no image rule is published for gpt-6.1-sol, that of its nearest relative is assumed"),
        ("gpt-5.5-pro", 1229, "no image rule is published for gpt-5.5-pro, that of its nearest relative is assumed"),
        ("chatgpt-4o-latest", 765, "nearest relative is assumed"),
        ("gpt-4-turbo", 765, "nearest relative is assumed"),
        ("grok-4.3", 1229, "no image rule is published for grok-4.3, gpt-5.4's is assumed"),
    ],
)
def test_image_tokens_say_where_the_rule_is_assumed(model_id: str, tokens: int, told: str) -> None:
    counted = count_image_tokens(model_id, ImageSize(1024, 1024))
    assert counted.tokens == tokens
    assert not counted.exact
    assert counted.note is not None
    assert told in counted.note


def test_image_tokens_say_that_an_unknown_size_is_assumed() -> None:
    assert count_image_tokens("gpt-4o", None) == (
        765,
        False,
        "the image's size is unknown, 1024×1024 is assumed; at most 1,445 tokens",
        680,
    )


def test_image_tokens_need_no_size_for_a_tile_model_at_low_detail() -> None:
    assert count_image_tokens("gpt-4o", None, "low") == (85, True, None, 0)


def test_image_tokens_warn_of_an_image_that_is_refused() -> None:
    counted = count_image_tokens("gpt-6-astra", ImageSize(32 * 200, 32 * 151))
    assert counted.tokens == 36_240
    assert counted.note == "an image of 30,200 patches is refused by OpenAI; 30,000 is the limit"
    assert count_image_tokens("gpt-6-astra", ImageSize(32 * 200, 32 * 150)).note is None


def test_image_tokens_refuse_an_empty_image() -> None:
    with pytest.raises(ValueError, match="an image of 0×5 pixels has no tokens"):
        count_image_tokens("gpt-4o", ImageSize(0, 5))


@given(
    model_id=st.sampled_from(PATCH_MODELS),
    width=st.integers(1, 70_000),
    height=st.integers(1, 70_000),
    detail=st.sampled_from(["low", "high", "auto"]),
)
def test_image_tokens_of_patch_models_stay_positive_and_within_the_budget(
    model_id: str, width: int, height: int, detail: ImageDetail
) -> None:
    counted = count_image_tokens(model_id, ImageSize(width, height), detail)
    assert counted.tokens >= 1
    if detail == "high":
        assert counted.tokens <= 6144 * 1.72 + 1
    if counted.note is None:
        assert counted.tokens <= MAXIMUM_PATCHES * 1.72 + 1


@given(model_id=st.sampled_from(TILE_MODELS), width=st.integers(1, 70_000), height=st.integers(1, 70_000))
def test_image_tokens_of_tile_models_never_pass_eight_tiles(model_id: str, width: int, height: int) -> None:
    low = count_image_tokens(model_id, ImageSize(width, height), "low").tokens
    one_tile = count_image_tokens(model_id, ImageSize(1, 1)).tokens - low
    tiles, rest = divmod(count_image_tokens(model_id, ImageSize(width, height)).tokens - low, one_tile)
    assert rest == 0
    assert 1 <= tiles <= 8

"""Images as Claude and Gemini count them: sizes whose tokens were measured, and the limits around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms.runtime.tokens.images import count_image_tokens
from core.llms.types.media import ImageSize

SIZES = ((256, 256), (512, 512), (768, 768), (1024, 1024), (1280, 720), (1920, 1080), (1080, 1920))
# https://huggingface.co/datasets/JOHNISKING/image-token-cost, read 2026-11-28, less the 77, 65 and 1 tokens that the
# prompts around the images had there.
MEASURED = {
    "claude-opus-5-5": (100, 361, 784, 1369, 1196, 2691, 2691),
    "claude-haiku-4-5": (100, 361, 784, 1369, 1196, 1560, 1560),
    "gemini-3.8-flash": (1089, 1089, 1089, 1089, 1100, 1100, 1100),
}


@pytest.mark.parametrize("model_id", MEASURED)
def test_measured_sizes_are_counted_exactly(model_id: str) -> None:
    assert tuple(count_image_tokens(model_id, ImageSize(*size)).tokens for size in SIZES) == MEASURED[model_id]


@pytest.mark.parametrize(
    ("model_id", "size", "tokens", "exact"),
    [
        ("claude-sonnet-4-6", (1000, 1000), 1296, True),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", (4032, 3024), 1564, True),
        ("claude-3-haiku-20240307", (2000, 1500), 1564, True),
        ("claude-opus-4-7", (2576, 1449), 4784, True),
        ("anthropic/claude-opus-4.8", (8000, 8000), 4761, True),
        ("claude-opus-4-6", (8000, 8000), 1521, True),
        ("claude-opus-6", (2000, 2000), 4761, False),
        ("claude-haiku-4-5", (1, 8000), 56, True),
        ("gemini-3-flash-preview", (3000, 2000), 1080, False),
        ("gemini-3.5-flash", (4032, 3024), 1064, False),
        ("google/gemini-3-pro", (1, 9000), 1120, False),
        ("gemini-2.5-pro", (3000, 2000), 258, False),
        ("gemini-2.0-flash-001", (384, 384), 258, False),
        ("gemini-2.0-flash", (1024, 1024), 1290, False),
        ("gemini-1.5-pro", (960, 540), 1806, False),
        ("gemini-flash-latest", (512, 512), 1089, False),
    ],
)
def test_image_is_counted_by_its_familys_rule(model_id: str, size: tuple[int, int], tokens: int, exact: bool) -> None:
    counted = count_image_tokens(model_id, ImageSize(*size), "low")
    assert (counted.tokens, counted.exact) == (tokens, exact)
    assert exact is (counted.note is None)


@pytest.mark.parametrize(
    ("model_id", "tokens", "most"),
    [
        ("claude-haiku-4-5", 1369, "at most 1,568 tokens"),
        ("claude-opus-5-5", 1369, "at most 4,784 tokens"),
        ("gemini-3.8-flash", 1089, "at most 1,120 tokens"),
        ("gemini-2.5-flash", 258, "the vendor's guide allows for 2,306"),
        ("gemini-2.0-flash", 1290, "at most 4,386 tokens"),
        ("gpt-5.4", 1229, "at most 3,000 tokens"),
        ("gpt-5.6-sol", 1229, "at most 36,000 tokens"),
        ("grok-4.3", 1229, "at most 3,000 tokens"),
    ],
)
def test_image_of_unknown_size_says_how_many_tokens_it_can_have(model_id: str, tokens: int, most: str) -> None:
    counted = count_image_tokens(model_id, None)
    assert (counted.tokens, counted.exact) == (tokens, False)
    assert most in (counted.note or "")


@given(
    model=st.sampled_from(
        (("claude-haiku-4-5", 1568), ("claude-opus-5-5", 4784), ("gemini-3-pro", 1120), ("gemini-2.0-flash", 4386))
    ),
    width=st.integers(1, 20_000),
    height=st.integers(1, 20_000),
)
def test_no_image_has_more_tokens_than_is_said(model: tuple[str, int], width: int, height: int) -> None:
    model_id, most = model
    assert 1 <= count_image_tokens(model_id, ImageSize(width, height)).tokens <= most

"""What a budget sets aside for images: never less than the model may count."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.llms import ImagePart, LLMRequest, TextPart, UserMessage
from core.llms.runtime.tokens.estimates import LEAST_TOKENS_PER_IMAGE, estimate_input
from core.llms.runtime.tokens.images import count_image_tokens
from core.llms.types.media import ImageSize

MODELS = ("gpt-4.1-mini", "gpt-4o", "gpt-5.6-sol", "claude-opus-4-8", "claude-haiku-4-5", "gemini-3-pro", "unheard-of")


def estimate(model: str, part: ImagePart) -> int:
    """The tokens of an image beyond those of the same message without one."""
    with_image = LLMRequest(model, (UserMessage([TextPart("Hi"), part]),))
    return estimate_input(with_image) - estimate_input(LLMRequest(model, (UserMessage([TextPart("Hi")]),)))


@pytest.mark.parametrize("model", MODELS)
def test_an_image_of_unknown_size_counts_with_the_most_that_it_may_have(model: str) -> None:
    most = max(
        count_image_tokens(model, ImageSize(width, height)).tokens
        for width in (64, 1024, 2048, 4096)
        for height in (64, 1024, 2048, 4096)
    )
    assert estimate(model, ImagePart(url="https://example.com/a.png")) >= most


def test_a_file_that_is_not_loaded_is_not_read() -> None:
    unread = estimate("claude-opus-4-8", ImagePart(path=Path("/nowhere/a.png")))
    assert unread == estimate("claude-opus-4-8", ImagePart(url="https://example.com/a.png")) > LEAST_TOKENS_PER_IMAGE

"""Model families: found whatever stands around the name."""

from __future__ import annotations

import pytest

from core.llms.runtime.tokens.families import bare_model_name, find_family, is_release_of

FAMILIES = ("gpt-4o", "gpt-4o-mini", "gpt-4", "gpt-5", "gpt-5.4", "o1")


@pytest.mark.parametrize(
    ("model_id", "name"),
    [
        ("gpt-4o", "gpt-4o"),
        ("GPT-4o", "gpt-4o"),
        ("openai/gpt-5.4-mini", "gpt-5.4-mini"),
        ("openai.gpt-oss-120b-1:0", "gpt-oss-120b-1"),
        ("ft:gpt-4o-2024-08-06:acme::x1", "gpt-4o-2024-08-06"),
        ("gpt-oss:20b", "gpt-oss"),
        ("o4-mini", "o4-mini"),
        ("claude-opus-4-5", "claude-opus-4-5"),
        ("olmo-2", "olmo-2"),
    ],
)
def test_bare_model_name_leaves_the_surroundings_off(model_id: str, name: str) -> None:
    assert bare_model_name(model_id) == name


@pytest.mark.parametrize(
    ("model_id", "family"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("gpt-4-turbo", "gpt-4"),
        ("gpt-5.4-pro", "gpt-5.4"),
        ("gpt-5.5", None),
        ("gpt-40", None),
        ("o1-pro", "o1"),
        ("mixtral-8x7b", None),
    ],
)
def test_find_family_takes_the_longest_beginning(model_id: str, family: str | None) -> None:
    assert find_family(model_id, FAMILIES) == family


@pytest.mark.parametrize(
    ("model_id", "family", "expected"),
    [
        ("gpt-4o", "gpt-4o", True),
        ("gpt-4o-2024-08-06", "gpt-4o", True),
        ("gpt-5-chat-latest", "gpt-5-chat", True),
        ("gpt-4o-audio-preview", "gpt-4o", False),
        ("gpt-4o-mini", "gpt-4o", False),
    ],
)
def test_is_release_of_knows_dates_and_latest_only(model_id: str, family: str, expected: bool) -> None:
    assert is_release_of(model_id, family) is expected

"""Text in tokens: counted, estimated, and cut where a reader would cut it."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.llms.runtime.tokens import text as text_tokens
from core.llms.runtime.tokens.encodings import ENCODING_NAMES, load_encoding
from core.llms.runtime.tokens.text import (
    OFFLOAD_CHARACTERS,
    count_text_tokens,
    count_text_tokens_async,
    estimate_text_tokens,
    truncate_text,
)

PROSE = "The committee met on 14 March 2025, and agreed (after some debate) to postpone its decision. "
FAMILY = "👩‍👩‍👧‍👦"
CHARACTERS = [*"aZ9 \n\t.,é", "e\u0301", "\u0301", "\u200d", "👩", "👍🏽", "🇩", "🇪", "한", "中", "क्षि"]
CHARACTERS += [FAMILY, "🏳️‍🌈", "🇫🇷", "\r\n", "\r", "ᄀ\u1161\u11a8", "a\u0308\u0323", "1\ufe0f\u20e3", "நி"]
TEXTS = st.lists(st.sampled_from(CHARACTERS)).map("".join)


@pytest.mark.parametrize(
    ("text", "encoding_name", "tokens"),
    [
        ("", "o200k_base", 0),
        ("hello world", "o200k_base", 2),
        ("hello world", "cl100k_base", 2),
        ("<|endoftext|>", "cl100k_base", 7),
        ("a\ud800b", "o200k_base", 3),
    ],
)
def test_count_text_tokens_counts(text: str, encoding_name: str, tokens: int) -> None:
    assert count_text_tokens(text, encoding_name) == tokens


@pytest.mark.parametrize("encoding_name", ENCODING_NAMES)
def test_count_text_tokens_of_a_long_text_equals_the_whole_encoding(encoding_name: str) -> None:
    text = PROSE * 4_000
    assert count_text_tokens(text, encoding_name) == len(load_encoding(encoding_name).encode_ordinary(text))


@pytest.mark.parametrize("run", [" ", "\n", "a", "^", "中"])
def test_count_text_tokens_survives_a_long_run(run: str) -> None:
    text = run * 2_000_000
    assert 0 < count_text_tokens(text, "o200k_base") <= len(text)


def test_count_text_tokens_refuses_an_unknown_encoding() -> None:
    with pytest.raises(ValueError, match="unknown encoding"):
        count_text_tokens("a", "r50k_base")


@pytest.mark.parametrize(
    ("loaded", "length", "offloaded"),
    [(True, 1_000, False), (True, OFFLOAD_CHARACTERS, True), (False, 10, True)],
)
async def test_count_text_tokens_async_leaves_the_loop_only_for_slow_work(
    monkeypatch: pytest.MonkeyPatch, loaded: bool, length: int, offloaded: bool
) -> None:
    threads: list[int] = []
    original = text_tokens.count_text_tokens

    def count(text: str, encoding_name: str) -> int:
        threads.append(threading.get_ident())
        return original(text, encoding_name)

    monkeypatch.setattr(text_tokens, "count_text_tokens", count)
    monkeypatch.setattr(text_tokens, "is_loaded", lambda name: loaded)
    assert await count_text_tokens_async("a" * length, "cl100k_base") == original("a" * length, "cl100k_base")
    assert (threads != [threading.get_ident()]) is offloaded


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        (PROSE * 20, 0.85, 1.3),
        ("for index in range(10):\n    total += values[index] * 2\n" * 20, 0.8, 1.3),
        ('{"id": 17, "name": "Ada", "tags": ["a", "b"], "price": 12.5}\n' * 20, 0.8, 1.35),
        ("今天天气很好，我们决定去公园散步，然后在附近的餐馆吃晚饭。" * 20, 0.8, 1.5),
        ("Вчера вечером мы долго гуляли по набережной и говорили. " * 20, 0.9, 2.5),
    ],
)
def test_estimate_text_tokens_stays_near_the_count(text: str, lowest: float, highest: float) -> None:
    ratio = estimate_text_tokens(text) / count_text_tokens(text, "o200k_base")
    assert lowest <= ratio <= highest


@given(st.text())
def test_estimate_text_tokens_is_zero_for_the_empty_text_only(text: str) -> None:
    assert (estimate_text_tokens(text) == 0) is (text == "")


def test_estimate_text_tokens_takes_lone_surrogates() -> None:
    assert estimate_text_tokens("\ud800") == 1


def test_estimate_text_tokens_loads_no_tokenizer() -> None:
    program = (
        "import sys\n"
        "from core.llms.runtime.tokens.text import estimate_text_tokens\n"
        "estimate_text_tokens('hello')\n"
        "assert not {'tiktoken', 'regex'} & set(sys.modules)\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize(
    ("text", "max_tokens", "kept"),
    [
        ("hello world", 2, "hello world"),
        ("hello world", 1, "hello"),
        ("hello world", 0, ""),
        ("", 3, ""),
        (f"hi {FAMILY} there", 3, "hi "),
        ("e\u0301e\u0301", 2, "e\u0301"),
        ("a🇩🇪🇫🇷", 4, "a"),
        ("line\r\nline", 1, "line"),
    ],
)
def test_truncate_text_cuts_between_characters(text: str, max_tokens: int, kept: str) -> None:
    assert truncate_text(text, max_tokens, "o200k_base") == kept


def test_truncate_text_keeps_whole_texts_as_they_are() -> None:
    text = PROSE * 3_000
    assert truncate_text(text, count_text_tokens(text, "o200k_base"), "o200k_base") is text


def test_truncate_text_shortens_further_where_half_a_word_takes_more_tokens() -> None:
    assert count_text_tokens("stati", "cl100k_base") > count_text_tokens("static", "cl100k_base") == 1
    assert truncate_text("static\u0301", 1, "cl100k_base") == "stat"


def test_truncate_text_uses_what_is_allowed() -> None:
    text = PROSE * 3_000
    kept = truncate_text(text, 40_000, "o200k_base")
    assert text.startswith(kept)
    assert 39_990 <= count_text_tokens(kept, "o200k_base") <= 40_000


@settings(deadline=None, max_examples=300)
@given(text=TEXTS, max_tokens=st.integers(0, 12), encoding_name=st.sampled_from(["cl100k_base", "o200k_base"]))
def test_truncate_text_holds_its_promises(text: str, max_tokens: int, encoding_name: str) -> None:
    kept = truncate_text(text, max_tokens, encoding_name)
    clusters = importlib.import_module("regex").findall(r"\X", text)
    assert kept in {"".join(clusters[:count]) for count in range(len(clusters) + 1)}
    assert count_text_tokens(kept, encoding_name) <= max_tokens


def test_truncate_text_ends_on_a_long_run_of_combining_marks() -> None:
    assert truncate_text("x " + "e" + "\u0301" * 20_000, 50, "o200k_base") == "x "


def test_truncate_text_refuses_a_negative_limit() -> None:
    with pytest.raises(ValueError, match="must not be negative, got -1"):
        truncate_text("a", -1, "o200k_base")


def test_truncation_for_a_model_leaves_room_for_its_own_tokens() -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 100
    assert truncate_text(text, 100, model="gpt-4o") == truncate_text(text, 100, "o200k_base")
    assert truncate_text(text, 100, model="gpt-4") == truncate_text(text, 100, "cl100k_base")
    for_claude = truncate_text(text, 120, model="claude-sonnet-4-6")
    assert count_text_tokens(for_claude, "o200k_base") == 100
    assert truncate_text(text, 100) == truncate_text(text, 100, "o200k_base")

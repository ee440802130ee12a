"""Entries: an answer comes back as it was, and nothing else is taken for one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms import AssistantMessage, Attempt, CacheHit, Choice, EmbeddingResponse, FinishReason, LLMResponse, Usage
from core.llms.runtime.caching.values import UnreadableEntryError, decode_entry, encode_entry
from tests.support.answers import EMBEDDING_RESPONSES, RESPONSES

# What belongs to one call, and what is told of the entry instead.
_OF_THE_CALL: dict[str, Any] = {"cost": None, "cost_unknown_reason": None, "attempts": (), "cache": None}


@given(RESPONSES)
def test_answer_comes_back_without_loss(response: LLMResponse) -> None:
    entry = decode_entry(encode_entry(response, 12.5, warnings=response.warnings))
    assert entry.answer == replace(response, **_OF_THE_CALL)
    assert repr(entry.answer) == repr(replace(response, **_OF_THE_CALL))
    assert isinstance(entry.answer, LLMResponse)
    assert (entry.answer.raw, entry.answer.usage.raw) == (response.raw, response.usage.raw)
    assert (entry.cost, entry.stored_at) == (response.cost, 12.5)


@given(EMBEDDING_RESPONSES)
def test_vectors_come_back_without_loss(response: EmbeddingResponse) -> None:
    entry = decode_entry(encode_entry(response, 1.0))
    assert entry.answer == replace(response, **_OF_THE_CALL)
    assert entry.cost == response.cost


RESPONSE = LLMResponse((Choice(AssistantMessage("Hi"), FinishReason("stop")),), Usage(3, 4), "m", raw={"id": "r"})


def test_what_belongs_to_one_call_is_not_kept() -> None:
    attempt = Attempt("p", "m", "ok", 0.1, 200, Usage(1, 1))
    response = replace(RESPONSE, attempts=(attempt,), parsed={"a": 1}, warnings=("of the request", "of the model"))
    answer = decode_entry(encode_entry(response, 1.0, warnings=("of the model",), keep_raw=False)).answer
    assert isinstance(answer, LLMResponse)
    assert (answer.attempts, answer.parsed, answer.raw, answer.warnings) == ((), None, {}, ("of the model",))


def test_hit_of_a_cache_below_keeps_what_was_paid_for_it() -> None:
    hit = CacheHit("k", Decimal("0.25"), 3.0, 0.97)
    entry = decode_entry(encode_entry(replace(RESPONSE, cost=Decimal(0), cache=hit), 1.0))
    assert (entry.cost, entry.similarity) == (Decimal("0.25"), 0.97)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableEntryError):
        decode_entry(data)


@given(RESPONSES, st.data())
def test_cut_entry_is_refused(response: LLMResponse, data: st.DataObject) -> None:
    encoded = encode_entry(response, 1.0)
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(UnreadableEntryError):
        decode_entry(encoded[:cut])


@pytest.mark.parametrize(
    "data",
    [
        b'{"v": 2}',
        b'{"v": 1}',
        b"[]",
        b"null",
        b'{"v":1,"stored_at":1,"usage":{},"warnings":[],"id":null,"choices":[]}',
        b'{"v":1,"stored_at":1,"usage":{"spam":1},"warnings":[],"vectors":[[1.0]]}',
        b'{"v":1,"stored_at":1,"usage":{},"warnings":[],"vectors":[[1.0]],"cost":"much"}',
        b'{"v":1,"stored_at":"now","usage":{},"warnings":[],"vectors":[[1.0]]}',
        b'{"v":1,"stored_at":1,"usage":{},"warnings":[],"id":null,"choices":'
        b'[{"message":{"role":"user","content":"Hi"},"finish":["stop",null]}]}',
    ],
)
def test_what_is_no_entry_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableEntryError):
        decode_entry(data)

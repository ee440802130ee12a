"""Whatever JSON a vendor sends, an answer or an `LLMError` comes of it: no other exception."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.llms.errors import LLMError
from core.llms.types.events import StreamFinished
from core.llms.wires.openai_chat import OpenAIChatWire

SCALARS = st.none() | st.booleans() | st.integers(-2, 3) | st.floats(allow_nan=False) | st.sampled_from(
    ["", "a", "stop", "custom", "thinking", "text", "\ud7ff:\u2028"]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "id", "index", "type", "name", "arguments", "input", "function", "custom", "content", "text", "thinking",
        "signature", "data", "transcript", "message", "code", "error", "hate", "refusal", "prompt_tokens",
        "completion_tokens", "total_tokens", "completion_tokens_details", "reasoning_tokens", "summary",
    ]
)  # fmt: skip
ODD = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=10
)
CALL = st.fixed_dictionaries(
    {},
    optional={
        "index": st.integers(0, 2) | SCALARS,
        "id": st.sampled_from(["a", "b"]) | SCALARS,
        "type": st.sampled_from(["function", "custom"]) | SCALARS,
        "extra_content": ODD,
        "function": st.fixed_dictionaries({"name": st.just("f") | ODD, "arguments": st.just("{") | ODD}) | ODD,
        "custom": st.fixed_dictionaries({"name": st.just("f") | ODD, "input": st.just("{") | ODD}) | ODD,
    },
)
MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "content": st.just("a") | ODD,
        "reasoning": st.just("a") | ODD,
        "reasoning_details": st.lists(ODD | st.just({"type": "reasoning.text", "text": "a"}), max_size=3) | ODD,
        "refusal": st.just("a") | ODD,
        "tool_calls": st.lists(CALL | ODD, max_size=3) | ODD,
        "annotations": ODD,
        "audio": ODD,
    },
)
BODY = st.fixed_dictionaries(
    {
        "choices": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "index": st.integers(0, 1) | ODD,
                    "delta": MESSAGE | ODD,
                    "message": MESSAGE | ODD,
                    "finish_reason": st.sampled_from([None, "stop", "length"]) | ODD,
                    "logprobs": ODD,
                    "content_filter_results": ODD,
                },
            )
            | ODD,
            max_size=2,
        )
        | ODD
    },
    optional={"id": st.just("c1") | ODD, "model": ODD, "usage": ODD, "error": ODD, "service_tier": ODD},
)


@given(BODY | ODD)
def test_any_body_is_an_answer_or_an_error_of_ours(body: Any) -> None:
    try:
        response = OpenAIChatWire().parse_response(body)
    except LLMError:
        return
    assert response.choices
    assert response.text is not None


@given(st.lists(BODY | ODD, max_size=4))
def test_any_stream_is_an_answer_or_an_error_of_ours(chunks: list[Any]) -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    body = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"
    try:
        events = decoder.feed(body)
    except LLMError:
        assert decoder.partial_response().choices
        return
    assert isinstance(events[-1], StreamFinished)
    assert decoder.finished
    assert decoder.partial_response().choices

"""Whatever JSON or bytes a vendor sends, an answer or an `LLMError` comes of it: no other exception."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from core.llms.errors import LLMError
from core.llms.types.events import StreamFinished
from core.llms.wires.gemini import GeminiWire

WIRE = GeminiWire()
SCALARS = st.none() | st.booleans() | st.integers(-2, 3) | st.floats(allow_nan=False) | st.sampled_from(
    ["", "a", "STOP", "AUDIO", "48s", "\ud7ff:\u2028"]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "text", "thought", "thoughtSignature", "functionCall", "name", "args", "id", "parts", "content", "index",
        "role", "error", "code", "status", "message", "details", "@type", "retryDelay", "violations", "quotaId",
        "values", "promptTokenCount", "webSearchQueries", "modality", "tokenCount", "blockReason", "statistics",
        "token_count",
    ]
)  # fmt: skip
ODD = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=10
)
CALL = st.fixed_dictionaries({"name": st.just("f") | ODD}, optional={"id": st.just("1") | ODD, "args": ODD})
PART = st.fixed_dictionaries(
    {},
    optional={
        "text": st.just("a") | ODD,
        "thought": st.booleans() | ODD,
        "thoughtSignature": st.just("sig") | ODD,
        "functionCall": CALL | ODD,
        "executableCode": ODD,
    },
)
CANDIDATE = st.fixed_dictionaries(
    {},
    optional={
        "content": st.fixed_dictionaries({"parts": st.lists(PART | ODD, max_size=3) | ODD}) | ODD,
        "finishReason": st.sampled_from(["STOP", "SAFETY", 1]) | ODD,
        "index": st.integers(0, 1) | ODD,
        "groundingMetadata": ODD,
        "logprobsResult": ODD,
        "safetyRatings": ODD,
    },
)
USAGE = st.dictionaries(
    st.sampled_from(["promptTokenCount", "candidatesTokenCount", "promptTokensDetails", "serviceTier", "trafficType"]),
    ODD,
)
BODY = st.fixed_dictionaries(
    {"candidates": st.lists(CANDIDATE | ODD, max_size=2) | ODD},
    optional={
        "responseId": st.just("r") | ODD,
        "modelVersion": ODD,
        "usageMetadata": USAGE | ODD,
        "promptFeedback": ODD,
        "error": ODD,
    },
)


@given(BODY | ODD | st.lists(BODY, max_size=3))
def test_any_body_is_an_answer_or_an_error_of_ours(body: Any) -> None:
    try:
        response = WIRE.parse_response(body)
    except LLMError:
        return
    assert response.choices
    assert response.text is not None
    assert response.usage.total_tokens >= 0


@given(st.lists(BODY | ODD, max_size=4), st.integers(1, 40))
@example([{"candidates": [{"content": {"parts": [{"text": "a", "functionCall": None}]}}]}], 1)
def test_any_stream_is_an_answer_or_an_error_of_ours(chunks: list[Any], size: int) -> None:
    decoder = WIRE.create_stream_decoder()
    body = b"".join(b"data: " + json.dumps(chunk).encode() + b"\r\n\r\n" for chunk in chunks)
    try:
        for position in range(0, len(body), size):
            decoder.feed(body[position : position + size])
        events = decoder.close()
    except LLMError:
        assert decoder.partial_response().choices
        return
    assert isinstance(events[-1], StreamFinished)
    assert decoder.finished
    assert decoder.partial_response().choices


@given(st.lists(st.sampled_from([b"data: ", b"{", b"}", b'"', b"\\", b"[", b"]", b"\r", b"\n", b"a", b":", b","])))
def test_any_bytes_are_an_answer_or_an_error_of_ours(pieces: list[bytes]) -> None:
    decoder = WIRE.create_stream_decoder()
    try:
        for piece in pieces:
            decoder.feed(piece)
        decoder.close()
    except LLMError:
        return
    raise AssertionError("no such bytes are an answer")


@given(ODD)
def test_any_other_body_is_read_or_an_error_of_ours(body: Any) -> None:
    for read in (WIRE.parse_embeddings, WIRE.parse_models, WIRE.parse_token_count):
        try:
            read(body)
        except LLMError:
            continue


@given(st.integers(400, 599), ODD | st.fixed_dictionaries({"error": ODD}))
def test_any_error_is_an_error_of_ours(status: int, body: Any) -> None:
    error = WIRE.parse_error(status, {}, json.dumps(body).encode())
    assert error.status == status
    assert error.message

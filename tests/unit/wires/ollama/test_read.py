"""What is read of Ollama's answers, streams and errors, good and bad."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ContextLengthExceededError,
    LLMError,
    NotFoundError,
    OverloadedError,
    ProtocolError,
    ServerError,
)
from core.llms.types.content import OpaquePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
    UsageUpdated,
)
from core.llms.types.messages import AssistantMessage
from core.llms.types.usage import Usage
from core.llms.wires.ollama import OllamaWire

WIRE = OllamaWire()
CALL = {"id": "c1", "function": {"index": 0, "name": "look", "arguments": {"at": 1}}}
END = {"model": "m", "created_at": "2026-08-07T06:08:11Z", "done": True, "done_reason": "stop"}
COUNTS = {"prompt_eval_count": 4, "eval_count": 2, "total_duration": 9}


def line(message: dict[str, Any] | None = None, **facts: Any) -> bytes:
    body = {"model": "m", "created_at": "2026-08-07T06:08:10.5Z", "done": False, **facts}
    return json.dumps(body if message is None else {**body, "message": message}).encode() + b"\n"


def decode(*lines: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    return [*decoder.feed(b"".join(lines)), *decoder.close()]


def answer(message: dict[str, Any], **facts: Any) -> Any:
    return WIRE.parse_response({**END, **COUNTS, "message": message, **facts})


def test_answer_with_all_its_parts() -> None:
    response = answer({"role": "assistant", "content": "a", "thinking": "t", "images": ["i"], "tool_calls": [CALL]})
    call = ToolCall("c1", "look", {"at": 1}, '{"at":1}', None, "c1", None, "ollama")
    assert response.message == AssistantMessage(
        (ReasoningPart("t", origin="ollama"), TextPart("a"), OpaquePart("ollama", {"images": ["i"]}), call)
    )
    assert (response.model, response.finish_reason.unified, response.finish_reason.raw) == ("m", "tool_calls", "stop")
    assert response.usage == Usage(4, 2)
    assert response.usage.raw == COUNTS


@pytest.mark.parametrize(
    ("reason", "unified"),
    [("stop", "stop"), ("length", "length"), ("load", "other"), (None, "other"), ("new", "other")],
)
def test_finish_reasons(reason: str | None, unified: str) -> None:
    response = answer({"role": "assistant", "content": ""}, done_reason=reason)
    assert (response.finish_reason.unified, response.finish_reason.raw) == (unified, reason)


def test_usage_that_the_server_did_not_send_is_unknown() -> None:
    response = WIRE.parse_response({**END, "message": {"content": "a"}, "total_duration": 1})
    assert response.usage == Usage()
    assert response.usage.raw is None


def test_log_probabilities_are_kept() -> None:
    logprobs = [{"token": "a", "logprob": -0.1}]
    assert answer({"content": "a"}, logprobs=logprobs).choices[0].logprobs == {"content": logprobs}


def test_calls_without_ids_get_ids_of_their_moment() -> None:
    bare = {"function": {"name": "look", "arguments": {}}}
    first, second = answer({"content": "", "tool_calls": [bare, bare]}).tool_calls
    assert (first.id, second.id) == ("call_20260807060811_0", "call_20260807060811_1")
    assert (first.item_id, second.item_id) == (None, None)


def test_stream_gives_all_its_events_in_order() -> None:
    events = decode(
        line({"role": "assistant", "content": "", "thinking": "hm"}),
        line({"role": "assistant", "content": "a"}, logprobs=[1]),
        line({"role": "assistant", "content": "", "tool_calls": [CALL]}),
        line({"role": "assistant", "content": "b"}, logprobs=[2]),
        line({"role": "assistant", "content": ""}, **{**END, **COUNTS}),
        line({"role": "assistant", "content": "never"}),
    )
    call = ToolCall("c1", "look", {"at": 1}, '{"at":1}', None, "c1", None, "ollama")
    last = events.pop()
    assert isinstance(last, StreamFinished)
    assert events == [
        StreamStarted(None, "m"),
        ReasoningDelta("hm"),
        TextDelta("a"),
        ToolCallStarted(0, "c1", "look"),
        ToolCallDelta(0, '{"at":1}'),
        ToolCallFinished(0, call),
        TextDelta("b"),
        UsageUpdated(Usage(4, 2)),
    ]
    response = last.response
    assert (response.text, response.reasoning, response.tool_calls) == ("ab", "hm", (call,))
    assert response.choices[0].logprobs == {"content": [1, 2]}
    assert response.finish_reason.unified == "tool_calls"
    assert WIRE.parse_response(response.raw) == response


def test_last_line_may_lack_its_end() -> None:
    whole = line({"content": "a"}) + line(None, **END)
    assert decode(whole.rstrip()) == decode(whole)


@pytest.mark.parametrize(
    "data",
    [b"", line({"content": "a"}), b"{", b"[]\n", b"nope\n", line({"content": 1}), line({"tool_calls": 1}),
     line({"tool_calls": [{}]}), line({"tool_calls": [{"function": {"name": ""}}]}), b'{"message":1}\n',
     line({"tool_calls": [{"function": {"name": "a", "arguments": 1}}]}), line(None, done=True, done_reason=1)],
)  # fmt: skip
def test_stream_that_is_cut_or_not_the_wire_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data)


def test_cut_stream_has_a_partial_response() -> None:
    decoder = WIRE.create_stream_decoder()
    decoder.feed(line({"content": "a", "thinking": "t"}) + b'{"mess')
    partial = decoder.partial_response()
    assert (partial.text, partial.reasoning, partial.finish_reason.unified, partial.usage.raw) == (
        "a",
        "t",
        "error",
        None,
    )
    assert decoder.progress == 1


@pytest.mark.parametrize("body", [[], {}, {"message": 1}, {"message": {"content": "a"}, "done": False}])
def test_answer_that_is_not_the_wire_is_a_protocol_error(body: Any) -> None:
    with pytest.raises(ProtocolError):
        WIRE.parse_response(body)


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (404, "model 'x' not found", NotFoundError),
        (400, '"x" does not support tools', BadRequestError),
        (400, "the input length exceeds the context length", ContextLengthExceededError),
        (401, "unauthorized", AuthenticationError),
        (503, "server busy, please try again.  maximum pending requests exceeded", OverloadedError),
        (500, "model runner has unexpectedly stopped", ServerError),
    ],
)
def test_error_has_its_class_by_status_and_within_a_stream(status: int, words: str, kind: type[APIError]) -> None:
    body = json.dumps({"error": words}).encode()
    error = WIRE.parse_error(status, {}, body)
    assert type(error) is kind
    assert words in error.message
    assert error.status == status
    with pytest.raises(kind) as raised:
        decode(line({"content": "a"}), body + b"\n")
    assert type(raised.value) is kind
    assert raised.value.body == {"error": words}


def test_model_that_was_not_pulled_is_told_how_to_be_fetched() -> None:
    assert "`ollama pull`" in str(WIRE.parse_error(404, {}, b'{"error":"model \'x\' not found"}'))
    assert "ollama" not in str(WIRE.parse_error(404, {}, b"404 page not found"))


def test_error_under_status_200_is_raised() -> None:
    with pytest.raises(NotFoundError):
        WIRE.parse_response({"error": "model 'x' not found"})


def test_vectors_are_read_with_their_usage() -> None:
    response = WIRE.parse_embeddings({"model": "e", "embeddings": [[1, 2.5], [0, 1]], "prompt_eval_count": 3})
    assert (response.vectors, response.model, response.usage.input_tokens) == (((1.0, 2.5), (0.0, 1.0)), "e", 3)
    bodies: tuple[dict[str, Any], ...] = ({}, {"embeddings": []}, {"embeddings": [1]}, {"embeddings": [["a"]]})
    for body in bodies:
        with pytest.raises(ProtocolError):
            WIRE.parse_embeddings(body)


def test_models_are_read_in_order() -> None:
    rendered = WIRE.render_models()
    assert (rendered.method, rendered.path) == ("GET", "/api/tags")
    items = [{"name": "b:1", "model": "b:1"}, {"name": "a"}]
    assert [(model.id, model.raw) for model in WIRE.parse_models({"models": items})] == [
        ("b:1", items[0]),
        ("a", items[1]),
    ]
    assert WIRE.parse_models({"models": None}) == []
    for body in ({"models": 1}, {"models": [1]}):
        with pytest.raises(ProtocolError):
            WIRE.parse_models(body)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["", "a", "stop"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "function", "name", "arguments", "content", "error"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
BODY = st.fixed_dictionaries(
    {"message": st.fixed_dictionaries({}, optional=dict.fromkeys(("content", "thinking", "tool_calls"), ODD)) | ODD},
    optional=dict.fromkeys(("model", "created_at", "done_reason", "eval_count", "logprobs", "error", "done"), ODD),
)


@given(BODY)
def test_any_json_gives_an_answer_or_an_error_of_ours(body: dict[str, Any]) -> None:
    for read in (WIRE.parse_response, lambda whole: decode(json.dumps(whole).encode())):
        try:
            read(body)
        except LLMError as error:
            assert isinstance(error, APIError | ProtocolError)

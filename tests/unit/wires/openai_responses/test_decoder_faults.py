"""Every way in which a stream can be wrong: errors in it, bytes after its end, a cut, events of the wrong shape."""

from __future__ import annotations

import contextlib

import pytest

from core.llms.errors import APIError, ProtocolError, RateLimitError, ServerError
from tests.unit.wires.openai_responses.streams import create_decoder, decode, fixture, frame

NESTED = b"[" * 100_000
DELTA = "response.output_text.delta"
ADDED = "response.output_item.added"
DONE = "response.output_item.done"


def test_failed_response_raises_the_class_of_its_code() -> None:
    decoder = create_decoder()
    with pytest.raises(RateLimitError) as caught:
        decoder.feed(fixture("failed.sse"))
    assert caught.value.code == "rate_limit_exceeded"
    assert caught.value.message == "Rate limit reached for gpt-test-2026."
    assert not decoder.finished
    assert decoder.partial_response().text == "Half"


@pytest.mark.parametrize(
    "data",
    [
        fixture("error.sse"),
        frame("error", error={"code": "server_error", "message": "The server had an error."}),
        b'data: {"error": {"code": "server_error", "message": "The server had an error."}}\n\n',
    ],
    ids=["flat", "nested", "unnamed"],
)
def test_error_event_raises(data: bytes) -> None:
    with pytest.raises(ServerError, match=r"The server had an error\.") as caught:
        create_decoder().feed(data)
    assert caught.value.code == "server_error"


def test_bytes_after_the_end_are_ignored() -> None:
    data = fixture("text.sse")
    decoder = create_decoder()
    assert decoder.feed(data + frame("error", message="late")) == decode(data)
    assert decoder.feed(b"event: response.failed\ndata: {nonsense\n\n") == []
    assert decoder.close() == []


def test_connection_that_ends_before_the_end_is_an_error_at_every_byte() -> None:
    data = fixture("text.sse")
    for cut in range(len(data) - 1):
        decoder = create_decoder()
        decoder.feed(data[:cut])
        assert not decoder.finished
        with pytest.raises(ProtocolError, match="cut"):
            decoder.close()


@pytest.mark.parametrize(
    "data",
    [
        b"event: response.output_text.delta\ndata: {bad\n\n",
        b'event: response.output_text.delta\ndata: {"delta": "a", "output_index": NaN}\n\n',
        b'event: response.output_text.delta\ndata: {"delta": "\xff"}\n\n',
        b"event: response.output_text.delta\ndata: " + NESTED + b"\n\n",
        b"event: response.output_text.delta\ndata: [1]\n\n",
        b"data: null\n\n",
        b'data: {"delta": "a"}\n\n',
        b'event: response.output_text.delta\ndata: {"delta": "a", "logprobs": [NaN]}\n\n',
        frame(DELTA, delta=1),
        frame(DELTA),
        frame(DELTA, delta="a", output_index=[0]),
        frame(DELTA, delta="a", output_index="0"),
        frame(DELTA, delta="a", content_index={}),
        frame("response.refusal.delta", delta=None),
        frame("response.function_call_arguments.delta", delta={}),
        frame("response.reasoning_text.delta", delta=[]),
        frame("response.reasoning_summary_text.delta", delta="a", summary_index="x"),
        frame("response.created"),
        frame("response.created", response=[]),
        frame("response.failed", response=None),
        frame(ADDED, output_index=0),
        frame(ADDED, output_index=0, item=[]),
        frame(ADDED, output_index=0, item={"type": ["message"]}),
        frame(ADDED, output_index=0, item={"type": "function_call", "call_id": 1, "name": "f"}),
        frame(ADDED, output_index=0, item={"type": "message"}) * 2,
        frame(DONE, output_index=0, item={"type": "function_call", "call_id": "c", "name": "f", "arguments": {}}),
        frame(DONE, output_index=0, item={"type": "message", "content": "text"}),
        frame(DONE, output_index=0, item={"type": "message", "content": [{"type": "output_text", "text": None}]}),
        frame(DONE, output_index=0, item={"type": "reasoning", "summary": [{"text": 5}]}),
        frame("response.completed", response={"status": "completed"}),
        frame("response.completed", response={"status": "completed", "output": {}}),
        frame("response.completed", response={"status": 5, "output": []}),
        frame("response.completed", response={"output": [{"type": None}]}),
        frame("response.completed", response={"output": [], "usage": []}),
        frame("response.completed", response={"output": [], "usage": {"input_tokens": -1}}),
        frame("response.completed", response={"output": [], "usage": {"input_tokens": True}}),
    ],
    ids=lambda data: data[:80].decode(errors="replace").replace("\n", " "),
)
def test_malformed_event_is_a_protocol_error(data: bytes) -> None:
    decoder = create_decoder()
    with pytest.raises(ProtocolError):
        decoder.feed(data)
    assert not decoder.finished
    decoder.partial_response()


def test_mangled_fixtures_raise_nothing_but_our_errors() -> None:
    data = fixture("reasoning_tools.sse") + fixture("web_search.sse")
    for position in range(0, len(data), 7):
        for replacement in (b"", b"0", b"[", b'"', b"null", b"\xff", b"\n\n"):
            decoder = create_decoder()
            with contextlib.suppress(APIError, ProtocolError):
                decoder.feed(data[:position] + replacement + data[position + 1 :])
            decoder.partial_response()

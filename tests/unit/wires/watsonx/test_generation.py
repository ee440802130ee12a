"""The older generation of text: what is written of a prompt, and what is read of answers and streams."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import APIError, InvalidRequestError, OverloadedError, ProtocolError, UnsupportedParameterError
from core.llms.providers.watsonx.base_implementation import DIALECT
from core.llms.types.content import ImagePart, TextPart
from core.llms.types.events import StreamEvent, StreamFinished, StreamStarted, TextDelta, UsageUpdated
from core.llms.types.messages import AssistantMessage, SystemMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, Tool
from core.llms.types.usage import Usage
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.watsonx import WatsonxGenerationWire, WatsonxScope

MODEL = "ibm/granite-13b-instruct-v2"
CHAT = OpenAIChatWire(DIALECT)
WIRE = WatsonxGenerationWire(CHAT, WatsonxScope(space_id="s-1"))
HI = (UserMessage("Hi"),)
USAGE = Usage(5, 2, raw={"input_token_count": 5, "generated_token_count": 2})


def result(text: str, written: int, read: int = 0, reason: str = "not_finished") -> dict[str, Any]:
    return {
        "generated_text": text,
        "generated_token_count": written,
        "input_token_count": read,
        "stop_reason": reason,
    }


def event(number: int, name: str = "message", **fields: Any) -> bytes:
    return f"id: {number}\nevent: {name}\ndata: {json.dumps({'model_id': MODEL, **fields})}\n\n".encode()


REMARK = {"id": "api_legacy", "message": "This API is legacy."}
STREAM = (
    event(1, results=[result("", 0, 5)], system={"warnings": [REMARK]}),
    event(2, results=[result("Hel", 1)]),
    event(3, results=[result("lo", 2, reason="eos_token")]),
)


def decode(*pieces: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    return [event for piece in pieces for event in decoder.feed(piece)] + decoder.close()


def test_prompt_goes_out_as_it_is() -> None:
    for stream in (False, True):
        rendered = WIRE.render_request(LLMRequest(MODEL, HI, stream=stream))
        assert rendered.path == "/ml/v1/text/generation" + "_stream" * stream
        assert rendered.body == {"model_id": MODEL, "space_id": "s-1", "input": "Hi"}


def test_deployed_prompt_template_is_called_by_its_id() -> None:
    wire = WatsonxGenerationWire(CHAT, WatsonxScope(deployment_id="d1"))
    options = {"parameters": {"prompt_variables": {"city": "Oslo"}}}
    rendered = wire.render_request(LLMRequest(MODEL, HI, {"max_tokens": 5}, provider_options=options))
    assert rendered.path == "/ml/v1/deployments/d1/text/generation"
    assert rendered.body == {"input": "Hi", "parameters": {"max_new_tokens": 5, **options["parameters"]}}


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"max_tokens": 9, "stop": "END", "seed": 7},
            {"max_new_tokens": 9, "stop_sequences": ["END"], "random_seed": 7},
        ),
        (
            {"temperature": 0.5, "top_p": 0.9, "top_k": 4},
            {"decoding_method": "sample", "temperature": 0.5, "top_p": 0.9, "top_k": 4},
        ),
        ({"top_k": 4, "stop": ["A", "B"]}, {"decoding_method": "sample", "top_k": 4, "stop_sequences": ["A", "B"]}),
        ({"temperature": 0, "repetition_penalty": 1.1}, {"repetition_penalty": 1.1}),
    ],
)
def test_parameters_go_out_under_the_vendor_s_names(params: dict[str, Any], expected: dict[str, Any]) -> None:
    assert WIRE.render_request(LLMRequest(MODEL, HI, params)).body["parameters"] == expected


@pytest.mark.parametrize(
    "request_",
    [
        LLMRequest(MODEL, (SystemMessage("S"), *HI)),
        LLMRequest(MODEL, (AssistantMessage("A"),)),
        LLMRequest(MODEL, (UserMessage((TextPart("?"), ImagePart(url="https://example.com/a.png"))),)),
        LLMRequest(MODEL, HI, tools=(Tool("look", None, {"type": "object"}),)),
        LLMRequest(MODEL, HI, response_format=ResponseFormat("json_object")),
    ],
)
def test_what_is_no_single_prompt_is_refused(request_: LLMRequest) -> None:
    with pytest.raises(InvalidRequestError, match="one user message of text"):
        WIRE.render_request(request_)


def test_parameter_that_has_no_place_is_refused() -> None:
    with pytest.raises(UnsupportedParameterError, match="`logprobs`"):
        WIRE.render_request(LLMRequest(MODEL, HI, {"logprobs": True}))


@pytest.mark.parametrize(
    ("reason", "unified"),
    [
        ("eos_token", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("token_limit", "length"),
        ("time_limit", "length"),
        ("error", "error"),
        ("new", "other"),
    ],
)
def test_answer_is_read_with_its_reason_and_counts(reason: str, unified: str) -> None:
    body = {"model_id": MODEL, "results": [result("Hello", 2, 5, reason)], "system": {"warnings": [REMARK]}}
    response = WIRE.parse_response(body)
    assert (response.text, response.model, response.usage) == ("Hello", MODEL, USAGE)
    assert (response.finish_reason.raw, response.finish_reason.unified) == (reason, unified)
    assert response.warnings == ("watsonx.ai says: This API is legacy.",)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"results": []},
        {"results": [{}, {}]},
        {"results": [{"generated_text": 5, "stop_reason": "x"}]},
        {"results": [{}]},
    ],
)
def test_answer_without_its_result_is_a_protocol_error(body: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        WIRE.parse_response(body)


def test_stream_gives_its_events_with_the_counts_of_the_whole() -> None:
    events = decode(*STREAM)
    assert events[:-1] == [StreamStarted(None, MODEL), TextDelta("Hel"), TextDelta("lo"), UsageUpdated(USAGE)]
    last = events[-1]
    assert isinstance(last, StreamFinished)
    assert (last.response.text, last.response.finish_reason.raw) == ("Hello", "eos_token")
    assert last.response.warnings == ("watsonx.ai says: This API is legacy.",)
    assert WIRE.parse_response(last.response.raw) == last.response


@pytest.mark.parametrize("pieces", range(3))
def test_stream_without_its_reason_to_stop_is_no_answer(pieces: int) -> None:
    with pytest.raises(ProtocolError, match="without a reason to stop"):
        decode(*STREAM[:pieces])


def test_stream_that_is_cut_inside_an_event_is_no_answer() -> None:
    with pytest.raises(ProtocolError, match="inside an event"):
        decode(b"".join(STREAM)[:-1])


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        (event(2, "error", errors=[{"code": "x", "message": "busy"}], status_code=503), OverloadedError),
        (event(2, errors=[{"code": "x", "message": "busy"}], status_code=503), OverloadedError),
        (b"event: error\ndata: busy\n\n", APIError),
        (event(2, "error", message="busy"), APIError),
    ],
)
def test_error_in_a_stream_is_the_right_error(piece: bytes, kind: type[APIError]) -> None:
    with pytest.raises(kind, match="busy"):
        decode(STREAM[0], piece)


@pytest.mark.parametrize(
    "data", [b"nonsense", b"[]", b"{}", b'{"results": 5}', b'{"results": [{"generated_text": 5}]}']
)
def test_event_that_is_not_the_wire_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(b"data: " + data + b"\n\n")

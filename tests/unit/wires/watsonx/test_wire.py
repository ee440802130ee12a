"""watsonx.ai's wire: what it writes of a request, and what it reads of answers, streams, errors and lists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ContextLengthExceededError,
    InvalidRequestError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
    UnsupportedParameterError,
)
from core.llms.providers.watsonx.base_implementation import DIALECT
from core.llms.types.content import ImagePart, ReasoningPart, TextPart, ToolCall
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
from core.llms.types.messages import AssistantMessage, DeveloperMessage, SystemMessage, ToolMessage, UserMessage
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.tools import ResponseFormat, Tool, ToolChoice
from core.llms.types.usage import Usage
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.watsonx import WatsonxScope, WatsonxWire

MODEL = "ibm/granite-4-h-small"
CHAT = OpenAIChatWire(DIALECT)
WIRE = WatsonxWire(CHAT, WatsonxScope(project_id="p-1"))
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL = Tool("look", "Looks.", SCHEMA)
HI = (UserMessage("Hi"),)
TOP = {"id": "chat-1", "model_id": MODEL, "model": MODEL, "created": 1, "created_at": "2026-11-28T00:00:00.000Z"}
USAGE = {"completion_tokens": 3, "prompt_tokens": 9, "total_tokens": 12}
READ = Usage(9, 3, raw=USAGE)
REMARKS = [
    {"message": "This model is a Non-IBM Product.", "id": "disclaimer_warning", "more_info": "https://example.com"},
    {"message": "The value of 'max_tokens' for this model was set to value 1024", "id": "unspecified_max_token"},
]
WARNING = "watsonx.ai says: The value of 'max_tokens' for this model was set to value 1024"


def body_of(request: LLMRequest, wire: WatsonxWire = WIRE) -> dict[str, Any]:
    return wire.render_request(request).body


def chunk(number: int, **fields: Any) -> bytes:
    return f"id: {number}\nevent: message\ndata: {json.dumps({**TOP, **fields})}\n\n".encode()


def delta(number: int, reason: str | None = None, index: int = 0, **fields: Any) -> bytes:
    return chunk(number, choices=[{"index": index, "finish_reason": reason, "delta": fields}])


STREAM = (
    chunk(
        1,
        choices=[{"index": 0, "finish_reason": None, "delta": {"role": "assistant", "content": ""}}],
        system={"warnings": REMARKS},
    ),
    delta(2, content="Hel"),
    delta(3, content="lo"),
    delta(4, "stop", content=""),
    chunk(5, choices=[], usage=USAGE),
)


def decode(*pieces: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    ended = [decoder.finished]
    events += decoder.close()
    assert [*ended, decoder.finished] == [False, True]
    return events


@pytest.mark.parametrize(
    ("scope", "path", "own"),
    [
        (WatsonxScope(project_id="p-1"), "/ml/v1/text/chat", {"model_id": MODEL, "project_id": "p-1"}),
        (WatsonxScope(space_id="s-1"), "/ml/v1/text/chat", {"model_id": MODEL, "space_id": "s-1"}),
        (WatsonxScope(project_id="p", space_id="s"), "/ml/v1/text/chat", {"model_id": MODEL, "project_id": "p"}),
        (WatsonxScope(deployment_id="d/1"), "/ml/v1/deployments/d%2F1/text/chat", {}),
        (WatsonxScope(project_id="p", deployment_id="d1"), "/ml/v1/deployments/d1/text/chat", {}),
    ],
)
def test_request_says_where_it_runs(scope: WatsonxScope, path: str, own: dict[str, str]) -> None:
    wire, message = WatsonxWire(CHAT, scope), {"role": "user", "content": "Hi"}
    for stream in (False, True):
        rendered = wire.render_request(LLMRequest(MODEL, HI, stream=stream))
        assert rendered.path == path + "_stream" * stream
        assert rendered.body == {**own, "messages": [message]}


def test_request_without_a_place_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="`project_id` or `space_id`"):
        WatsonxWire(CHAT, WatsonxScope()).render_request(LLMRequest(MODEL, HI))


def test_parameters_go_out_under_the_vendor_s_names() -> None:
    params = {
        "max_tokens": 9, "temperature": 0.5, "top_p": 0.9, "stop": "END", "seed": 7, "frequency_penalty": 0.1,
        "presence_penalty": 0.2, "n": 2, "logprobs": True, "top_logprobs": 3, "logit_bias": {"5": -100},
        "reasoning_effort": "low",
    }  # fmt: skip
    options = {"guided_regex": "a+", "chat_template_kwargs": {"thinking": True}, "time_limit": 9_000}
    sent = body_of(LLMRequest(MODEL, HI, params, provider_options=options))
    del params["max_tokens"]
    expected = {**params, "max_completion_tokens": 9, "stop": ["END"], **options}
    assert {name: sent[name] for name in expected} == expected
    assert set(sent) - set(expected) == {"model_id", "project_id", "messages"}


@pytest.mark.parametrize("name", ["top_k", "parallel_tool_calls", "store", "verbosity", "reasoning_summary"])
def test_parameter_that_has_no_place_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedParameterError, match=f"`{name}`"):
        body_of(LLMRequest(MODEL, HI, {name: 1}))


def test_options_go_over_the_body_key_by_key() -> None:
    request = LLMRequest(
        MODEL,
        HI,
        response_format=ResponseFormat("json_schema", "city", SCHEMA),
        provider_options={"response_format": {"json_schema": {"strict": False}}, "project_id": "other"},
    )
    sent = body_of(request)
    assert sent["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "city", "schema": SCHEMA, "strict": False},
    }
    assert sent["project_id"] == "other"


@pytest.mark.parametrize("word", ["auto", "none", "required"])
def test_choice_of_tools_that_is_a_word_has_a_field_of_its_own(word: Any) -> None:
    sent = body_of(LLMRequest(MODEL, HI, tools=(TOOL,), tool_choice=ToolChoice(word)))
    assert sent["tool_choice_option"] == word
    assert "tool_choice" not in sent
    assert sent["tools"] == [
        {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": SCHEMA}}
    ]


def test_choice_of_one_tool_is_an_object() -> None:
    sent = body_of(LLMRequest(MODEL, HI, tools=(TOOL,), tool_choice=ToolChoice("named", "look")))
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "look"}}
    assert "tool_choice_option" not in sent


def test_strictness_of_a_tool_is_left_out_with_a_warning() -> None:
    rendered = WIRE.render_request(LLMRequest(MODEL, HI, tools=(Tool("look", None, SCHEMA, strict=True),)))
    assert "strict" not in rendered.body["tools"][0]["function"]
    assert "`strict` was left out" in rendered.warnings[0]


def test_conversation_goes_out_with_images_tools_and_reasoning() -> None:
    call = ToolCall.parse("c1", "look", '{"city":"Oslo"}')
    conversation = (
        SystemMessage("Be brief."),
        DeveloperMessage("Really."),
        UserMessage((TextPart("What is this?"), ImagePart(url="https://example.com/a.png", detail="low"))),
        AssistantMessage((ReasoningPart("hm", origin="openai_chat"), call)),
        ToolMessage("rain", "c1"),
    )
    rendered = WIRE.render_request(LLMRequest(MODEL, conversation))
    assert rendered.warnings == ()
    assert rendered.body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "system", "content": "Really."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "reasoning_content": "hm",
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"city":"Oslo"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "rain"},
    ]


def test_answer_is_read_with_reasoning_usage_and_the_vendor_s_remarks() -> None:
    message = {"role": "assistant", "content": "Hello", "reasoning_content": "hm"}
    body = {
        **TOP,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": USAGE,
        "system": {"warnings": REMARKS},
    }
    response = WIRE.parse_response(body)
    assert (response.id, response.model, response.text, response.reasoning) == ("chat-1", MODEL, "Hello", "hm")
    assert response.usage == READ
    assert response.finish_reason.unified == "stop"
    assert response.warnings == (WARNING,)
    assert response.raw is body
    assert body_of(LLMRequest(MODEL, (response.message,)))["messages"] == [message]


def test_model_is_read_where_only_its_id_is_said() -> None:
    body = {**TOP, "choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}
    del body["model"]
    assert WIRE.parse_response(body).model == MODEL


@pytest.mark.parametrize(
    ("raw", "unified"),
    [("stop", "stop"), ("length", "length"), ("time_limit", "length"), ("cancelled", "error"), ("error", "error")],
)
def test_finish_reasons_have_their_meaning(raw: str, unified: str) -> None:
    body = {**TOP, "choices": [{"message": {"content": "Hi"}, "finish_reason": raw}]}
    finish = WIRE.parse_response(body).finish_reason
    assert (finish.raw, finish.unified) == (raw, unified)


def test_stream_gives_its_events_and_ends_with_the_connection() -> None:
    events = decode(*STREAM)
    finished = events[-1]
    assert isinstance(finished, StreamFinished)
    assert events[:-1] == [
        StreamStarted("chat-1", MODEL),
        TextDelta("Hel"),
        TextDelta("lo"),
        UsageUpdated(READ),
    ]
    response = finished.response
    assert (response.text, response.model, response.usage, response.warnings) == ("Hello", MODEL, READ, (WARNING,))
    assert WIRE.parse_response(response.raw) == response


def test_stream_is_the_same_byte_by_byte() -> None:
    whole = b"".join(STREAM)
    assert decode(*(whole[at : at + 1] for at in range(len(whole)))) == decode(whole)


def test_stream_of_a_tool_call_and_reasoning() -> None:
    def call(**function: str) -> list[dict[str, Any]]:
        return [{"index": 0, "id": "c1", "type": "function", "function": {"name": "", "arguments": "", **function}}]

    events = decode(
        delta(1, role="assistant", reasoning_content="hm"),
        delta(2, tool_calls=call()),
        delta(3, tool_calls=call(name="look")),
        delta(4, tool_calls=call(arguments='{"city":')),
        delta(5, "tool_calls", tool_calls=call(arguments='"Oslo"}')),
    )
    whole = ToolCall.parse("c1", "look", '{"city":"Oslo"}')
    assert events[1:-1] == [
        ReasoningDelta("hm"),
        ToolCallStarted(0, "c1", "look"),
        ToolCallDelta(0, '{"city":'),
        ToolCallDelta(0, '"Oslo"}'),
        ToolCallFinished(0, whole),
    ]
    assert isinstance(events[-1], StreamFinished)
    assert events[-1].response.tool_calls == (whole,)


@pytest.mark.parametrize("pieces", range(4))
def test_stream_without_its_finish_reason_is_no_answer(pieces: int) -> None:
    decoder = WIRE.create_stream_decoder()
    for piece in STREAM[:pieces]:
        decoder.feed(piece)
    with pytest.raises(ProtocolError, match=r"without a finish reason|before it had a choice"):
        decoder.close()
    assert decoder.partial_response().finish_reason.unified == "error"


def test_stream_with_a_choice_that_never_finished_is_no_answer() -> None:
    decoder = WIRE.create_stream_decoder()
    decoder.feed(delta(1, "stop", content="a") + delta(2, index=1, content="b"))
    with pytest.raises(ProtocolError, match="without a finish reason"):
        decoder.close()


def test_stream_that_is_cut_inside_an_event_is_no_answer() -> None:
    whole = b"".join(STREAM)
    decoder = WIRE.create_stream_decoder()
    decoder.feed(whole[:-30])
    with pytest.raises(ProtocolError, match="inside an event"):
        decoder.close()


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (
            {"errors": [{"code": "downstream_request_failed", "message": "busy"}], "trace": "t-1", "status_code": 503},
            OverloadedError,
            503,
            "downstream_request_failed",
        ),
        (
            {"errors": [{"code": "token_quota_reached", "message": "busy"}]},
            QuotaExceededError,
            None,
            "token_quota_reached",
        ),
        ("busy", ServerError, None, None),
    ],
)
def test_error_in_a_stream_is_the_right_error(data: Any, kind: type[APIError], status: int | None, code: str) -> None:
    decoder = WIRE.create_stream_decoder()
    decoder.feed(STREAM[0])
    text = data if isinstance(data, str) else json.dumps(data)
    with pytest.raises(APIError) as caught:
        decoder.feed(f"id: 2\nevent: error\ndata: {text}\n\n".encode())
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.code, error.message) == (status, code, "busy")
    assert error.request_id == (data.get("trace") if isinstance(data, dict) else None)


ERRORS = [
    (401, "authentication_token_expired", "expired", AuthenticationError),
    (403, "token_quota_reached", "Request of 1 token(s) from quota was rejected", QuotaExceededError),
    (403, "authorization_rejected", "no", PermissionDeniedError),
    (404, "model_not_supported", "Model 'x' was not found.", NotFoundError),
    (404, "model_no_support_for_function", "no chat", BadRequestError),
    (400, "json_validation_error", "no", BadRequestError),
    (500, "invalid_input_argument", "no", BadRequestError),
    (
        400,
        "invalid_input_argument",
        "the number of input tokens 9000 cannot exceed the total tokens limit 8192 for this model",
        ContextLengthExceededError,
    ),
    (429, "rate_limit_reached_requests", "slow down", RateLimitError),
    (503, "downstream_request_failed", "busy", OverloadedError),
    (520, "unknown", "busy", ServerError),
]


@pytest.mark.parametrize(("status", "code", "message", "kind"), ERRORS)
def test_error_is_told_by_status_and_code(status: int, code: str, message: str, kind: type[APIError]) -> None:
    first = {"code": code, "message": message, "more_info": "https://example.com"}
    body = {"errors": [first, {"code": "other", "message": "second"}], "trace": "t-1", "status_code": status}
    error = WIRE.parse_error(status, {}, json.dumps(body).encode())
    assert type(error) is kind
    assert (error.status, error.code, error.message, error.request_id) == (status, code, message, "t-1")


def test_error_page_and_error_under_a_success_are_errors() -> None:
    page = WIRE.parse_error(502, {"x-request-id": "r"}, b"<html><title>Bad Gateway</title></html>")
    assert (type(page), page.message, page.request_id) == (ServerError, "HTTP 502 Bad Gateway: Bad Gateway", "r")
    body = {"errors": [{"code": "model_not_supported", "message": "no"}], "trace": "t", "status_code": 404}
    with pytest.raises(NotFoundError):
        WIRE.parse_response(body)
    with pytest.raises(NotFoundError):
        WIRE.parse_embeddings(body)


@pytest.mark.parametrize("errors", [[], None, "no", [None], [{"message": 5}]])
def test_error_of_a_strange_form_is_still_of_its_status(errors: Any) -> None:
    error = WIRE.parse_error(404, {}, json.dumps({"errors": errors, "trace": 5}).encode())
    assert (type(error), error.message, error.request_id) == (NotFoundError, "HTTP 404 Not Found", None)


def test_embeddings_are_written_and_read() -> None:
    options = {"parameters": {"truncate_input_tokens": 512}}
    rendered = WIRE.render_embeddings(EmbeddingRequest("e", ("a", "b"), provider_options=options))
    assert rendered.path == "/ml/v1/text/embeddings"
    assert rendered.body == {"model_id": "e", "inputs": ["a", "b"], "project_id": "p-1", **options}
    body = {"model_id": "e", "results": [{"embedding": [1, 0.5]}, {"embedding": [0, 1]}], "input_token_count": 7}
    response = WIRE.parse_embeddings(body)
    assert response.vectors == ((1.0, 0.5), (0.0, 1.0))
    assert (response.model, response.usage) == ("e", Usage(7, raw={"input_token_count": 7}))


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (EmbeddingRequest("e", ("a",), dimensions=5), "`dimensions`"),
        (EmbeddingRequest("e", ("a",), input_type="query"), "`input_type`"),
        (EmbeddingRequest("e", ("a",) * 1_001), "1000 texts"),
    ],
)
def test_embeddings_that_cannot_be_asked_for_are_refused(request_: EmbeddingRequest, problem: str) -> None:
    with pytest.raises(InvalidRequestError, match=problem):
        WIRE.render_embeddings(request_)


@pytest.mark.parametrize("results", [None, [], [{}], [{"embedding": ["a"]}], [{"embedding": [True]}], ["a"]])
def test_vectors_that_are_none_are_a_protocol_error(results: Any) -> None:
    with pytest.raises(ProtocolError):
        WIRE.parse_embeddings({"results": results, "input_token_count": 1})


def test_tokens_of_a_text_are_asked_for_and_read() -> None:
    rendered = WIRE.render_tokenization("m", "Hi")
    assert rendered.path == "/ml/v1/text/tokenization"
    assert rendered.body == {
        "model_id": "m",
        "input": "Hi",
        "project_id": "p-1",
        "parameters": {"return_tokens": False},
    }
    assert WIRE.parse_token_count({"result": {"token_count": 2}}) == 2
    wrongs: list[Any] = [{}, {"result": {}}, {"result": {"token_count": "2"}}, []]
    for wrong in wrongs:
        with pytest.raises(ProtocolError):
            WIRE.parse_token_count(wrong)


def test_model_list_is_read_page_by_page() -> None:
    path = "/ml/v1/foundation_model_specs?filters=%21lifecycle_withdrawn&limit=200"
    assert WIRE.render_models().path == path
    assert WIRE.render_models("a b&c").path == path + "&start=a%20b%26c"
    item = {"model_id": MODEL, "provider": "IBM", "lifecycle": []}
    (model,) = WIRE.parse_models({"resources": [item]})
    assert (model.id, model.owned_by, model.raw) == (MODEL, "IBM", item)
    href = "https://us-south.ml.cloud.ibm.com/ml/v1/foundation_model_specs?version=2026-10-14&start=g1%3D&limit=200"
    assert WIRE.parse_next_page({"next": {"href": href}}) == "g1="
    assert WIRE.parse_next_page({"next": None}) is None
    wrongs: list[Any] = [{}, {"resources": [{}]}, {"resources": 5}]
    for wrong in wrongs:
        with pytest.raises(ProtocolError):
            WIRE.parse_models(wrong)


def test_name_is_that_of_the_parts_which_go_back() -> None:
    assert WIRE.name == "openai_chat"

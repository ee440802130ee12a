"""What goes to Cohere, whole bodies, and what is read of its answers, good and bad."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.llms.errors import (
    APIError,
    ContentFilterError,
    ContextLengthExceededError,
    InvalidRequestError,
    LLMError,
    MediaError,
    ProtocolError,
    RateLimitError,
    ServerError,
    UnsupportedParameterError,
)
from core.llms.types.content import (
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    Part,
    ReasoningPart,
    TextPart,
    ToolCall,
)
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
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.types.parameters import ALL_PARAMS
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.types.usage import Usage
from core.llms.wires.cohere_v2 import CohereV2Wire

WIRE = CohereV2Wire()
HI = (UserMessage("Hi"),)
PNG = b"\x89PNG\r\n\x1a\n"
PNG_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()
LOOK = Tool("look", "Looks.", {"type": "object", "properties": {}})
FUNCTION = {
    "type": "function",
    "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {}}},
}
CALL = {"id": "look_1", "type": "function", "function": {"name": "look", "arguments": '{"at":1}'}}
USAGE = {
    "billed_units": {"input_tokens": 5.0, "output_tokens": 9.0},
    "tokens": {"input_tokens": 500, "output_tokens": 12, "reasoning_tokens": 7},
    "cached_tokens": 480,
}


def body_of(*messages: Message, **facts: Any) -> dict[str, Any]:
    rendered = WIRE.render_request(LLMRequest("m", messages or HI, **facts))
    assert rendered.warnings == ()
    return rendered.body


def sse(*events: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)


def event(kind: str, index: int = 0, **message: Any) -> dict[str, Any]:
    return {"type": kind, "index": index, "delta": {"message": message}}


END = {"type": "message-end", "delta": {"finish_reason": "TOOL_CALL", "usage": USAGE}}


def decode(data: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    return [*decoder.feed(data), *decoder.close()]


def test_every_parameter_has_its_field() -> None:
    params = {
        "max_tokens": 5, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "stop": "END", "seed": 7, "logprobs": True,
        "frequency_penalty": 0.1, "presence_penalty": 0.2, "reasoning_effort": "low",
    }  # fmt: skip
    body = body_of(params=params, provider_options={"safety_mode": "OFF", "thinking": {"token_budget": 9}}, stream=True)
    assert body == {
        "model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True, "max_tokens": 5,
        "temperature": 0.5, "p": 0.9, "k": 4, "stop_sequences": ["END"], "seed": 7, "logprobs": True,
        "frequency_penalty": 0.1, "presence_penalty": 0.2, "thinking": {"type": "enabled", "token_budget": 9},
        "safety_mode": "OFF",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["n", "logit_bias", "parallel_tool_calls", "top_logprobs", "metadata", "service_tier"])
def test_parameter_without_a_field_is_refused(name: str) -> None:
    assert name in ALL_PARAMS
    with pytest.raises(UnsupportedParameterError, match=f"`{name}`"):
        body_of(params={name: 1})


def test_effort_is_a_budget() -> None:
    thinking = {
        effort: body_of(params={"reasoning_effort": effort})["thinking"] for effort in ("none", "medium", "high")
    }
    assert thinking == {
        "none": {"type": "disabled"},
        "medium": {"type": "enabled", "token_budget": 8_192},
        "high": {"type": "enabled"},
    }
    assert WIRE.render_request(LLMRequest("m", HI, {"reasoning_effort": "max"})).warnings


def test_tools_and_the_choice_among_them() -> None:
    other = ServerTool({"type": "function", "function": {"name": "other"}})
    assert body_of(tools=(LOOK, other))["tools"] == [FUNCTION, other.definition]
    for mode, word in (("none", "NONE"), ("required", "REQUIRED")):
        assert body_of(tools=(LOOK,), tool_choice=ToolChoice(mode))["tool_choice"] == word  # type: ignore[arg-type]  # both are modes
    assert "tool_choice" not in body_of(tools=(LOOK,), tool_choice=ToolChoice("auto"))
    named = WIRE.render_request(LLMRequest("m", HI, tools=(LOOK, other), tool_choice=ToolChoice("named", "look")))
    assert (named.body["tools"], named.body["tool_choice"]) == ([FUNCTION], "REQUIRED")
    assert "only tool 'look'" in named.warnings[0]


def test_strict_holds_for_all_tools_or_none() -> None:
    strict = Tool("a", strict=True)
    assert body_of(tools=(strict,))["strict_tools"] is True
    mixed = WIRE.render_request(LLMRequest("m", HI, tools=(strict, LOOK)))
    assert "strict_tools" not in mixed.body
    assert "all tools to their schemas, or none" in mixed.warnings[0]


def test_form_of_the_answer_stands_alone() -> None:
    schema = ResponseFormat("json_schema", schema={"type": "object"})
    assert body_of(response_format=schema)["response_format"] == {
        "type": "json_object",
        "json_schema": {"type": "object"},
    }
    assert body_of(response_format=ResponseFormat("json_object"))["response_format"] == {"type": "json_object"}
    document = UserMessage((TextPart("?"), FilePart(data=b"a", media_type="text/plain")))
    for facts in ({"messages": HI, "tools": (LOOK,)}, {"messages": (document,)}):
        with pytest.raises(InvalidRequestError, match="beside tools or documents"):
            WIRE.render_request(LLMRequest("m", response_format=schema, **facts))


def test_conversation_with_documents_thoughts_and_results() -> None:
    citation = {"start": 0, "end": 1, "text": "a", "sources": [], "content_index": 1}
    said = AssistantMessage(
        (
            ReasoningPart("hm", origin="cohere_v2"),
            TextPart("a", (citation,), "cohere_v2"),
            OpaquePart("cohere_v2", {"type": "new"}),
            ReasoningPart("I will look.", origin="cohere_v2", raw={"tool_plan": "I will look."}),
            ToolCall.parse("look_1", "look", '{"at":1}'),
        )
    )
    body = body_of(
        SystemMessage("S"),
        DeveloperMessage((TextPart("D"), TextPart("E"))),
        UserMessage(
            (
                TextPart("See"),
                ImagePart(data=PNG, detail="low"),
                ImagePart(url="https://a.example/b.png"),
                FilePart(data=b"Ruby.", filename="facts.txt", media_type="text/plain", citations=True),
                FilePart(data=b'{"year": 1993}', media_type="application/json"),
            )
        ),
        said,
        ToolMessage((TextPart("1"), FilePart(data=b"x", media_type="text/plain")), "look_1"),
        ToolMessage("2", "look_2", is_error=True),
    )
    assert body["documents"] == [
        {"id": "doc:0", "data": {"title": "facts.txt", "text": "Ruby."}},
        {"id": "doc:1", "data": {"year": 1993}},
    ]
    text = {"type": "text", "text": "1"}
    document = {"type": "document", "document": {"data": {"text": "x"}}}
    assert body["messages"] == [
        {"role": "system", "content": "S"},
        {"role": "system", "content": [{"type": "text", "text": "D"}, {"type": "text", "text": "E"}]},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "See"},
                {"type": "image_url", "image_url": {"url": PNG_URL, "detail": "low"}},
                {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}},
            ],
        },
        {
            "role": "assistant",
            "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "a"}, {"type": "new"}],
            "tool_plan": "I will look.",
            "tool_calls": [CALL],
            "citations": [citation],
        },
        {"role": "tool", "tool_call_id": "look_1", "content": [text, document]},
        {"role": "tool", "tool_call_id": "look_2", "content": "Error: 2"},
    ]  # fmt: skip


def test_later_system_message_moves_to_the_top_with_a_warning() -> None:
    rendered = WIRE.render_request(
        LLMRequest("m", (SystemMessage("S"), UserMessage("a"), DeveloperMessage("D"), UserMessage("b")))
    )
    assert rendered.body["messages"] == [
        {"role": "system", "content": "S"},
        {"role": "system", "content": "D"},
        {"role": "user", "content": "a"},
        {"role": "user", "content": "b"},
    ]
    assert rendered.warnings == ("messages[2]: the system message moved to the top: it cannot stand here",)


def test_what_the_wire_cannot_carry_is_left_out_with_a_warning() -> None:
    messages = (
        UserMessage((TextPart("Hi"), CachePoint(), OpaquePart("gemini", {})), name="Ada"),
        AssistantMessage((ReasoningPart("x", origin="gemini"), TextPart("b", ({"a": 1},)))),
        ToolMessage((ImagePart(data=PNG, detail="original"),), "1"),
    )
    rendered = WIRE.render_request(LLMRequest("m", messages))
    assert rendered.body["messages"] == [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "b"},
        {"role": "tool", "tool_call_id": "1", "content": "The result follows in the next user message."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "The images that tool call 1 returned:"},
                {"type": "image_url", "image_url": {"url": PNG_URL}},
            ],
        },
    ]
    for words in (
        "cache points",
        "`name`",
        "block of gemini",
        "reasoning of gemini",
        "images of a tool",
        "`detail`",
        "citations of",
    ):
        assert any(words in warning for warning in rendered.warnings), words
    assert len(rendered.warnings) == 7


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (FilePart(data=b"%PDF-1.4"), "text or JSON"),
        (FilePart(data=b"\xff\xff\x00"), "UTF-8"),
        (FilePart(url="https://a.example/b.txt"), "from an address"),
        (FilePart(file_id="f"), "from an address or id"),
        (FilePart(url="data:text/plain;base64,!"), "base64"),
        (AudioPart(data=b"RIFF"), "no sound"),
        (ImagePart(data=b"?"), "media_type"),
    ],
)
def test_media_that_cohere_does_not_take_is_refused(part: Part, words: str) -> None:
    with pytest.raises(MediaError, match=words):
        body_of(UserMessage((part,)))


def test_usage_is_what_is_billed() -> None:
    body = {"id": "1", "message": {"content": [{"type": "text", "text": "a"}]}, "finish_reason": "COMPLETE"}
    usage = WIRE.parse_response({**body, "usage": USAGE}).usage
    assert usage == Usage(5, 9, reasoning_tokens=7)
    assert usage.raw == USAGE
    assert WIRE.parse_response({**body, "usage": {"tokens": {"input_tokens": 3}}}).usage == Usage(3, 0)
    assert WIRE.parse_response(body).usage.raw is None


def test_usage_tells_the_tokens_of_images() -> None:
    counts = {"billed_units": {"input_tokens": 267, "output_tokens": 52}, "tokens": {"image_tokens": 259}}
    body = {"id": "1", "message": {"content": [{"type": "text", "text": "a"}]}, "finish_reason": "COMPLETE"}
    assert WIRE.parse_response({**body, "usage": counts}).usage == Usage(267, 52, image_input_tokens=259)


def test_citations_stand_with_the_text_they_are_of() -> None:
    content = [{"type": "text", "text": "a"}, {"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "b"}]
    citations: list[dict[str, Any]] = [
        {"text": "b", "content_index": 2},
        {"text": "a"},
        {"text": "x", "content_index": 1},
    ]
    message = WIRE.parse_response({"message": {"content": content, "citations": citations}}).message
    assert message.parts == (
        TextPart("a", (citations[1], citations[2]), "cohere_v2"),
        ReasoningPart("hm", origin="cohere_v2"),
        TextPart("b", (citations[0],), "cohere_v2"),
    )


def test_stream_gives_all_its_events_in_order() -> None:
    citation = {"start": 0, "end": 1, "text": "a", "sources": [], "content_index": 1}
    data = sse(
        {"type": "message-start", "id": "i", "delta": {"message": {"role": "assistant"}}},
        event("content-start", content={"type": "thinking", "thinking": ""}),
        event("content-delta", content={"thinking": "hm"}),
        {"type": "content-end", "index": 0},
        event("content-start", 1, content={"type": "text", "text": ""}),
        {**event("content-delta", 1, content={"text": "a"}), "logprobs": {"text": "a", "token_ids": [1]}},
        event("citation-start", citations=citation),
        {"type": "citation-end", "index": 0},
        event("tool-plan-delta", tool_plan="I will"),
        event("tool-plan-delta", tool_plan=" look."),
        event("tool-call-start", tool_calls={**CALL, "function": {"name": "look", "arguments": ""}}),
        event("tool-call-delta", tool_calls={"function": {"arguments": '{"at":'}}),
        event("tool-call-delta", tool_calls={"function": {"arguments": "1}"}}),
        {"type": "tool-call-end", "index": 0},
        {"type": "debug", "prompt": "x"},
        END,
    )
    events = decode(data + b"data: [DONE]\n\n")
    call = ToolCall.parse("look_1", "look", '{"at":1}')
    last = events.pop()
    assert isinstance(last, StreamFinished)
    assert events == [
        StreamStarted("i"),
        ReasoningDelta("hm"),
        TextDelta("a"),
        ReasoningDelta("\n\nI will"),
        ReasoningDelta(" look."),
        ToolCallStarted(0, "look_1", "look"),
        ToolCallDelta(0, '{"at":'),
        ToolCallDelta(0, "1}"),
        ToolCallFinished(0, call),
        UsageUpdated(Usage(5, 9, reasoning_tokens=7)),
    ]
    assert last.response.message.parts == (
        ReasoningPart("hm", origin="cohere_v2"),
        TextPart("a", (citation,), "cohere_v2"),
        ReasoningPart("I will look.", origin="cohere_v2", raw={"tool_plan": "I will look."}),
        call,
    )
    assert last.response.choices[0].logprobs == {"content": [{"text": "a", "token_ids": [1]}]}
    assert WIRE.parse_response(last.response.raw) == last.response


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"data: {\n\n",
        b"data: []\n\n",
        sse({"type": "content-delta"}),
        sse(event("content-delta", content=1)),
        sse(event("content-delta", -1, content={"text": "a"})),
        sse(event("content-delta", content={"text": 1})),
        sse(event("tool-call-delta", tool_calls={"function": {}})),
        sse({"type": "tool-call-end", "index": 3}),
        sse(event("tool-call-start", tool_calls={"id": "1", "function": {}})),
        sse(event("tool-call-start", tool_calls=CALL), event("tool-call-start", tool_calls=CALL)),
        sse(event("citation-start", citations=1)),
        sse({"type": "message-end", "delta": {"finish_reason": 1}}),
    ],
)
def test_stream_that_is_cut_or_not_the_wire_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data)


def test_error_inside_a_stream_is_raised() -> None:
    for failed in ({"message": "boom"}, {"type": "message-end", "delta": {"finish_reason": "ERROR", "error": "boom"}}):
        with pytest.raises(ServerError, match="boom"):
            decode(sse(failed))


def test_cut_stream_has_a_partial_response() -> None:
    decoder = WIRE.create_stream_decoder()
    decoder.feed(sse(event("content-start", content={"type": "text", "text": "a"})))
    assert (decoder.partial_response().text, decoder.partial_response().finish_reason.unified) == ("a", "error")


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (400, "too many tokens: size limit exceeded by 10 tokens", ContextLengthExceededError),
        (429, "You are past the per minute request limit", RateLimitError),
        (498, "blocked", ContentFilterError),
        (499, "cancelled", ServerError),
        (500, "internal server error", ServerError),
    ],
)
def test_errors_are_of_the_class_they_mean(status: int, words: str, kind: type[APIError]) -> None:
    error = WIRE.parse_error(status, {"X-Debug-Trace-Id": "t"}, json.dumps({"message": words, "id": "i"}).encode())
    assert (type(error), error.message, error.request_id) == (kind, words, "t")


def test_embeddings_say_what_they_are_for() -> None:
    rendered = WIRE.render_embeddings(EmbeddingRequest("m", ("a",), 64, "query"))
    assert (rendered.path, rendered.body) == (
        "/v2/embed",
        {
            "model": "m", "texts": ["a"], "input_type": "search_query", "embedding_types": ["float"],
            "truncate": "NONE", "output_dimension": 64,
        },
    )  # fmt: skip
    with pytest.raises(InvalidRequestError, match="input_type='document'"):
        WIRE.render_embeddings(EmbeddingRequest("m", ("a",)))
    with pytest.raises(InvalidRequestError, match="96 texts"):
        WIRE.render_embeddings(EmbeddingRequest("m", ("a",) * 97, input_type="query"))


def test_models_and_counts_are_read() -> None:
    assert [model.id for model in WIRE.parse_models({"models": [{"name": "a"}, {"name": "b"}]})] == ["a", "b"]
    assert WIRE.parse_token_count({"tokens": [1, 2, 3]}) == 3
    wrong: tuple[Any, ...] = ([], {"models": 1, "embeddings": 1}, {"models": [{}], "embeddings": {"float": [1]}})
    for read in (WIRE.parse_models, WIRE.parse_token_count, WIRE.parse_embeddings):
        for body in wrong:
            with pytest.raises(ProtocolError):
                read(body)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["", "a", "text", "thinking"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "text", "function", "name", "content_index"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
MESSAGE = (
    st.fixed_dictionaries({}, optional=dict.fromkeys(("content", "tool_plan", "tool_calls", "citations"), ODD)) | ODD
)
EVENT = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["content-start", "tool-plan-delta", "tool-call-start", "citation-start", "message-end"]
        ),
        "delta": st.fixed_dictionaries({"message": MESSAGE}) | ODD,
    },
    optional={"index": ODD, "logprobs": ODD},
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {"message": MESSAGE}, optional=dict.fromkeys(("id", "finish_reason", "usage", "logprobs"), ODD)
    )
)
def test_any_answer_is_read_or_an_error_of_ours(body: dict[str, Any]) -> None:
    try:
        WIRE.parse_response(body)
    except LLMError as error:
        assert isinstance(error, APIError | ProtocolError)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EVENT, max_size=4))
def test_any_stream_is_read_or_an_error_of_ours(events: list[dict[str, Any]]) -> None:
    decoder = WIRE.create_stream_decoder()
    try:
        decoder.feed(sse(*events))
        decoder.partial_response()
    except LLMError as error:
        assert isinstance(error, APIError | ProtocolError)

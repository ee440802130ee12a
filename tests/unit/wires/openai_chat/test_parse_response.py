from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import OverloadedError, ProtocolError, RateLimitError, ServerError
from core.llms.types.content import OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.request import LLMRequest
from core.llms.types.response import FinishReason, LLMResponse
from core.llms.types.usage import Usage
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire, parse_chat_usage


def answer(message: Any = None, finish_reason: Any = "stop", **body: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": message, "finish_reason": finish_reason, "logprobs": None}
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": "m-1", "choices": [choice], "usage": None} | body


def parse(body: Any, **dialect: Any) -> LLMResponse:
    return OpenAIChatWire(ChatDialect(**dialect)).parse_response(body)


def tool_call(id: Any, name: str, arguments: Any) -> dict[str, Any]:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def test_parse_reads_a_plain_answer() -> None:
    usage = {
        "prompt_tokens": 20,
        "completion_tokens": 10,
        "total_tokens": 30,
        "prompt_tokens_details": {"cached_tokens": 8, "cache_write_tokens": 4, "audio_tokens": 2, "image_tokens": 3},
        "completion_tokens_details": {"reasoning_tokens": 6, "audio_tokens": 1, "image_tokens": 2},
    }
    body = answer({"role": "assistant", "content": "Hi."}, usage=usage, service_tier="default")
    response = parse(body)
    assert response.message == AssistantMessage("Hi.")
    assert response.finish_reason == FinishReason("stop", "stop")
    assert (response.id, response.model, response.raw) == ("chatcmpl-1", "m-1", body)
    assert response.usage == Usage(
        input_tokens=20,
        output_tokens=10,
        cache_read_tokens=8,
        cache_write_tokens=4,
        reasoning_tokens=6,
        audio_input_tokens=2,
        audio_output_tokens=1,
        image_input_tokens=3,
        image_output_tokens=2,
        service_tier="default",
    )
    assert response.usage.raw is usage


def test_parse_keeps_reasoning_text_annotations_refusal_and_calls_in_order() -> None:
    note = {"type": "url_citation", "url_citation": {"url": "https://x.test"}}
    message = {
        "content": "Hi.",
        "reasoning_content": "Hm.",
        "annotations": [note],
        "refusal": "But no.",
        "tool_calls": [tool_call("call_1", "f", '{"a":1}')],
        "function_call": {"name": "old", "arguments": "{}"},
        "audio": None,
    }
    assert parse(answer(message, "tool_calls")).message.parts == (
        ReasoningPart("Hm.", origin="openai_chat"),
        TextPart("Hi.", (note,), "openai_chat"),
        RefusalPart("But no."),
        ToolCall("call_1", "f", {"a": 1}, '{"a":1}'),
    )


def test_parse_reads_reasoning_from_the_dialects_fields() -> None:
    message = {"content": "a", "reasoning": "b", "thoughts": "c"}
    assert parse(answer(message)).reasoning == "b"
    assert parse(answer(message), reasoning_fields=("thoughts",)).reasoning == "c"
    assert parse(answer(message), reasoning_fields=()).reasoning is None


def test_parse_reads_content_blocks() -> None:
    pieces = [{"type": "text", "text": "H"}, {"type": "text", "text": "m"}]
    thinking: dict[str, Any] = {"type": "thinking", "thinking": pieces, "signature": "s"}
    blocks = [thinking, {"type": "text", "text": "a"}, {"type": "reference", "ids": [1]}]
    assert parse(answer({"content": blocks})).message.parts == (
        ReasoningPart("Hm", signature="s", origin="openai_chat", raw=thinking),
        TextPart("a"),
        OpaquePart("openai_chat", {"type": "reference", "ids": [1]}),
    )


def test_parse_keeps_a_custom_tool_call_that_renders_back() -> None:
    custom = {"id": "call_1", "type": "custom", "custom": {"name": "shell", "input": "ls"}}
    response = parse(answer({"content": None, "tool_calls": [custom]}, "tool_calls"))
    assert response.message.parts == (OpaquePart("openai_chat", custom),)
    rendered = OpenAIChatWire().render_request(LLMRequest("m", (response.message,)))
    assert rendered.body["messages"] == [{"role": "assistant", "content": None, "tool_calls": [custom]}]


def test_parse_reads_a_spoken_answer_that_renders_back_as_its_id() -> None:
    audio = {"id": "audio_1", "data": "AAAA", "transcript": "Hi.", "expires_at": 5}
    response = parse(answer({"content": None, "audio": audio}))
    assert response.text == "Hi."
    assert response.message.parts[1] == OpaquePart("openai_chat", {"type": "audio", "audio": audio})
    rendered = OpenAIChatWire().render_request(LLMRequest("m", (response.message,)))
    assert rendered.body["messages"] == [{"role": "assistant", "content": None, "audio": {"id": "audio_1"}}]


@pytest.mark.parametrize(
    ("message", "raw", "unified"),
    [
        ({"content": "a"}, "stop", "stop"),
        ({"content": "a"}, "length", "length"),
        ({"content": "a"}, "content_filter", "content_filter"),
        ({"content": "a"}, "error", "error"),
        ({"content": "a"}, "odd", "other"),
        ({"content": "a"}, "", "other"),
        ({"content": "a"}, None, "other"),
        ({"function_call": {"name": "f", "arguments": ""}}, "function_call", "other"),
        ({"refusal": "No."}, "stop", "refusal"),
        ({"refusal": "No."}, "length", "length"),
        ({"tool_calls": [tool_call("1", "f", "{}")]}, "tool_calls", "tool_calls"),
        ({"tool_calls": [tool_call("1", "f", "{}")]}, "stop", "tool_calls"),
        ({"tool_calls": [tool_call("1", "f", "{}")]}, None, "tool_calls"),
        ({"tool_calls": [tool_call("1", "f", "{}")]}, "", "tool_calls"),
        ({"tool_calls": [tool_call("1", "f", "{}")]}, "length", "length"),
        ({"tool_calls": [tool_call("1", "f", "{}")]}, "odd", "other"),
    ],
)
def test_parse_unifies_the_finish_reason(message: Any, raw: str | None, unified: str) -> None:
    assert parse(answer(message, raw)).finish_reason == FinishReason(unified, raw)  # type: ignore[arg-type]  # a case's text


def test_parse_takes_the_dialects_finish_reasons() -> None:
    assert parse(answer({"content": "a"}, "eos"), finish_reasons={"eos": "stop"}).finish_reason.unified == "stop"
    body = answer({"tool_calls": [tool_call("1", "f", "{}")]}, "eos")
    assert parse(body, finish_reasons={"eos": "stop"}).finish_reason == FinishReason("tool_calls", "eos")


@pytest.mark.parametrize(
    ("arguments", "text", "parsed", "has_error"),
    [
        ('{"a":1}', '{"a":1}', {"a": 1}, False),
        ({"a": 1}, '{"a":1}', {"a": 1}, False),
        ("", "", {}, False),
        (None, "", {}, False),
        ("null", "null", {}, False),
        ("[1]", "[1]", {}, True),
        ('{"a":', '{"a":', {}, True),
    ],
)
def test_parse_reads_arguments_in_every_form(
    arguments: Any, text: str, parsed: dict[str, Any], has_error: bool
) -> None:
    (call,) = parse(answer({"tool_calls": [tool_call("1", "f", arguments)]})).tool_calls
    assert (call.arguments_json, call.arguments) == (text, parsed)
    assert (call.arguments_error is not None) is has_error


def test_parse_gives_calls_without_id_ids_of_their_own() -> None:
    calls = [tool_call(None, "f", "{}"), tool_call("", "g", "{}"), tool_call("x", "h", "{}")]
    ids = [call.id for call in parse(answer({"tool_calls": calls})).tool_calls]
    assert ids == ["call_chatcmpl-1_0_0", "call_chatcmpl-1_0_1", "x"]


@pytest.mark.parametrize("message", [{"content": None}, {"content": "", "tool_calls": None, "refusal": None}, {}])
def test_parse_takes_null_everywhere(message: Any) -> None:
    response = parse(answer(message, id=None, model=None, usage=None))
    assert response.message == AssistantMessage("")
    assert (response.id, response.model, response.usage) == (None, "", Usage())


def test_parse_takes_an_answer_that_the_filter_left_without_message() -> None:
    verdict = {"hate": {"filtered": True, "severity": "high"}}
    choice = {"index": 0, "finish_reason": "content_filter", "content_filter_results": verdict}
    response = parse({"choices": [choice]})
    assert response.message == AssistantMessage("")
    assert response.finish_reason == FinishReason("content_filter", "content_filter")
    assert response.choices[0].content_filter == verdict


def test_parse_reads_every_choice_with_its_logprobs() -> None:
    logprobs = {"content": [{"token": "a", "logprob": -0.1}], "refusal": None}
    choices = [
        {"index": 0, "message": {"content": "a"}, "finish_reason": "stop", "logprobs": logprobs},
        {"index": 1, "message": {"content": "b"}, "finish_reason": "length"},
    ]
    response = parse({"choices": choices})
    assert [(choice.message.text, choice.finish_reason.unified, choice.logprobs) for choice in response.choices] == [
        ("a", "stop", logprobs),
        ("b", "length", None),
    ]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"choices": None},
        {"choices": {}},
        {"choices": []},
        {"choices": [None]},
        {"choices": [{"finish_reason": "stop"}]},
        answer("text"),
        answer({"content": 5}),
        answer({"content": 7}),
        answer({"content": ["a"]}),
        answer({"tool_calls": "x"}),
        answer({"tool_calls": ["x"]}),
        answer({"tool_calls": [{"id": "1"}]}),
        answer({"tool_calls": [{"id": "1", "function": {"name": ""}}]}),
        answer({"tool_calls": [tool_call("1", "f", 5)]}),
        answer({"content": "a"}, 5),
    ],
)
def test_parse_refuses_what_is_not_the_wire(body: Any) -> None:
    with pytest.raises(ProtocolError):
        parse(body)


def test_parse_raises_the_error_under_status_200() -> None:
    with pytest.raises(RateLimitError) as caught:
        parse({"error": {"message": "Slow.", "code": 429}, "choices": None})
    assert (caught.value.status, caught.value.message) == (429, "Slow.")
    with pytest.raises(OverloadedError):
        parse({"choices": [{"error": {"message": "Busy.", "code": 503}, "message": {"content": ""}}]})
    with pytest.raises(ServerError):
        parse({"error": "Broken."})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}, Usage(5, 3)),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens": 3,
                "total_tokens": 10,
                "completion_tokens_details": {"reasoning_tokens": 2},
            },
            Usage(5, 5, reasoning_tokens=2),
        ),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens": 3,
                "total_tokens": 12,
                "prompt_tokens_details": {"audio_tokens": 4},
            },
            Usage(9, 3, audio_input_tokens=4),
        ),
        ({"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 100}, Usage(5, 3)),
        ({"prompt_tokens": 5, "completion_tokens": None, "total_tokens": None}, Usage(5, 0)),
        ({"prompt_tokens": 5.0, "completion_tokens": "x", "prompt_tokens_details": None}, Usage(5, 0)),
        ({"prompt_tokens": -5, "completion_tokens": float("nan")}, Usage()),
        ({"prompt_tokens": 5, "cached_tokens": 4}, Usage(5, cache_read_tokens=4)),
        ({"prompt_tokens": 5, "service_tier": "on_demand"}, Usage(5, service_tier="on_demand")),
    ],
)  # fmt: skip
def test_usage_is_settled_into_one_meaning(raw: dict[str, Any], expected: Usage) -> None:
    assert parse_chat_usage(raw) == expected


def test_usage_is_read_by_the_dialect_where_it_has_a_function() -> None:
    body = answer({"content": "a"}, usage={"hits": 3}, service_tier="flex")
    usage = parse(body, parse_usage=lambda raw: Usage(raw["hits"], raw=raw)).usage
    assert (usage.input_tokens, usage.service_tier, usage.raw) == (3, "flex", {"hits": 3})


def test_parse_gives_the_json_of_content_that_a_gateway_parsed() -> None:
    response = parse(answer({"content": {"city": "Zürich", "tags": [1, None]}}))
    assert response.text == '{"city":"Zürich","tags":[1,null]}'

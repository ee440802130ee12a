from __future__ import annotations

import copy
from typing import Any

import pytest

from core.llms.errors import InvalidRequestError
from core.llms.types.messages import SystemMessage, UserMessage
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire

HELLO = (UserMessage("Hello!"),)
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def render(request: LLMRequest, **dialect: Any) -> dict[str, Any]:
    rendered = OpenAIChatWire(ChatDialect(**dialect)).render_request(request)
    assert (rendered.path, rendered.method, dict(rendered.headers)) == ("/chat/completions", "POST", {})
    return rendered.body


def test_render_writes_a_plain_request_and_nothing_more() -> None:
    messages = (SystemMessage("Be brief."), UserMessage("Hello!"))
    assert render(LLMRequest("gpt-4.1-mini", messages)) == {
        "model": "gpt-4.1-mini",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello!"}],
    }


def test_render_passes_neutral_parameters_under_the_wires_names() -> None:
    params = {
        "max_tokens": 100, "temperature": 0.2, "top_p": 0.9, "stop": ["a", "b"], "seed": 7, "n": 2,
        "frequency_penalty": 0.1, "presence_penalty": 0.2, "logprobs": True, "top_logprobs": 3,
        "logit_bias": {"50256": -100}, "parallel_tool_calls": False, "reasoning_effort": "low", "verbosity": "low",
        "service_tier": "flex", "store": True, "metadata": {"a": "b"}, "prompt_cache_key": "k",
        "prompt_cache_retention": "24h", "safety_identifier": "u",
    }  # fmt: skip
    body = render(LLMRequest("m", HELLO, params))
    expected = {**params, "max_completion_tokens": 100}
    del expected["max_tokens"]
    assert body == {"model": "m", "messages": [{"role": "user", "content": "Hello!"}], **expected}


def test_render_takes_the_dialects_names() -> None:
    body = render(
        LLMRequest("m", HELLO, {"max_tokens": 9, "seed": 7, "stop": "x"}),
        max_tokens_field="max_tokens",
        fields={"seed": "random_seed"},
    )
    assert body == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hello!"}],
        "max_tokens": 9,
        "random_seed": 7,
        "stop": "x",
    }


def test_render_passes_a_name_that_is_the_wires_own_already() -> None:
    assert render(LLMRequest("m", HELLO, {"max_completion_tokens": 5}))["max_completion_tokens"] == 5


@pytest.mark.parametrize("name", ["reasoning_summary", "previous_response_id"])
def test_render_refuses_what_only_the_other_wire_can_say(name: str) -> None:
    with pytest.raises(InvalidRequestError, match=rf"`{name}` cannot be expressed.*wire=\"responses\""):
        render(LLMRequest("m", HELLO, {name: "x"}))


def test_render_asks_for_usage_in_a_stream() -> None:
    request = LLMRequest("m", HELLO, stream=True)
    body = render(request)
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})
    assert "stream_options" not in render(request, include_usage=False)


def test_render_writes_tools() -> None:
    tools = (
        Tool("weather", "Tells the weather.", SCHEMA, strict=True, function=print),
        Tool("now"),
        ServerTool({"type": "custom", "custom": {"name": "shell"}}),
    )
    body = render(LLMRequest("m", HELLO, tools=tools))
    assert body["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "weather",
                "description": "Tells the weather.",
                "parameters": SCHEMA,
                "strict": True,
            },
        },
        {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}},
        {"type": "custom", "custom": {"name": "shell"}},
    ]
    assert "tool_choice" not in body


def test_render_leaves_strict_out_where_the_dialect_lacks_it_and_says_so() -> None:
    wire = OpenAIChatWire(ChatDialect(supports_strict_tools=False))
    tools = (Tool("weather", strict=True), Tool("now", strict=False))
    rendered = wire.render_request(LLMRequest("m", HELLO, tools=tools))
    assert [set(tool["function"]) for tool in rendered.body["tools"]] == [{"name", "parameters"}] * 2
    assert rendered.warnings == ("tool 'weather': `strict` was left out: the provider does not support it",)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ("weather", {"type": "function", "function": {"name": "weather"}}),
        ("shell", {"type": "custom", "custom": {"name": "shell"}}),
    ],
)
def test_render_writes_the_tool_choice(choice: str, expected: Any) -> None:
    tools = (Tool("weather"), ServerTool({"type": "custom", "custom": {"name": "shell"}}))
    assert render(LLMRequest("m", HELLO, tools=tools, tool_choice=ToolChoice.of(choice)))["tool_choice"] == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (ResponseFormat("text"), {"type": "text"}),
        (ResponseFormat("json_object"), {"type": "json_object"}),
        (
            ResponseFormat("json_schema", "place", SCHEMA, description="A place."),
            {
                "type": "json_schema",
                "json_schema": {"name": "place", "schema": SCHEMA, "description": "A place.", "strict": True},
            },
        ),
        (
            ResponseFormat("json_schema", schema=SCHEMA, strict=None),
            {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}},
        ),
    ],
)
def test_render_writes_the_response_format(form: ResponseFormat, expected: Any) -> None:
    assert render(LLMRequest("m", HELLO, response_format=form))["response_format"] == expected


def test_render_lays_provider_options_over_the_body_last() -> None:
    options = {"temperature": 1, "model": "other", "messages": [], "web_search_options": {"search_context_size": "low"}}
    body = render(LLMRequest("m", HELLO, {"temperature": 0}, provider_options=options))
    assert body == options
    body["web_search_options"]["search_context_size"] = "high"
    assert options["web_search_options"] == {"search_context_size": "low"}


def test_render_keeps_asking_for_usage_beside_the_users_stream_options() -> None:
    options = {"stream_options": {"include_obfuscation": False}}
    body = render(LLMRequest("m", HELLO, stream=True, provider_options=options))
    assert body["stream_options"] == {"include_usage": True, "include_obfuscation": False}
    options = {"stream_options": {"include_usage": False}}
    body = render(LLMRequest("m", HELLO, stream=True, provider_options=options))
    assert body["stream_options"] == {"include_usage": False}


def test_render_lets_the_dialect_complete_the_body_before_the_users_options() -> None:
    def add_route(body: dict[str, Any], request: LLMRequest) -> None:
        body["route"] = request.model + "/route"
        body["top_k"] = 1

    body = render(LLMRequest("m", HELLO, provider_options={"top_k": 2}), render_extra=add_route)
    assert (body["route"], body["top_k"]) == ("m/route", 2)


def test_render_leaves_the_request_as_it_is() -> None:
    request = LLMRequest(
        "m",
        HELLO,
        {"metadata": {"a": "b"}},
        (Tool("weather", parameters=SCHEMA),),
        ToolChoice("auto"),
        ResponseFormat("json_schema", schema=SCHEMA),
        {"nested": {"list": [1]}},
        stream=True,
    )
    before = copy.deepcopy(request)
    body = render(request)
    body["nested"]["list"].append(2)
    body["messages"].clear()
    assert request == before


def test_wire_renders_embeddings_in_its_dialect() -> None:
    wire = OpenAIChatWire(ChatDialect(encoding_format="float", input_type_field="task"))
    assert wire.render_embeddings(EmbeddingRequest("m", ("a",), input_type="query")).body == {
        "model": "m",
        "input": ["a"],
        "task": "query",
        "encoding_format": "float",
    }

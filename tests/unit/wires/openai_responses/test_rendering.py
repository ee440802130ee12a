"""Requests as bodies: exact fields for every parameter, tool and form of answer."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types.messages import UserMessage
from core.llms.types.parameters import ALL_PARAMS
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.base import RenderedRequest
from core.llms.wires.openai_responses import OpenAIResponsesWire, ResponsesDialect

HELLO = (UserMessage("Hello!"),)
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
PLAIN = {"model": "gpt-test", "input": [{"role": "user", "content": "Hello!"}]}
ENCRYPTED = "reasoning.encrypted_content"


def render(dialect: ResponsesDialect | None = None, **fields: Any) -> RenderedRequest:
    return OpenAIResponsesWire(dialect or ResponsesDialect()).render_request(LLMRequest("gpt-test", HELLO, **fields))


def added(dialect: ResponsesDialect | None = None, **fields: Any) -> dict[str, Any]:
    body = render(dialect, **fields).body
    assert {name: body[name] for name in PLAIN} == PLAIN
    return {name: value for name, value in body.items() if name not in PLAIN}


def test_request_without_anything_has_model_and_input_alone() -> None:
    assert render() == RenderedRequest("/responses", PLAIN)


def test_stream_is_asked_for() -> None:
    assert added(stream=True) == {"stream": True}


def test_parameters_of_the_same_name_are_sent_as_they_are() -> None:
    params = {
        "temperature": 0.5,
        "top_p": 0.9,
        "parallel_tool_calls": False,
        "service_tier": "flex",
        "store": False,
        "metadata": {"team": "a"},
        "prompt_cache_key": "k",
        "prompt_cache_retention": "24h",
        "safety_identifier": "u1",
        "previous_response_id": "resp_1",
        "truncation": "auto",
    }
    assert added(params=params) == params


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens", "max_output_tokens"])
def test_token_limit_has_this_api_s_name(name: str) -> None:
    assert added(params={name: 100}) == {"max_output_tokens": 100}


def test_token_limit_given_twice_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="give one of max_tokens"):
        render(params={"max_tokens": 100, "max_completion_tokens": 200})


def test_parameters_that_are_none_are_left_out() -> None:
    assert added(params=dict.fromkeys(ALL_PARAMS)) == {}


@pytest.mark.parametrize(
    ("params", "fields"),
    [
        ({"reasoning_effort": "low"}, {"reasoning": {"effort": "low"}, "include": [ENCRYPTED]}),
        ({"reasoning_summary": "auto"}, {"reasoning": {"summary": "auto"}, "include": [ENCRYPTED]}),
        (
            {"reasoning_effort": "high", "reasoning_summary": "detailed", "store": False},
            {"reasoning": {"effort": "high", "summary": "detailed"}, "store": False, "include": [ENCRYPTED]},
        ),
        ({"reasoning_effort": "low", "store": True}, {"reasoning": {"effort": "low"}, "store": True}),
        ({"store": False}, {"store": False}),
    ],
)
def test_reasoning_asks_for_its_encrypted_form_unless_stored(params: dict[str, Any], fields: dict[str, Any]) -> None:
    assert added(params=params) == fields


def test_encrypted_reasoning_follows_the_store_in_provider_options() -> None:
    body = render(params={"reasoning_effort": "low"}, provider_options={"store": True}).body
    assert "include" not in body


def test_encrypted_reasoning_is_the_dialect_s_to_ask_always_or_never() -> None:
    assert added(ResponsesDialect(encrypted_reasoning="always")) == {"include": [ENCRYPTED]}
    never = ResponsesDialect(encrypted_reasoning="never")
    assert added(never, params={"reasoning_effort": "low"}) == {"reasoning": {"effort": "low"}}


@pytest.mark.parametrize(
    ("params", "fields"),
    [
        ({"top_logprobs": 3}, {"top_logprobs": 3, "include": ["message.output_text.logprobs"]}),
        ({"top_logprobs": 0}, {"top_logprobs": 0, "include": ["message.output_text.logprobs"]}),
        ({"logprobs": True}, {"include": ["message.output_text.logprobs"]}),
        ({"logprobs": False}, {}),
    ],
)
def test_logprobs_are_included(params: dict[str, Any], fields: dict[str, Any]) -> None:
    assert added(params=params) == fields


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 2),
        ("stop", ["\n"]),
        ("seed", 1),
        ("frequency_penalty", 0.5),
        ("presence_penalty", 0.5),
        ("logit_bias", {"50256": -100}),
    ],
)
def test_parameters_of_the_chat_api_are_refused_naming_that_wire(name: str, value: object) -> None:
    with pytest.raises(UnsupportedParameterError, match=f'`{name}`.*wire="chat"') as caught:
        render(params={name: value})
    assert caught.value.model == "gpt-test"


def test_parameter_of_no_openai_wire_is_refused() -> None:
    with pytest.raises(UnsupportedParameterError, match="`top_k`: leave it out"):
        render(params={"top_k": 5})


def test_parameters_of_the_chat_api_that_ask_for_nothing_are_left_out() -> None:
    assert added(params={"n": 1, "frequency_penalty": 0.0, "presence_penalty": 0}) == {}


@pytest.mark.parametrize(
    ("form", "rendered"),
    [
        (ResponseFormat("text"), {"type": "text"}),
        (ResponseFormat("json_object"), {"type": "json_object"}),
        (
            ResponseFormat("json_schema", name="place", schema=SCHEMA, description="A place."),
            {"type": "json_schema", "name": "place", "schema": SCHEMA, "description": "A place.", "strict": True},
        ),
        (
            ResponseFormat("json_schema", schema=SCHEMA, strict=None),
            {"type": "json_schema", "name": "answer", "schema": SCHEMA},
        ),
    ],
)
def test_response_format_is_flat(form: ResponseFormat, rendered: dict[str, Any]) -> None:
    assert added(response_format=form) == {"text": {"format": rendered}}


def test_verbosity_stands_beside_the_format() -> None:
    fields = added(params={"verbosity": "low"}, response_format=ResponseFormat("json_object"))
    assert fields == {"text": {"format": {"type": "json_object"}, "verbosity": "low"}}


@pytest.mark.parametrize(("strict", "sent"), [(None, False), (False, False), (True, True)])
def test_function_tool_is_flat_and_always_says_strict(strict: bool | None, sent: bool) -> None:
    tool = Tool("get_weather", "Get the weather.", SCHEMA, strict=strict)
    assert added(tools=(tool,))["tools"] == [
        {
            "type": "function",
            "name": "get_weather",
            "description": "Get the weather.",
            "parameters": SCHEMA,
            "strict": sent,
        }
    ]


def test_tools_without_description_and_server_tools() -> None:
    tools = (Tool("now"), ServerTool({"type": "web_search", "search_context_size": "low"}))
    assert added(tools=tools)["tools"] == [
        {"type": "function", "name": "now", "parameters": {"type": "object", "properties": {}}, "strict": False},
        {"type": "web_search", "search_context_size": "low"},
    ]


@pytest.mark.parametrize(
    ("choice", "rendered"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ("now", {"type": "function", "name": "now"}),
        ("web_search", {"type": "web_search"}),
        ("calculate", {"type": "custom", "name": "calculate"}),
    ],
)
def test_tool_choice_names_functions_and_server_tools(choice: str, rendered: object) -> None:
    tools = (Tool("now"), ServerTool({"type": "web_search"}), ServerTool({"type": "custom", "name": "calculate"}))
    assert added(tools=tools, tool_choice=ToolChoice.of(choice))["tool_choice"] == rendered


def test_provider_options_are_laid_over_the_body_last() -> None:
    fields = added(
        params={"reasoning_effort": "low", "verbosity": "low", "max_tokens": 10},
        provider_options={
            "reasoning": {"mode": "pro"},
            "text": {"verbosity": "high"},
            "include": ["web_search_call.action.sources"],
            "max_output_tokens": None,
            "background": True,
        },
    )
    assert fields == {
        "reasoning": {"effort": "low", "mode": "pro"},
        "text": {"verbosity": "high"},
        "include": ["web_search_call.action.sources"],
        "max_output_tokens": None,
        "background": True,
    }


def test_rendering_changes_nothing_that_the_caller_holds() -> None:
    options = {"reasoning": {"mode": "pro"}, "metadata": {"b": "2"}}
    params = {"reasoning_effort": "low", "metadata": {"a": "1"}}
    tool = Tool("now", parameters=copy.deepcopy(SCHEMA))
    body = render(params=params, provider_options=options, tools=(tool,)).body
    assert body["metadata"] == {"a": "1", "b": "2"}
    body["reasoning"]["mode"] = body["metadata"]["a"] = body["tools"][0]["parameters"]["type"] = "changed"
    assert options == {"reasoning": {"mode": "pro"}, "metadata": {"b": "2"}}
    assert params == {"reasoning_effort": "low", "metadata": {"a": "1"}}
    assert tool.parameters == SCHEMA


def test_token_count_has_the_prompt_and_nothing_else() -> None:
    request = LLMRequest(
        "gpt-test",
        HELLO,
        params={
            "temperature": 0,
            "stop": ["x"],
            "max_tokens": 5,
            "reasoning_effort": "low",
            "parallel_tool_calls": False,
        },
        tools=(Tool("now"),),
        tool_choice=ToolChoice("required"),
        response_format=ResponseFormat("json_object"),
        provider_options={"truncation": "auto", "background": True},
        stream=True,
    )
    rendered = OpenAIResponsesWire().render_token_count(request)
    assert rendered.path == "/responses/input_tokens"
    assert rendered.body == {
        **PLAIN,
        "tools": [{"type": "function", "name": "now", "parameters": Tool("now").parameters, "strict": False}],
        "tool_choice": "required",
        "text": {"format": {"type": "json_object"}},
        "reasoning": {"effort": "low"},
        "parallel_tool_calls": False,
        "truncation": "auto",
    }


def test_embeddings_are_the_shared_ones() -> None:
    rendered = OpenAIResponsesWire().render_embeddings(EmbeddingRequest("embed", ("a",)))
    assert rendered.path == "/embeddings"
    assert rendered.body["input"] == ["a"]

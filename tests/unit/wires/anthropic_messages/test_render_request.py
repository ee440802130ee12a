from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types.messages import Message, UserMessage
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.anthropic_messages import API_VERSION_2023, AnthropicMessagesWire, MessagesDialect
from core.llms.wires.base import RenderedRequest

HELLO = UserMessage("Hello!")
OLD = MessagesDialect(api_version=API_VERSION_2023)
WEATHER = Tool("get_weather", "Look it up.", {"type": "object", "properties": {"city": {"type": "string"}}})
SEARCH = ServerTool({"type": "web_search_20250305", "name": "web_search"})


def render(dialect: MessagesDialect = MessagesDialect(), *messages: Message, **fields: Any) -> RenderedRequest:  # noqa: B008
    request = LLMRequest("claude-test", messages or (HELLO,), **fields)
    return AnthropicMessagesWire(dialect).render_request(request)


def rendered_body(dialect: MessagesDialect = MessagesDialect(), **fields: Any) -> dict[str, Any]:  # noqa: B008
    return render(dialect, **fields).body


def test_request_with_one_message_is_the_shortest_body() -> None:
    rendered = render()
    assert (rendered.method, rendered.path) == ("POST", "/v1/messages")
    assert rendered.headers == {"anthropic-version": "2026-10-21"}
    assert rendered.warnings == ()
    assert rendered.body == {
        "model": "claude-test",
        "max_tokens": 4_096,
        "messages": [{"role": "user", "content": "Hello!"}],
    }


def test_request_that_streams_says_so() -> None:
    assert rendered_body(stream=True)["stream"] is True


@pytest.mark.parametrize(
    ("largest", "stream", "expected"),
    [(None, False, 4_096), (None, True, 4_096), (64_000, False, 21_333), (64_000, True, 64_000), (8_192, False, 8_192)],
)
def test_max_tokens_left_out_follow_the_stated_rule(largest: int | None, stream: bool, expected: int) -> None:
    assert rendered_body(MessagesDialect(max_output_tokens=largest), stream=stream)["max_tokens"] == expected


def test_max_tokens_given_are_sent_as_they_are() -> None:
    assert rendered_body(MessagesDialect(max_output_tokens=64_000), params={"max_tokens": 7})["max_tokens"] == 7


def test_parameters_have_the_vendors_names() -> None:
    params = {
        "stop": "END",
        "service_tier": "standard_only",
        "metadata": {"user_id": "u1"},
        "inference_geo": "us",
    }
    body = rendered_body(params=params)
    assert body["stop_sequences"] == ["END"]
    assert body["service_tier"] == "standard_only"
    assert body["metadata"] == {"user_id": "u1"}
    assert body["inference_geo"] == "us"


def test_stop_as_a_list_and_safety_identifier_are_rendered() -> None:
    body = rendered_body(params={"stop": ("a", "b"), "safety_identifier": "u2"})
    assert (body["stop_sequences"], body["metadata"]) == (["a", "b"], {"user_id": "u2"})


@pytest.mark.parametrize("name", ["temperature", "top_p", "top_k"])
def test_sampling_is_refused_by_the_new_version_and_sent_to_the_old(name: str) -> None:
    with pytest.raises(UnsupportedParameterError, match=f"`{name}` does not exist in the API version 2026-10-21"):
        render(params={name: 1})
    rendered = render(OLD, params={name: 1})
    assert rendered.body[name] == 1
    assert rendered.headers["anthropic-version"] == "2023-06-01"


@pytest.mark.parametrize("name", ["seed", "n", "logprobs", "frequency_penalty", "store", "previous_response_id"])
def test_parameter_that_the_api_lacks_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedParameterError, match=f"has no `{name}`"):
        render(params={name: 1})


def test_metadata_of_other_names_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="takes only `user_id` here, not a, b"):
        render(params={"metadata": {"b": "1", "a": "2", "user_id": "u"}})


def test_tools_are_functions_and_the_vendors_own() -> None:
    body = rendered_body(tools=(WEATHER, SEARCH))
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    assert body["tools"] == [
        {"name": "get_weather", "description": "Look it up.", "input_schema": schema},
        {"type": "web_search_20250305", "name": "web_search"},
    ]
    assert "tool_choice" not in body


def test_strict_tool_has_a_closed_schema_within_the_vendors_subset() -> None:
    parameters = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}, "required": ["n"]}
    (tool,) = rendered_body(tools=(Tool("f", parameters=parameters, strict=True),))["tools"]
    assert tool == {
        "name": "f",
        "strict": True,
        "input_schema": {
            "type": "object",
            "properties": {"n": {"type": "integer", "description": "{minimum: 1}"}},
            "required": ["n"],
            "additionalProperties": False,
        },
    }


@pytest.mark.parametrize(
    ("choice", "parallel", "expected"),
    [
        (None, None, None),
        (None, True, None),
        (None, False, {"type": "auto", "disable_parallel_tool_use": True}),
        (ToolChoice("auto"), None, {"type": "auto"}),
        (ToolChoice("none"), False, {"type": "none"}),
        (ToolChoice("required"), None, {"type": "any"}),
        (ToolChoice("required"), False, {"type": "any", "disable_parallel_tool_use": True}),
        (ToolChoice("named", "get_weather"), True, {"type": "tool", "name": "get_weather"}),
    ],
)
def test_tool_choice_has_the_vendors_form(choice: Any, parallel: bool | None, expected: Any) -> None:
    params = {} if parallel is None else {"parallel_tool_calls": parallel}
    assert rendered_body(tools=(WEATHER,), tool_choice=choice, params=params).get("tool_choice") == expected


@pytest.mark.parametrize("choice", [ToolChoice("required"), ToolChoice("named", "get_weather")])
def test_forced_tool_is_refused_where_the_model_cannot_be_forced(choice: ToolChoice) -> None:
    with pytest.raises(InvalidRequestError, match="leave `tool_choice` at auto"):
        render(MessagesDialect(forced_tool_use=False), tools=(WEATHER,), tool_choice=choice)


def test_json_schema_is_the_format_of_the_output() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}, "required": ["a"]}
    body = rendered_body(response_format=ResponseFormat("json_schema", "answer", schema, description="An answer."))
    assert body["output_config"] == {
        "format": {
            "type": "json_schema",
            "schema": {
                "type": "object",
                "description": "An answer.",
                "properties": {"a": {"type": "string", "description": "{maxLength: 3}"}},
                "required": ["a"],
                "additionalProperties": False,
            },
        }
    }


def test_format_and_effort_share_the_output_config() -> None:
    form = ResponseFormat("json_schema", schema={"type": "object", "properties": {}})
    config = rendered_body(response_format=form, params={"reasoning_effort": "low"})["output_config"]
    assert (config["effort"], config["format"]["type"]) == ("low", "json_schema")


def test_text_is_the_default_form_and_json_without_schema_is_refused() -> None:
    assert "output_config" not in rendered_body(response_format=ResponseFormat("text"))
    with pytest.raises(InvalidRequestError, match="no JSON mode"):
        render(response_format=ResponseFormat("json_object"))


def test_provider_options_lie_over_the_body_objects_key_by_key() -> None:
    options = {"output_config": {"task_budget": {"type": "tokens", "total": 9}}, "cache_control": {"type": "ephemeral"}}
    body = rendered_body(params={"reasoning_effort": "low"}, provider_options=options)
    assert body["output_config"] == {"effort": "low", "task_budget": {"type": "tokens", "total": 9}}
    assert body["cache_control"] == {"type": "ephemeral"}
    assert options["output_config"] == {"task_budget": {"type": "tokens", "total": 9}}


def test_betas_of_dialect_and_call_are_one_header() -> None:
    dialect = MessagesDialect(betas=("a-2026", "b-2026"))
    rendered = render(dialect, provider_options={"betas": ["c-2026", "a-2026"]})
    assert rendered.headers == {"anthropic-version": "2026-10-21", "anthropic-beta": "a-2026,b-2026,c-2026"}
    assert "betas" not in rendered.body


def test_cloud_has_version_and_betas_in_the_body_and_the_model_in_the_path() -> None:
    dialect = MessagesDialect(
        api_version="vertex-2023-10-16",
        version_in_body=True,
        betas=("a-2026",),
        route=lambda model, stream: f"/models/{model}:{'streamRawPredict' if stream else 'rawPredict'}",
    )
    rendered = render(dialect, stream=True, params={"temperature": 0.5, "max_tokens": 5})
    assert rendered.path == "/models/claude-test:streamRawPredict"
    assert rendered.headers == {}
    assert rendered.body == {
        "max_tokens": 5,
        "messages": [{"role": "user", "content": "Hello!"}],
        "temperature": 0.5,
        "stream": True,
        "anthropic_version": "vertex-2023-10-16",
        "anthropic_beta": ["a-2026"],
    }


def test_token_count_has_the_prompt_alone() -> None:
    request = LLMRequest(
        "claude-test",
        (HELLO,),
        params={"max_tokens": 5, "reasoning_effort": "low", "stop": "x"},
        tools=(WEATHER,),
        tool_choice=ToolChoice("auto"),
        provider_options={"betas": ["a-2026"]},
    )
    rendered = AnthropicMessagesWire().render_token_count(request)
    assert (rendered.path, rendered.headers["anthropic-beta"]) == ("/v1/messages/count_tokens", "a-2026")
    assert set(rendered.body) == {"model", "messages", "tools", "tool_choice", "thinking", "output_config"}


def test_model_list_is_asked_for_in_one_page_with_the_version() -> None:
    rendered = AnthropicMessagesWire(MessagesDialect(betas=("a-2026",))).render_models()
    assert (rendered.method, rendered.path) == ("GET", "/v1/models?limit=1000")
    assert rendered.headers == {"anthropic-version": "2026-10-21", "anthropic-beta": "a-2026"}


def test_embeddings_are_refused_with_who_makes_them() -> None:
    with pytest.raises(InvalidRequestError, match="makes no embeddings: use a provider that does"):
        AnthropicMessagesWire().render_embeddings(EmbeddingRequest("claude-test", ("a",)))

"""What goes out: parameters, tools, the answer's form, thinking."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types.content import CachePoint, TextPart
from core.llms.types.messages import UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.base import RenderedRequest
from core.llms.wires.gemini import GeminiDialect, GeminiWire

HELLO = (UserMessage("Hi"),)
CONTENTS = [{"role": "user", "parts": [{"text": "Hi"}]}]
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
WEATHER = Tool("weather", "Look it up.", SCHEMA)
OLDER = GeminiDialect(thinking="budget", thinking_budgets=(128, 32_768), json_with_tools=False)


def render(dialect: GeminiDialect = GeminiDialect(), **facts: Any) -> RenderedRequest:  # noqa: B008 - a frozen value
    return GeminiWire(dialect).render_request(LLMRequest("gemini-x", facts.pop("messages", HELLO), **facts))


def test_plain_request_has_its_contents_alone() -> None:
    assert render() == RenderedRequest("/v1/models/gemini-x:generateContent", {"contents": CONTENTS})


def test_stream_asks_for_server_sent_events() -> None:
    assert render(stream=True).path == "/v1/models/gemini-x:streamGenerateContent?alt=sse"


def test_every_parameter_has_its_field() -> None:
    params = {
        "max_tokens": 10,
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 40,
        "stop": ["a", "b"],
        "seed": 7,
        "n": 2,
        "frequency_penalty": 0.1,
        "presence_penalty": -0.1,
        "logprobs": True,
        "top_logprobs": 3,
        "service_tier": "flex",
        "store": False,
        "metadata": {"team": "a"},
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
    }
    assert render(params=params).body == {
        "contents": CONTENTS,
        "serviceTier": "flex",
        "store": False,
        "labels": {"team": "a"},
        "generationConfig": {
            "maxOutputTokens": 10,
            "temperature": 0.5,
            "topP": 0.9,
            "topK": 40,
            "stopSequences": ["a", "b"],
            "seed": 7,
            "candidateCount": 2,
            "frequencyPenalty": 0.1,
            "presencePenalty": -0.1,
            "responseLogprobs": True,
            "logprobs": 3,
            "mediaResolution": "MEDIA_RESOLUTION_LOW",
        },
    }


def test_single_stop_is_a_list_of_one() -> None:
    assert render(params={"stop": "END"}).body["generationConfig"] == {"stopSequences": ["END"]}


@pytest.mark.parametrize(
    "name", ["logit_bias", "parallel_tool_calls", "verbosity", "prompt_cache_key", "previous_response_id"]
)
def test_parameter_without_a_field_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedParameterError, match=f"`{name}` cannot be expressed"):
        render(params={name: 1})


@pytest.mark.parametrize(
    ("effort", "level", "warned"),
    [
        ("minimal", "MINIMAL", False),
        ("low", "LOW", False),
        ("medium", "MEDIUM", False),
        ("high", "HIGH", False),
        ("xhigh", "XHIGH", False),
        ("max", "XHIGH", True),
    ],
)
def test_effort_is_a_level(effort: str, level: str, warned: bool) -> None:
    rendered = render(params={"reasoning_effort": effort})
    assert rendered.body["generationConfig"] == {"thinkingConfig": {"thinkingLevel": level}}
    assert bool(rendered.warnings) is warned


@pytest.mark.parametrize(
    ("effort", "limits", "budget"),
    [
        ("none", (0, 24_576), 0),
        ("minimal", (0, 24_576), 1_024),
        ("low", (128, 32_768), 1_024),
        ("medium", (128, 32_768), 8_192),
        ("high", (128, 32_768), 24_576),
        ("max", (128, 32_768), 32_768),
        ("xhigh", (0, 24_576), 24_576),
        ("low", (2_048, 24_576), 2_048),
    ],
)
def test_effort_is_a_budget_within_limits(effort: str, limits: tuple[int, int], budget: int) -> None:
    dialect = GeminiDialect(thinking="budget", thinking_budgets=limits)
    rendered = render(dialect, params={"reasoning_effort": effort})
    assert rendered.body["generationConfig"] == {"thinkingConfig": {"thinkingBudget": budget}}


@pytest.mark.parametrize("dialect", [GeminiDialect(), OLDER], ids=["level", "budget"])
def test_thinking_that_cannot_be_off_is_refused(dialect: GeminiDialect) -> None:
    with pytest.raises(UnsupportedParameterError, match="reasoning_effort='none'"):
        render(dialect, params={"reasoning_effort": "none"})


def test_reasoning_summary_asks_for_thoughts() -> None:
    rendered = render(params={"reasoning_summary": "auto", "reasoning_effort": "low"})
    thinking = {"includeThoughts": True, "thinkingLevel": "LOW"}
    assert rendered.body["generationConfig"] == {"thinkingConfig": thinking}


def test_thoughts_are_not_asked_for_where_there_are_none() -> None:
    dialect = GeminiDialect(thinking="budget")
    rendered = render(dialect, params={"reasoning_summary": "auto", "reasoning_effort": "none"})
    assert rendered.body["generationConfig"] == {"thinkingConfig": {"thinkingBudget": 0}}
    assert "`reasoning_summary` was left out" in rendered.warnings[0]


def test_functions_are_declared_together_and_server_tools_beside() -> None:
    tools = (WEATHER, ServerTool({"googleSearch": {}}), Tool("clock", strict=True))
    rendered = render(tools=tools)
    assert rendered.body["tools"] == [
        {
            "functionDeclarations": [
                {"name": "weather", "description": "Look it up.", "parametersJsonSchema": SCHEMA},
                {"name": "clock", "parametersJsonSchema": {"type": "object", "properties": {}}},
            ]
        },
        {"googleSearch": {}},
    ]
    (warning,) = rendered.warnings
    assert "'clock': `strict` was left out" in warning
    assert "VALIDATED" in warning


@pytest.mark.parametrize(
    ("choice", "config"),
    [
        ("auto", {"mode": "AUTO"}),
        ("none", {"mode": "NONE"}),
        ("required", {"mode": "ANY"}),
        ("weather", {"mode": "ANY", "allowedFunctionNames": ["weather"]}),
    ],
)
def test_tool_choice_is_a_mode(choice: str, config: dict[str, Any]) -> None:
    rendered = render(tools=(WEATHER,), tool_choice=ToolChoice.of(choice))
    assert rendered.body["toolConfig"] == {"functionCallingConfig": config}


def test_schema_of_the_answer_is_json_schema_with_its_description() -> None:
    form = ResponseFormat("json_schema", schema=SCHEMA, description="A number.")
    assert render(response_format=form, tools=(WEATHER,)).body["generationConfig"] == {
        "responseMimeType": "application/json",
        "responseJsonSchema": {"description": "A number.", **SCHEMA},
    }


@pytest.mark.parametrize(
    ("kind", "config"), [("json_object", {"responseMimeType": "application/json"}), ("text", None)]
)
def test_answer_without_a_schema(kind: Any, config: dict[str, str] | None) -> None:
    assert render(response_format=ResponseFormat(kind)).body.get("generationConfig") == config


def test_json_beside_tools_is_refused_where_the_model_cannot() -> None:
    form = ResponseFormat("json_schema", schema=SCHEMA)
    with pytest.raises(InvalidRequestError, match="no JSON answer beside tools"):
        render(OLDER, response_format=form, tools=(WEATHER,))
    assert "responseJsonSchema" in render(OLDER, response_format=form).body["generationConfig"]


def test_provider_options_are_laid_over_and_merged() -> None:
    options = {
        "safetySettings": [{"category": "c", "threshold": "BLOCK_NONE"}],
        "cachedContent": "cachedContents/1",
        "generationConfig": {"temperature": 1, "thinkingConfig": {"includeThoughts": True}},
    }
    rendered = render(params={"max_tokens": 5, "reasoning_effort": "low"}, provider_options=options)
    assert rendered.body == {
        "contents": CONTENTS,
        "safetySettings": [{"category": "c", "threshold": "BLOCK_NONE"}],
        "cachedContent": "cachedContents/1",
        "generationConfig": {
            "maxOutputTokens": 5,
            "temperature": 1,
            "thinkingConfig": {"thinkingLevel": "LOW", "includeThoughts": True},
        },
    }
    rendered.body["safetySettings"].append("changed")
    assert options["safetySettings"] == [{"category": "c", "threshold": "BLOCK_NONE"}]


def test_cache_points_are_left_out_with_a_warning() -> None:
    rendered = render(messages=(UserMessage([TextPart("Hi"), CachePoint()]),))
    assert rendered.body == {"contents": CONTENTS}
    assert rendered.warnings == ("cache points were left out: the provider is not told what to cache",)


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-x", "/v1beta1/projects/p/locations/l/publishers/google/models/gemini-x:m"),
        ("meta/llama", "/v1beta1/projects/p/locations/l/publishers/meta/models/llama:m"),
        ("publishers/a/models/b", "/v1beta1/projects/p/locations/l/publishers/a/models/b:m"),
        ("projects/p/locations/l/endpoints/1", "/v1beta1/projects/p/locations/l/endpoints/1:m"),
        ("a?b", "/v1beta1/projects/p/locations/l/publishers/google/models/a%3Fb:m"),
    ],
)
def test_path_of_a_model_within_a_project(model: str, path: str) -> None:
    dialect = GeminiDialect("v1beta1", "projects/p/locations/l/", "publishers/google/models")
    assert dialect.path(model, "m") == path


@pytest.mark.parametrize("model", ["tunedModels/a", "models/a"])
def test_path_of_a_resource_is_its_name(model: str) -> None:
    assert GeminiDialect().path(model, "m") == f"/v1/{model}:m"

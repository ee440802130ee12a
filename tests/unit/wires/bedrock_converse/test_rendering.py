"""What Converse is sent: exact bodies, and refusals that name the fix."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types.content import (
    ToolCall,
)
from core.llms.types.messages import AssistantMessage, Message, SystemMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.bedrock_converse import BedrockConverseWire, ConverseDialect, base_model

MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
WIRE = BedrockConverseWire(ConverseDialect(top_k=lambda value: {"top_k": value}))
ASK = UserMessage("Hi")
TOOL = Tool("get_weather", "The weather.", {"type": "object", "properties": {"city": {"type": "string"}}})
CALL = ToolCall.of("call_1", "get_weather", {"city": "Paris"})


def body_of(*messages: Message, wire: BedrockConverseWire = WIRE, **request: Any) -> dict[str, Any]:
    return wire.render_request(LLMRequest(MODEL, messages or (ASK,), **request)).body


def test_paths_escape_the_model_whole() -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-5-5"
    plain = WIRE.render_request(LLMRequest(arn, (ASK,)))
    streamed = WIRE.render_request(LLMRequest(MODEL, (ASK,), stream=True))

    escaped = "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.anthropic.claude-opus-5-5"
    assert (plain.path, plain.headers) == (f"/model/{escaped}/converse", {})
    assert streamed.path == "/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/converse-stream"
    assert streamed.headers == {"Accept": "application/vnd.amazon.eventstream"}


def test_parameters_go_to_their_places() -> None:
    params = {
        "max_tokens": 50,
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 40,
        "stop": "END",
        "metadata": {"team": "a"},
        "service_tier": "flex",
        "parallel_tool_calls": True,
        "custom": 1,
    }
    assert body_of(params=params, provider_options={"inferenceConfig": {"topP": 0.1}, "guardrailConfig": {}}) == {
        "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
        "inferenceConfig": {"maxTokens": 50, "temperature": 0.5, "topP": 0.1, "stopSequences": ["END"]},
        "additionalModelRequestFields": {"top_k": 40, "custom": 1},
        "requestMetadata": {"team": "a"},
        "serviceTier": {"type": "flex"},
        "guardrailConfig": {},
    }


def test_reasoning_is_the_dialect_s_and_may_set_the_limit() -> None:
    def reason(params: Any, *, stream: bool, warnings: list[str]) -> dict[str, Any]:
        warnings.append(f"stream {stream}")
        return {"max_tokens": 9_000, "thinking": {"budget_tokens": 8_000}}

    wire = BedrockConverseWire(ConverseDialect(reasoning=reason))
    rendered = wire.render_request(LLMRequest(MODEL, (ASK,), params={"reasoning_effort": "high", "max_tokens": 5}))

    assert rendered.body["inferenceConfig"] == {"maxTokens": 9_000}
    assert rendered.body["additionalModelRequestFields"] == {"thinking": {"budget_tokens": 8_000}}
    assert rendered.warnings == ("stream False",)


@pytest.mark.parametrize("name", ["seed", "frequency_penalty", "logprobs", "parallel_tool_calls", "reasoning_effort"])
def test_parameters_that_do_not_exist_are_refused(name: str) -> None:
    with pytest.raises(UnsupportedParameterError, match=name):
        body_of(params={name: False if name == "parallel_tool_calls" else "x"})


def test_tools_and_choice() -> None:
    tools = (TOOL, ServerTool({"systemTool": {"name": "nova_grounding"}}))
    body = body_of(tools=tools, tool_choice=ToolChoice("named", "get_weather"))

    assert body["toolConfig"] == {
        "tools": [
            {
                "toolSpec": {
                    "name": "get_weather",
                    "description": "The weather.",
                    "inputSchema": {"json": TOOL.parameters},
                }
            },
            {"systemTool": {"name": "nova_grounding"}},
        ],
        "toolChoice": {"tool": {"name": "get_weather"}},
    }
    assert body_of(tools=tools, tool_choice=ToolChoice("required"))["toolConfig"]["toolChoice"] == {"any": {}}
    assert body_of(tools=tools, tool_choice=ToolChoice("auto"))["toolConfig"]["toolChoice"] == {"auto": {}}


def test_choice_none_leaves_the_tools_out_unless_they_were_called() -> None:
    request = LLMRequest(MODEL, (ASK,), tools=(TOOL,), tool_choice=ToolChoice("none"))
    rendered = WIRE.render_request(request)

    assert "toolConfig" not in rendered.body
    assert "tools" in rendered.warnings[0]
    with pytest.raises(InvalidRequestError, match="auto"):
        body_of(ASK, AssistantMessage((CALL,)), tools=(TOOL,), tool_choice=ToolChoice("none"))


def test_model_that_cannot_be_forced_is_given_the_choice_with_a_warning() -> None:
    wire = BedrockConverseWire(ConverseDialect(forced_tool_use=False))
    rendered = wire.render_request(LLMRequest(MODEL, (ASK,), tools=(TOOL,), tool_choice=ToolChoice("required")))

    assert "toolChoice" not in rendered.body["toolConfig"]
    assert rendered.warnings == ("tool_choice='required' was left out: the model cannot be forced to a tool",)


def test_strict_tools_and_formats_go_through_the_schema_function() -> None:
    wire = BedrockConverseWire(ConverseDialect(schema=lambda schema: {**schema, "additionalProperties": False}))
    form = ResponseFormat("json_schema", "person", {"type": "object"}, description="A person.")
    body = body_of(wire=wire, tools=(Tool("t", strict=True),), response_format=form)

    assert body["toolConfig"]["tools"][0]["toolSpec"] == {
        "name": "t",
        "inputSchema": {"json": {"type": "object", "properties": {}, "additionalProperties": False}},
        "strict": True,
    }
    schema = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert body["outputConfig"]["textFormat"]["type"] == "json_schema"
    assert json.loads(schema.pop("schema")) == {"type": "object", "additionalProperties": False}
    assert schema == {"name": "person", "description": "A person."}
    with pytest.raises(InvalidRequestError, match="JSON mode"):
        body_of(response_format=ResponseFormat("json_object"))


def test_token_count_holds_what_belongs_to_the_prompt_of_the_model_itself() -> None:
    request = LLMRequest(f"us.{MODEL}", (SystemMessage("S"), ASK), {"max_tokens": 5, "top_k": 2}, (TOOL,), stream=True)
    rendered = WIRE.render_token_count(request)

    assert rendered.path == "/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/count-tokens"
    assert rendered.headers == {}
    converse = rendered.body["input"]["converse"]
    assert sorted(converse) == ["additionalModelRequestFields", "messages", "system", "toolConfig"]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (MODEL, MODEL),
        (f"global.{MODEL}", MODEL),
        (f"us-gov.{MODEL}", MODEL),
        ("apac.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        (f"arn:aws:bedrock:eu-west-1:1:inference-profile/eu.{MODEL}", MODEL),
        ("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", None),
        ("ai21.jamba-1-5-mini-v1:0", None),
    ],
)
def test_base_model_is_the_one_behind_the_profile(model: str, expected: str | None) -> None:
    assert base_model(model) == (expected or model)

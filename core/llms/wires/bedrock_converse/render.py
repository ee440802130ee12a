"""Writing a request's body and path: parameters, tools, the answer's form. Messages are in `conversation`.

`max_tokens`, `temperature`, `top_p` and `stop` go into `inferenceConfig`, `metadata` out as `requestMetadata`,
`service_tier` as `serviceTier`. `top_k`, reasoning, and parameters under names that are none of the neutral ones are
the models' own and go into `additionalModelRequestFields`. Where `max_tokens` is not given the vendor takes the model's
largest answer. A model that cannot be forced to call a tool is given the choice, with a warning.
Shapes: botocore 1.44, bedrock-runtime 2023-09-30.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from pydantic_core import to_json

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types import parameters as names
from core.llms.types.content import ToolCall
from core.llms.types.messages import Message, ToolMessage
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.base import RenderedRequest
from core.llms.wires.bedrock_converse.conversation import render_conversation
from core.llms.wires.bedrock_converse.dialect import ORIGIN, ConverseDialect
from core.llms.wires.downgrades import drop_cache_points, name_foreign_notes
from core.llms.wires.merging import merge_options

EVENT_STREAM: Final = "application/vnd.amazon.eventstream"
_INFERENCE: Final = {
    names.PARAM_MAX_TOKENS: "maxTokens",
    names.PARAM_TEMPERATURE: "temperature",
    names.PARAM_TOP_P: "topP",
}
_REASONING: Final = (names.PARAM_REASONING_EFFORT, names.PARAM_REASONING_SUMMARY)
_COUNTED: Final = ("messages", "system", "toolConfig", "additionalModelRequestFields")
# The inference profiles that Amazon makes: a geography before a model's id. Tokens are counted by the model itself.
_GEOGRAPHY: Final = re.compile(r"(?:[a-z]{2}|apac|us-gov|global)\.(?=[a-z0-9-]+\.)")


def model_path(model: str, operation: str) -> str:
    """Return the path of a model's operation; its id, an ARN say, is escaped whole."""
    return f"/model/{quote(model, safe='')}/{operation}"


def base_model(model: str) -> str:
    """Return the model behind an inference profile of Amazon's own, or the name as it is."""
    bare = model.rpartition("/")[2] if ":inference-profile/" in model or ":foundation-model/" in model else model
    return _GEOGRAPHY.sub("", bare, count=1) if _GEOGRAPHY.match(bare) else bare


def render_converse_request(request: LLMRequest, dialect: ConverseDialect) -> RenderedRequest:
    """Write a request for Converse or ConverseStream; the request itself is left as it is.

    `provider_options` are laid over the body last, objects key by key.

    Raises:
        UnsupportedParameterError: the API or the model lacks a parameter.
        InvalidRequestError: something else cannot be expressed; the message says what to do.
    """
    warnings: list[str] = []
    body = merge_options(_render_body(request, dialect, warnings), request.provider_options)
    operation, headers = ("converse-stream", {"Accept": EVENT_STREAM}) if request.stream else ("converse", {})
    return RenderedRequest(model_path(request.model, operation), body, headers=headers, warnings=tuple(warnings))


def render_token_count(request: LLMRequest, dialect: ConverseDialect) -> RenderedRequest:
    """Write a request for CountTokens; what does not belong to the prompt is left out.

    The vendor counts for models, not for inference profiles: the geography before a model's id is left out.
    """
    rendered = render_converse_request(replace(request, stream=False), dialect)
    converse = {name: value for name, value in rendered.body.items() if name in _COUNTED}
    path = model_path(base_model(request.model), "count-tokens")
    return replace(rendered, path=path, body={"input": {"converse": converse}})


def _render_body(request: LLMRequest, dialect: ConverseDialect, warnings: list[str]) -> dict[str, Any]:
    name_foreign_notes(request.messages, warnings, (ORIGIN,))
    messages = request.messages if dialect.cache_points else drop_cache_points(request.messages, warnings)
    tool_config = _render_tools(request, dialect, warnings)
    tools = tool_config.get("tools", [])
    body: dict[str, Any] = {
        **render_conversation(messages, tools, dialect, warnings),
        **_render_params(request, dialect, warnings),
    }
    if tool_config:
        body["toolConfig"] = tool_config
    if request.response_format is not None and request.response_format.kind != "text":
        body["outputConfig"] = {"textFormat": _render_format(request.response_format, dialect)}
    return body


def _render_params(request: LLMRequest, dialect: ConverseDialect, warnings: list[str]) -> dict[str, Any]:
    inference: dict[str, Any] = {}
    model_fields: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for name, value in request.params.items():
        if value is None or name in _REASONING or (name == names.PARAM_PARALLEL_TOOL_CALLS and value):
            continue
        if name in _INFERENCE:
            inference[_INFERENCE[name]] = value
        elif name == names.PARAM_STOP:
            inference["stopSequences"] = [value] if isinstance(value, str) else list(value)
        elif name == names.PARAM_METADATA:
            fields["requestMetadata"] = dict(value)
        elif name == names.PARAM_SERVICE_TIER:
            fields["serviceTier"] = {"type": value}
        elif name == names.PARAM_TOP_K and dialect.top_k is not None:
            model_fields = merge_options(model_fields, dialect.top_k(value))
        elif name in names.ALL_PARAMS:
            raise UnsupportedParameterError(f"Converse has no `{name}` for this model: leave it out")
        else:
            model_fields[name] = value
    reasoning = _render_reasoning(request, dialect, warnings)
    if "max_tokens" in reasoning:
        inference["maxTokens"] = reasoning.pop("max_tokens")
    model_fields = merge_options(model_fields, reasoning)
    optional = {"inferenceConfig": inference, "additionalModelRequestFields": model_fields}
    return {**{name: value for name, value in optional.items() if value}, **fields}


def _render_reasoning(request: LLMRequest, dialect: ConverseDialect, warnings: list[str]) -> dict[str, Any]:
    asked = [name for name in _REASONING if request.params.get(name) is not None]
    if not asked:
        return {}
    if dialect.reasoning is None:
        raise UnsupportedParameterError(
            f"`{asked[0]}` is not known to this model: leave it out, or give the model's own fields as "
            "provider_options={'additionalModelRequestFields': …}"
        )
    return dict(dialect.reasoning(request.params, stream=request.stream, warnings=warnings))


def _render_tools(request: LLMRequest, dialect: ConverseDialect, warnings: list[str]) -> dict[str, Any]:
    choice = request.tool_choice
    if not request.tools:
        return {}
    if choice is not None and choice.mode == "none":
        if _uses_tools(request.messages):
            raise InvalidRequestError(
                "Converse has no tool_choice='none', and needs the tools of a conversation that called some: leave "
                "the choice at auto, and ask for an answer in words"
            )
        warnings.append("tool_choice='none' left the tools out of the request: Converse has no such choice")
        return {}
    config: dict[str, Any] = {"tools": [_render_tool(tool, dialect) for tool in request.tools]}
    if choice is not None and choice.mode != "auto" and not dialect.forced_tool_use:
        warnings.append(
            f"tool_choice={choice.name or choice.mode!r} was left out: the model cannot be forced to a tool"
        )
    elif choice is not None:
        config["toolChoice"] = _render_choice(choice)
    return config


def _render_choice(choice: ToolChoice) -> dict[str, Any]:
    if choice.mode == "named":
        return {"tool": {"name": choice.name}}
    return {"auto": {}} if choice.mode == "auto" else {"any": {}}


def _uses_tools(messages: Sequence[Message]) -> bool:
    return any(
        isinstance(message, ToolMessage) or any(isinstance(part, ToolCall) for part in message.parts)
        for message in messages
    )


def _render_tool(tool: Tool | ServerTool, dialect: ConverseDialect) -> dict[str, Any]:
    if isinstance(tool, ServerTool):
        return dict(tool.definition)
    rendered: dict[str, Any] = {"name": tool.name}
    if tool.description:
        rendered["description"] = tool.description
    rendered["inputSchema"] = {"json": dialect.schema(tool.parameters) if tool.strict else dict(tool.parameters)}
    if tool.strict is not None:
        rendered["strict"] = tool.strict
    return {"toolSpec": rendered}


def _render_format(form: ResponseFormat, dialect: ConverseDialect) -> dict[str, Any]:
    if form.schema is None:
        raise InvalidRequestError(
            "Converse has no JSON mode: give a schema (ResponseFormat('json_schema', schema=…)) or a `response_model`"
        )
    schema: dict[str, Any] = {"schema": _schema_text(dialect.schema(form.schema)), "name": form.name}
    if form.description:
        schema["description"] = form.description
    return {"type": "json_schema", "structure": {"jsonSchema": schema}}


def _schema_text(schema: Mapping[str, Any]) -> str:
    return to_json(schema).decode()

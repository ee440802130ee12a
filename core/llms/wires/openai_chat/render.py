"""Writing a chat-completions body: parameters, tools, the answer's form. Messages are in `render_messages`."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, assert_never

from core.llms.errors import InvalidRequestError
from core.llms.types.parameters import PARAM_MAX_TOKENS, PARAM_PREVIOUS_RESPONSE_ID, PARAM_REASONING_SUMMARY
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.base import RenderedRequest
from core.llms.wires.downgrades import drop_hints, name_foreign_notes
from core.llms.wires.openai_chat.dialect import ORIGIN, ChatDialect
from core.llms.wires.openai_chat.render_messages import render_messages

PATH = "/chat/completions"
_INEXPRESSIBLE = (PARAM_REASONING_SUMMARY, PARAM_PREVIOUS_RESPONSE_ID)


def render_chat_request(request: LLMRequest, dialect: ChatDialect) -> RenderedRequest:
    """Write a request's body; the request itself is left as it is.

    A parameter whose name is none of the dialect's neutral ones goes out under that name. `provider_options` are
    laid over the body last, key by key; only `stream_options`, of which one key is ours, is merged within.
    """
    warnings: list[str] = []
    messages = drop_hints(request.messages, warnings, keep_cache_points=dialect.cache_control)
    name_foreign_notes(messages, warnings, (None, dialect.origin, ORIGIN))
    body: dict[str, Any] = {
        "model": request.model,
        "messages": render_messages(messages, dialect, warnings),
        **_render_params(request, dialect),
    }
    if request.tools:
        body["tools"] = [_render_tool(tool, dialect, warnings) for tool in request.tools]
    if request.tool_choice is not None:
        body["tool_choice"] = _render_tool_choice(request.tool_choice, request.tools)
    if request.response_format is not None:
        body["response_format"] = _render_response_format(request.response_format)
    if request.stream:
        body["stream"] = True
        if dialect.include_usage:
            body["stream_options"] = {"include_usage": True}
    if dialect.render_extra is not None:
        dialect.render_extra(body, request)
    if request.provider_options:
        _lay_over(body, request.provider_options)
    return RenderedRequest(PATH, body, warnings=tuple(warnings)) if warnings else RenderedRequest(PATH, body)


def _render_params(request: LLMRequest, dialect: ChatDialect) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for name, value in request.params.items():
        if name == PARAM_MAX_TOKENS:
            params[dialect.max_tokens_field] = value
        elif name in dialect.fields:
            params[dialect.fields[name]] = value
        elif name in _INEXPRESSIBLE:
            raise InvalidRequestError(
                f"`{name}` cannot be expressed in chat completions: leave it out, or create the LLM with "
                'wire="responses" where the provider has that wire',
                model=request.model,
            )
        else:
            params[name] = value
    return params


def _render_tool(tool: Tool | ServerTool, dialect: ChatDialect, warnings: list[str]) -> dict[str, Any]:
    if isinstance(tool, ServerTool):
        return dict(tool.definition)
    function: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        function["description"] = tool.description
    function["parameters"] = tool.parameters
    if tool.strict is not None:
        if dialect.supports_strict_tools:
            function["strict"] = tool.strict
        elif tool.strict:
            warnings.append(f"tool {tool.name!r}: `strict` was left out: the provider does not support it")
    return {"type": "function", "function": function}


def _render_tool_choice(choice: ToolChoice, tools: tuple[Tool | ServerTool, ...]) -> str | dict[str, Any]:
    match choice.mode:
        case "auto" | "none" | "required":
            return choice.mode
        case "named":
            kind = "custom" if _names_custom_tool(choice.name, tools) else "function"
            return {"type": kind, kind: {"name": choice.name}}
    assert_never(choice.mode)


def _names_custom_tool(name: str | None, tools: tuple[Tool | ServerTool, ...]) -> bool:
    definitions = [tool.definition for tool in tools if isinstance(tool, ServerTool)]
    customs = [definition.get("custom") for definition in definitions if definition.get("type") == "custom"]
    return any(isinstance(custom, Mapping) and custom.get("name") == name for custom in customs)


def _render_response_format(form: ResponseFormat) -> dict[str, Any]:
    if form.kind != "json_schema":
        return {"type": form.kind}
    json_schema: dict[str, Any] = {"name": form.name, "schema": form.schema}
    if form.description is not None:
        json_schema["description"] = form.description
    if form.strict is not None:
        json_schema["strict"] = form.strict
    return {"type": "json_schema", "json_schema": json_schema}


def _lay_over(body: dict[str, Any], options: Mapping[str, Any]) -> None:
    ours = body.get("stream_options")
    body.update(copy.deepcopy(dict(options)))
    theirs = body.get("stream_options")
    if isinstance(ours, dict) and isinstance(theirs, Mapping):
        body["stream_options"] = {**ours, **theirs}

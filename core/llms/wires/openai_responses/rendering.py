"""The body of a request: parameters, tools and the form of the answer. The conversation itself is in `items.py`.

`store` is sent only where the caller sets it. The API keeps a response for at least 30 days when it is left out
(openai 3.52, ResponseCreateParams.store): `store=False` is the caller's to choose, since `previous_response_id` needs
what is kept. `include` is made here: see `ResponsesDialect.encrypted_reasoning` for the reasoning, and
`message.output_text.logprobs` where `logprobs` or `top_logprobs` is set.

A tool's `strict` is always sent. The API takes a tool without it as strict (and the vendor's types require it), so a
tool that says nothing goes out with `strict: false`: its schema is then taken as it is, as in the chat API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types import parameters as names
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.base import RenderedRequest
from core.llms.wires.downgrades import drop_hints, name_foreign_notes
from core.llms.wires.merging import merge_options
from core.llms.wires.openai_responses.dialect import ResponsesDialect
from core.llms.wires.openai_responses.items import render_input

RESPONSES_PATH = "/responses"
COUNT_PATH = "/responses/input_tokens"

_MAX_TOKENS_NAMES = (names.PARAM_MAX_TOKENS, "max_completion_tokens", "max_output_tokens")
_SAME_NAME = frozenset(
    {
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_TOP_LOGPROBS,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_SERVICE_TIER,
        names.PARAM_STORE,
        names.PARAM_METADATA,
        names.PARAM_PROMPT_CACHE_KEY,
        names.PARAM_PROMPT_CACHE_RETENTION,
        names.PARAM_SAFETY_IDENTIFIER,
        names.PARAM_PREVIOUS_RESPONSE_ID,
    }
)
_ELSEWHERE = frozenset(
    {
        *_MAX_TOKENS_NAMES,
        names.PARAM_REASONING_EFFORT,
        names.PARAM_REASONING_SUMMARY,
        names.PARAM_VERBOSITY,
        names.PARAM_LOGPROBS,
    }
)
# What the chat API has and this one lacks, with the value that asks for nothing and can be left out.
_CHAT_ONLY: dict[str, object] = {
    names.PARAM_N: 1,
    names.PARAM_STOP: None,
    names.PARAM_SEED: None,
    names.PARAM_FREQUENCY_PENALTY: 0,
    names.PARAM_PRESENCE_PENALTY: 0,
    names.PARAM_LOGIT_BIAS: None,
}
# openai 3.52, InputTokenCountParams.
_COUNT_FIELDS = frozenset(
    {
        "conversation",
        "input",
        "instructions",
        "model",
        "parallel_tool_calls",
        "personality",
        "previous_response_id",
        "reasoning",
        "text",
        "tool_choice",
        "tools",
        "truncation",
    }
)


def render_request(request: LLMRequest, dialect: ResponsesDialect) -> RenderedRequest:
    """Write a request for `POST /responses`.

    A parameter whose name is not a neutral one goes out under that name.

    Raises:
        UnsupportedParameterError: the API lacks a parameter; the message names the wire that has it.
        InvalidRequestError: a part of a message cannot be expressed, or the same limit is given twice.
    """
    body, warnings = _render_prompt(request, dialect)
    body.update(_render_params(request))
    if include := _render_include(request, dialect):
        body["include"] = include
    if request.stream:
        body["stream"] = True
    if dialect.render_extra is not None:
        warnings = (*warnings, *dialect.render_extra(body, request))
    return RenderedRequest(RESPONSES_PATH, merge_options(body, request.provider_options), warnings=warnings)


def render_token_count(request: LLMRequest, dialect: ResponsesDialect) -> RenderedRequest:
    """Write a request for `POST /responses/input_tokens`; parameters that do not change the prompt are left out."""
    body, warnings = _render_prompt(request, dialect)
    for name in (names.PARAM_PREVIOUS_RESPONSE_ID, names.PARAM_PARALLEL_TOOL_CALLS):
        if request.params.get(name) is not None:
            body[name] = request.params[name]
    merged = merge_options(body, request.provider_options)
    counted = {name: value for name, value in merged.items() if name in _COUNT_FIELDS}
    return RenderedRequest(COUNT_PATH, counted, warnings=warnings)


def _render_prompt(request: LLMRequest, dialect: ResponsesDialect) -> tuple[dict[str, Any], tuple[str, ...]]:
    dropped: list[str] = []
    name_foreign_notes(request.messages, dropped, (None, dialect.origin))
    items, warnings = render_input(drop_hints(request.messages, dropped), dialect.origin)
    body: dict[str, Any] = {"model": request.model, "input": items}
    if request.tools:
        body["tools"] = [_render_tool(tool) for tool in request.tools]
    if request.tool_choice is not None:
        body["tool_choice"] = _render_tool_choice(request.tool_choice, request)
    if text := _render_text(request):
        body["text"] = text
    if reasoning := _render_reasoning(request.params):
        body["reasoning"] = reasoning
    return body, (*dropped, *warnings)


def _render_params(request: LLMRequest) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in request.params.items():
        if value is None:
            continue
        if name in _SAME_NAME:
            fields[name] = value
        elif name in _MAX_TOKENS_NAMES:
            if "max_output_tokens" in fields:
                raise InvalidRequestError(f"give one of {', '.join(_MAX_TOKENS_NAMES)}", model=request.model)
            fields["max_output_tokens"] = value
        elif name not in names.ALL_PARAMS:
            fields[name] = value
        elif name not in _ELSEWHERE:
            _refuse_param(name, value, request.model)
    return fields


def _refuse_param(name: str, value: object, model: str) -> None:
    if name not in _CHAT_ONLY:
        raise UnsupportedParameterError(f"the Responses API has no `{name}`: leave it out", model=model)
    if value != _CHAT_ONLY[name]:
        raise UnsupportedParameterError(
            f'the Responses API has no `{name}`: leave it out, or create the LLM with wire="chat"', model=model
        )


def _render_include(request: LLMRequest, dialect: ResponsesDialect) -> list[str]:
    params = request.params
    include = []
    if _wants_encrypted_reasoning(request, dialect):
        include.append("reasoning.encrypted_content")
    if params.get(names.PARAM_LOGPROBS) or params.get(names.PARAM_TOP_LOGPROBS) is not None:
        include.append("message.output_text.logprobs")
    return include


def _wants_encrypted_reasoning(request: LLMRequest, dialect: ResponsesDialect) -> bool:
    if dialect.encrypted_reasoning != "with_reasoning_params":
        return dialect.encrypted_reasoning == "always"
    if request.provider_options.get("store", request.params.get(names.PARAM_STORE)) is True:
        return False
    return any(
        request.params.get(name) is not None for name in (names.PARAM_REASONING_EFFORT, names.PARAM_REASONING_SUMMARY)
    )


def _render_reasoning(params: Mapping[str, Any]) -> dict[str, Any]:
    fields = {"effort": names.PARAM_REASONING_EFFORT, "summary": names.PARAM_REASONING_SUMMARY}
    return {field: params[name] for field, name in fields.items() if params.get(name) is not None}


def _render_text(request: LLMRequest) -> dict[str, Any]:
    text: dict[str, Any] = {}
    if request.response_format is not None:
        text["format"] = _render_format(request.response_format)
    if (verbosity := request.params.get(names.PARAM_VERBOSITY)) is not None:
        text["verbosity"] = verbosity
    return text


def _render_format(response_format: ResponseFormat) -> dict[str, Any]:
    if response_format.schema is None:
        return {"type": response_format.kind}
    rendered: dict[str, Any] = {
        "type": "json_schema",
        "name": response_format.name,
        "schema": dict(response_format.schema),
    }
    if response_format.description is not None:
        rendered["description"] = response_format.description
    if response_format.strict is not None:
        rendered["strict"] = response_format.strict
    return rendered


def _render_tool(tool: Tool | ServerTool) -> dict[str, Any]:
    if isinstance(tool, ServerTool):
        return dict(tool.definition)
    rendered: dict[str, Any] = {"type": "function", "name": tool.name}
    if tool.description is not None:
        rendered["description"] = tool.description
    return {**rendered, "parameters": dict(tool.parameters), "strict": bool(tool.strict)}


def _render_tool_choice(choice: ToolChoice, request: LLMRequest) -> str | dict[str, Any]:
    if choice.mode != "named":
        return choice.mode
    for tool in request.tools:
        if isinstance(tool, ServerTool):
            kind = tool.definition.get("type")
            if tool.definition.get("name") == choice.name:
                return {"type": kind, "name": choice.name}
            if kind == choice.name:
                return {"type": kind}
    return {"type": "function", "name": choice.name}

"""Writing a request's body and headers: parameters, tools, the answer's form. Messages are in `render_messages`.

`stop` goes out as `stop_sequences`, `safety_identifier` and `metadata["user_id"]` as `metadata.user_id`, and
`parallel_tool_calls=False` as `disable_parallel_tool_use` inside `tool_choice`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, assert_never

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types import parameters as names
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.anthropic_messages.dialect import ORIGIN, MessagesDialect, version_takes_sampling
from core.llms.wires.anthropic_messages.render_messages import render_conversation
from core.llms.wires.anthropic_messages.schemas import supported_schema
from core.llms.wires.anthropic_messages.thinking import leave_out_thinking_that_cannot_begin, render_thinking
from core.llms.wires.base import RenderedRequest
from core.llms.wires.downgrades import name_foreign_notes
from core.llms.wires.merging import merge_options

PATH: Final = "/v1/messages"
_SAMPLING: Final = frozenset({names.PARAM_TEMPERATURE, names.PARAM_TOP_P, names.PARAM_TOP_K})
_ELSEWHERE: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_REASONING_EFFORT,
        names.PARAM_REASONING_SUMMARY,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_METADATA,
        names.PARAM_SAFETY_IDENTIFIER,
    }
)
# anthropic 2.11, MessageCountTokensParams, and of its beta what else is part of a prompt.
_COUNTED: Final = frozenset(
    {
        "model",
        "messages",
        "system",
        "tools",
        "tool_choice",
        "thinking",
        "output_config",
        "cache_control",
        "speed",
        "mcp_servers",
        "context_management",
        "anthropic_version",
        "anthropic_beta",
    }
)


def render_message_request(request: LLMRequest, dialect: MessagesDialect) -> RenderedRequest:
    """Write a request for `POST /v1/messages`; the request itself is left as it is.

    A parameter whose name is none of the neutral ones goes out under that name. `provider_options` are laid over the
    body last, objects key by key; only `betas` among them is no field of the body: it goes into the header, as in the
    vendor's own SDK.

    Raises:
        UnsupportedParameterError: the API, its version or the model lacks a parameter.
        InvalidRequestError: something else cannot be expressed; the message says what to do.
    """
    warnings: list[str] = []
    body, betas = _render_body(request, dialect, warnings), dialect.betas
    if request.provider_options:
        options = dict(request.provider_options)
        betas = (*betas, *options.pop("betas", ()))
        body = merge_options(body, options)
    headers = _place_version(body, betas, dialect)
    path = PATH
    if dialect.route is not None:
        path = dialect.route(body.pop("model"), request.stream)
    return RenderedRequest(path, body, headers, warnings=tuple(warnings))


def render_token_count(request: LLMRequest, dialect: MessagesDialect) -> RenderedRequest:
    """Write a request that counts a prompt's tokens; what does not belong to the prompt is left out."""
    rendered = render_message_request(request, dialect)
    body = {name: value for name, value in rendered.body.items() if name in _COUNTED}
    return replace(rendered, path=dialect.count_path, body={"model": request.model, **body})


def version_headers(dialect: MessagesDialect) -> dict[str, str]:
    """Return the headers that name the version and the betas, for requests without a body."""
    return {} if dialect.version_in_body else _version_headers(dialect.api_version, dialect.betas)


def _version_headers(api_version: str, betas: tuple[str, ...]) -> dict[str, str]:
    headers = {"anthropic-version": api_version}
    return {**headers, "anthropic-beta": ",".join(dict.fromkeys(betas))} if betas else headers


def _place_version(body: dict[str, Any], betas: tuple[str, ...], dialect: MessagesDialect) -> dict[str, str]:
    if not dialect.version_in_body:
        return _version_headers(dialect.api_version, betas)
    body.setdefault("anthropic_version", dialect.api_version)
    if betas:
        body["anthropic_beta"] = list(dict.fromkeys((*betas, *body.get("anthropic_beta", ()))))
    return {}


def _render_body(request: LLMRequest, dialect: MessagesDialect, warnings: list[str]) -> dict[str, Any]:
    name_foreign_notes(request.messages, warnings, (ORIGIN,))
    tools = [_render_tool(tool) for tool in request.tools]
    body: dict[str, Any] = {
        "model": request.model,
        **render_thinking(request.params, dialect, stream=request.stream, warnings=warnings),
        **render_conversation(request.messages, tools, dialect, warnings),
        **_render_params(request.params, dialect),
    }
    leave_out_thinking_that_cannot_begin(body, warnings)
    if tools:
        body["tools"] = tools
        if choice := _render_choice(request, dialect):
            body["tool_choice"] = choice
    if request.response_format is not None and request.response_format.kind != "text":
        body["output_config"] = {**body.get("output_config", {}), "format": _render_format(request.response_format)}
    if request.stream:
        body["stream"] = True
    return body


def _render_params(params: Mapping[str, Any], dialect: MessagesDialect) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in params.items():
        if name in _ELSEWHERE or value is None:
            continue
        if name == names.PARAM_STOP:
            fields["stop_sequences"] = [value] if isinstance(value, str) else list(value)
        elif name in _SAMPLING and not version_takes_sampling(dialect.api_version):
            raise UnsupportedParameterError(
                f"`{name}` does not exist in the API version {dialect.api_version}: leave it out, or choose an older "
                "version where the model still takes it"
            )
        elif name in _SAMPLING or name == names.PARAM_SERVICE_TIER or name not in names.ALL_PARAMS:
            fields[name] = value
        else:
            raise UnsupportedParameterError(f"the Messages API has no `{name}`: leave it out")
    if user_id := _render_user_id(params):
        fields["metadata"] = {"user_id": user_id}
    return fields


def _render_user_id(params: Mapping[str, Any]) -> str | None:
    metadata: Mapping[str, Any] | None = params.get(names.PARAM_METADATA)
    user_id: str | None = params.get(names.PARAM_SAFETY_IDENTIFIER)
    if not metadata:
        return user_id
    if others := sorted(metadata.keys() - {"user_id"}):
        raise InvalidRequestError(f"`metadata` takes only `user_id` here, not {', '.join(others)}")
    return metadata.get("user_id") or user_id


def _render_tool(tool: Tool | ServerTool) -> dict[str, Any]:
    if isinstance(tool, ServerTool):
        return dict(tool.definition)
    rendered: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        rendered["description"] = tool.description
    rendered["input_schema"] = supported_schema(tool.parameters) if tool.strict else dict(tool.parameters)
    if tool.strict is not None:
        rendered["strict"] = tool.strict
    return rendered


def _render_choice(request: LLMRequest, dialect: MessagesDialect) -> dict[str, Any] | None:
    single = request.params.get(names.PARAM_PARALLEL_TOOL_CALLS) is False
    choice = request.tool_choice or (ToolChoice("auto") if single else None)
    if choice is None:
        return None
    if choice.mode in ("required", "named") and not dialect.forced_tool_use:
        raise InvalidRequestError(
            "the model cannot be forced to call a tool: leave `tool_choice` at auto, and ask for the tool in words",
            model=request.model,
        )
    rendered = _name_choice(choice)
    if single and choice.mode != "none":
        rendered["disable_parallel_tool_use"] = True
    return rendered


def _name_choice(choice: ToolChoice) -> dict[str, Any]:
    match choice.mode:
        case "auto" | "none":
            return {"type": choice.mode}
        case "required":
            return {"type": "any"}
        case "named":
            return {"type": "tool", "name": choice.name}
    assert_never(choice.mode)


def _render_format(form: ResponseFormat) -> dict[str, Any]:
    if form.schema is None:
        raise InvalidRequestError(
            "the Messages API has no JSON mode: give a schema (ResponseFormat('json_schema', schema=…)) or a "
            "`response_model`"
        )
    schema = dict(form.schema)
    if form.description is not None and "description" not in schema and "$ref" not in schema:
        schema["description"] = form.description
    return {"type": "json_schema", "schema": supported_schema(schema)}

"""Rules between the fields of a Responses request, and between them and the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.openai.chat_rules import check_effort, check_format_schema
from core.llms.simulator.openai.errors import (
    ApiError,
    invalid_type,
    missing_parameter,
    unknown_parameter,
    unsupported_parameter,
)
from core.llms.simulator.openai.fields import Rule, check_fields
from core.llms.simulator.openai.responses_fields import COUNT_FIELDS, RESPONSE_FIELDS, WEB_SEARCH_TYPES
from core.llms.simulator.openai.tools import check_functions, check_tool_choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.openai.models import Model

_MOVED = {
    "messages": "input",
    "max_tokens": "max_output_tokens",
    "max_completion_tokens": "max_output_tokens",
    "response_format": "text.format",
    "reasoning_effort": "reasoning.effort",
    "verbosity": "text.verbosity",
    "functions": "tools",
    "function_call": "tool_choice",
}
_REFERENCE = "https://platform.openai.com/docs/api-reference/responses/create"


def check_response_shape(body: Any) -> dict[str, Any]:
    """A request to answer, once every field has a known name, type and range. Raises: ApiError."""
    request = _checked(body, RESPONSE_FIELDS)
    if "model" not in request:
        raise missing_parameter("model")
    if request.get("input") is None and request.get("previous_response_id") is None:
        message = "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided."
        raise ApiError(message, param="input", code="missing_required_parameter")
    return request


def check_count_shape(body: Any) -> dict[str, Any]:
    """A request to count, once every field has a known name, type and range. Raises: ApiError."""
    return _checked(body, COUNT_FIELDS)


def _checked(body: Any, fields: Mapping[str, Rule]) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise invalid_type("body", "an object", body)
    for name in body:
        if name in _MOVED and name not in fields:
            message = (
                f"Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to '{_MOVED[name]}'. "
                f"Try again with the new parameter. See the API documentation for more information: {_REFERENCE}."
            )
            raise ApiError(message, param=name, code="unsupported_parameter")
        if name not in fields:
            raise unknown_parameter(name)
    check_fields(body, fields, (), "")
    return body


def response_effort(body: dict[str, Any], model: Model) -> str | None:
    """The reasoning effort of this request; None on models that do not reason."""
    return ((body.get("reasoning") or {}).get("effort") or model.default_effort) if model.reasons else None


def function_tools(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The function tools among the tools."""
    return [tool for tool in body.get("tools") or () if tool["type"] == "function"]


def searches_web(body: dict[str, Any]) -> bool:
    """Whether web search is among the tools and not ruled out."""
    offered = any(tool["type"] in WEB_SEARCH_TYPES for tool in body.get("tools") or ())
    return offered and body.get("tool_choice") != "none"


def chosen_tool_names(body: dict[str, Any]) -> list[str]:
    """The functions a `tool_choice` singles out."""
    choice = body.get("tool_choice")
    if not isinstance(choice, dict):
        return []
    if choice["type"] == "allowed_tools":
        return [tool["name"] for tool in choice["tools"] if tool["type"] == "function"]
    return [choice["name"]] if choice["type"] == "function" else []


def check_response_rules(body: dict[str, Any], model: Model) -> None:
    """Check everything that depends on more than one field, or on the model. Raises: ApiError."""
    if model.kind != "chat":
        message = f"The requested model '{model.name}' cannot be used with the Responses API."
        raise ApiError(message, param="model", code="unsupported_model")
    _check_tools(body)
    _check_format(body, model)
    reasoning = body.get("reasoning") or {}
    check_effort(reasoning.get("effort"), "reasoning.effort", model)
    if reasoning.get("summary") is not None and not model.reasons:
        raise unsupported_parameter("reasoning.summary")
    if body.get("background"):
        raise unsupported_parameter("background")
    if body.get("stream_options") is not None and not body.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise ApiError(message, param="stream_options")
    if "reasoning.encrypted_content" in (body.get("include") or ()) and not model.reasons:
        raise ApiError("Encrypted content is not supported with this model.", param="include")
    _check_sampling(body, model)


def _check_tools(body: dict[str, Any]) -> None:
    functions = [
        (f"tools[{index}]", tool) for index, tool in enumerate(body.get("tools") or ()) if tool["type"] == "function"
    ]
    check_functions(functions)
    names = [tool.get("name", tool["type"]) for tool in body.get("tools") or ()]
    choice = body.get("tool_choice")
    if choice in (None, "auto", "none"):
        return
    check_tool_choice(choice, names, chosen_tool_names(body))


def _check_format(body: dict[str, Any], model: Model) -> None:
    form = (body.get("text") or {}).get("format")
    if form is None or form["type"] == "text":
        return
    supported = model.json_object if form["type"] == "json_object" else model.json_schema
    if not supported:
        message = f"Invalid parameter: 'text.format' of type '{form['type']}' is not supported with model version."
        raise ApiError(message, param="text.format")
    if form["type"] == "json_schema":
        check_format_schema(form, "text.format.schema")
    elif "json" not in f"{body.get('input')} {body.get('instructions')}".lower():
        message = (
            "Response input messages must contain the word 'json' in some form "
            "to use 'text.format' of type 'json_object'."
        )
        raise ApiError(message, param="input")


def _check_sampling(body: dict[str, Any], model: Model) -> None:
    effort = response_effort(body, model)
    if not model.reasons or effort == "none":
        return
    for name in ("temperature", "top_p"):
        if body.get(name) is not None:
            raise ApiError(f"Unsupported parameter: '{name}' is not supported with this model.", param=name)
    if body.get("top_logprobs"):
        raise unsupported_parameter("top_logprobs")
    if "message.output_text.logprobs" in (body.get("include") or ()):
        raise ApiError("logprobs are not supported with reasoning models.", param="include")

"""Rules between the fields of a chat request, and between them and the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.openai.chat_fields import CHAT_FIELDS
from core.llms.simulator.openai.chat_messages import check_message_order
from core.llms.simulator.openai.errors import ApiError, invalid_type, joined, missing_parameter, unsupported_parameter
from core.llms.simulator.openai.fields import check_fields
from core.llms.simulator.openai.strict_schemas import find_schema_flaw
from core.llms.simulator.openai.tools import check_functions, check_tool_choice

if TYPE_CHECKING:
    from core.llms.simulator.openai.models import Model

_SAMPLING_DEFAULTS: dict[str, float] = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
_STRUCTURED_GUIDE = "https://platform.openai.com/docs/guides/structured-outputs"


def check_chat_shape(body: Any) -> dict[str, Any]:
    """The request, once every field has a known name, the right type and range. Raises: ApiError."""
    if not isinstance(body, dict):
        raise invalid_type("body", "an object", body)
    if "model" not in body:
        raise ApiError("you must provide a model parameter")
    unknown = [name for name in body if name not in CHAT_FIELDS]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        raise ApiError(f"Unrecognized request argument{plural} supplied: {', '.join(unknown)}")
    if "messages" not in body:
        raise missing_parameter("messages")
    check_fields(body, CHAT_FIELDS, (), "")
    return body


def chosen_names(body: dict[str, Any]) -> list[str]:
    """The functions a `tool_choice` singles out."""
    choice = body.get("tool_choice")
    if not isinstance(choice, dict):
        return []
    if choice["type"] == "function":
        return [choice["function"]["name"]]
    return [tool["function"]["name"] for tool in choice["allowed_tools"]["tools"]]


def effective_effort(body: dict[str, Any], model: Model) -> str | None:
    """The reasoning effort of this request; None on models that do not reason."""
    return (body.get("reasoning_effort") or model.default_effort) if model.reasons else None


def check_chat_rules(body: dict[str, Any], model: Model) -> None:
    """Check everything that depends on more than one field, or on the model. Raises: ApiError."""
    if model.kind != "chat":
        message = (
            "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
            "Did you mean to use v1/completions?"
        )
        raise ApiError(message, param="model", status=404)
    check_message_order(body["messages"])
    _check_tools(body)
    _check_response_format(body, model)
    _check_combinations(body)
    check_effort(body.get("reasoning_effort"), "reasoning_effort", model)
    _check_reasoning(body, model)
    _check_limits(body, model)
    _check_extras(body, model)


def _check_tools(body: dict[str, Any]) -> None:
    tools = body.get("tools") or []
    functions = [(f"tools[{index}].function", tool["function"]) for index, tool in enumerate(tools)]
    check_functions(functions)
    names = [function["name"] for _, function in functions]
    check_tool_choice(body.get("tool_choice"), names, chosen_names(body))
    if "parallel_tool_calls" in body and not tools:
        message = (
            "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified."
        )
        raise ApiError(message, param="parallel_tool_calls")


def _check_response_format(body: dict[str, Any], model: Model) -> None:
    form = body.get("response_format")
    if form is None or form["type"] == "text":
        return
    supported = model.json_object if form["type"] == "json_object" else model.json_schema
    if not supported:
        guide = f" Learn more about supported models at the Structured Outputs guide: {_STRUCTURED_GUIDE}"
        message = f"Invalid parameter: 'response_format' of type '{form['type']}' is not supported with this model."
        raise ApiError(message + (guide if form["type"] == "json_schema" else ""))
    if form["type"] == "json_schema":
        check_format_schema(form["json_schema"], "response_format.json_schema.schema")
    elif not _mentions_json(body["messages"]):
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        )
        raise ApiError(message, param="messages")


def check_format_schema(form: dict[str, Any], schema_path: str) -> None:
    """Check the schema of a structured output, found at `schema_path`. Raises: ApiError."""
    if "schema" not in form:
        raise missing_parameter(schema_path)
    flaw = find_schema_flaw(form["schema"], strict=bool(form.get("strict")))
    if flaw is not None and (form.get("strict") or flaw.startswith("In context")):
        message = f"Invalid schema for response_format '{form['name']}': {flaw}"
        if schema_path.startswith("response_format"):
            raise ApiError(message, param="response_format")
        raise ApiError(message, param=schema_path, code="invalid_json_schema")


def _mentions_json(messages: list[dict[str, Any]]) -> bool:
    return any("json" in str(message.get("content")).lower() for message in messages)


def _check_combinations(body: dict[str, Any]) -> None:
    if body.get("stream_options") is not None and not body.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise ApiError(message, param="stream_options")
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        message = "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."
        raise ApiError(message, param="top_logprobs")
    if body.get("max_tokens") is not None and body.get("max_completion_tokens") is not None:
        message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        raise ApiError(message, param="max_tokens", code="invalid_parameter_combination")
    if body.get("metadata") and not body.get("store"):
        raise ApiError("The 'metadata' parameter is only allowed when 'store' is enabled.", param="metadata")


def check_effort(effort: str | None, path: str, model: Model) -> None:
    """Check that the model reasons, and with this effort. Raises: ApiError."""
    if effort is None:
        return
    if not model.reasons:
        if path == "reasoning_effort":
            raise ApiError("Unrecognized request argument supplied: reasoning_effort")
        raise unsupported_parameter(path)
    if effort not in model.efforts:
        message = (
            f"Unsupported value: '{path}' does not support '{effort}' with this model. "
            f"Supported values are: {joined(model.efforts)}."
        )
        raise ApiError(message, param=path, code="unsupported_value")


def _check_reasoning(body: dict[str, Any], model: Model) -> None:
    if not model.reasons:
        return
    if body.get("max_tokens") is not None:
        raise unsupported_parameter("max_tokens", " Use 'max_completion_tokens' instead.")
    if model.name.startswith("o") and body.get("parallel_tool_calls") is not None:
        raise unsupported_parameter("parallel_tool_calls")
    if effective_effort(body, model) == "none":
        return
    for name, default in _SAMPLING_DEFAULTS.items():
        value = body.get(name)
        if value is not None and value != default:
            message = (
                f"Unsupported value: '{name}' does not support {value:g} with this model. "
                f"Only the default ({default:g}) value is supported."
            )
            raise ApiError(message, param=name, code="unsupported_value")
    for name in ("logprobs", "top_logprobs", "logit_bias", "stop"):
        if body.get(name):
            raise unsupported_parameter(name)


def _check_limits(body: dict[str, Any], model: Model) -> None:
    for name in ("max_tokens", "max_completion_tokens"):
        wanted = body.get(name)
        if wanted is not None and wanted > model.max_output:
            message = (
                f"{name} is too large: {wanted}. This model supports at most {model.max_output} completion tokens, "
                f"whereas you provided {wanted}."
            )
            raise ApiError(message, param=name, code="invalid_value")


def _check_extras(body: dict[str, Any], model: Model) -> None:
    if body.get("verbosity") not in (None, "medium") and not model.name.startswith(("gpt-5", "gpt-6")):
        message = (
            f"Unsupported value: 'verbosity' does not support '{body['verbosity']}' with this model. "
            "Supported values are: 'medium'."
        )
        raise ApiError(message, param="verbosity", code="unsupported_value")
    if "web_search_options" in body and not model.web_search_chat:
        raise ApiError("Web search options not supported with this model.")
    if "audio" in (body.get("modalities") or ()):
        message = "Invalid value: 'audio'. The simulator answers in text only. Supported values are: 'text'."
        raise ApiError(message, param="modalities", code="invalid_value")


def check_context(model: Model, count: int, wanted_output: int | None, tool_count: int = 0) -> None:
    """Check that the prompt and the answer fit the model's window. Raises: ApiError."""
    if model.max_input is not None:
        if count <= model.max_input:
            return
        message = (
            f"Input tokens exceed the configured limit of {model.max_input} tokens. Your messages resulted in {count} "
            "tokens. Please reduce the length of the messages."
        )
    elif count > model.context_window:
        functions = f" ({count - tool_count} in the messages, {tool_count} in the functions)" if tool_count else ""
        subject = "messages or functions" if tool_count else "messages"
        message = (
            f"This model's maximum context length is {model.context_window} tokens. However, your messages resulted in "
            f"{count} tokens{functions}. Please reduce the length of the {subject}."
        )
    elif wanted_output is not None and count + wanted_output > model.context_window:
        message = (
            f"This model's maximum context length is {model.context_window} tokens. However, you requested "
            f"{count + wanted_output} tokens ({count} in the messages, {wanted_output} in the completion). "
            "Please reduce the length of the messages or completion."
        )
    else:
        return
    raise ApiError(message, param="messages", code="context_length_exceeded")

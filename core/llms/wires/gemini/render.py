"""Writing a generateContent body: parameters, tools, the answer's form. Messages are in `contents`."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final, assert_never

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types import parameters as names
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.base import RenderedRequest
from core.llms.wires.downgrades import drop_cache_points, name_foreign_notes
from core.llms.wires.gemini.contents import render_conversation
from core.llms.wires.gemini.dialect import ORIGIN, GeminiDialect
from core.llms.wires.gemini.thinking import render_thinking

_CONFIG_FIELDS: Final = {
    names.PARAM_MAX_TOKENS: "maxOutputTokens",
    names.PARAM_TEMPERATURE: "temperature",
    names.PARAM_TOP_P: "topP",
    names.PARAM_TOP_K: "topK",
    names.PARAM_SEED: "seed",
    names.PARAM_N: "candidateCount",
    names.PARAM_FREQUENCY_PENALTY: "frequencyPenalty",
    names.PARAM_PRESENCE_PENALTY: "presencePenalty",
    names.PARAM_LOGPROBS: "responseLogprobs",
    names.PARAM_TOP_LOGPROBS: "logprobs",
}
_BODY_FIELDS: Final = {
    names.PARAM_SERVICE_TIER: "serviceTier",
    names.PARAM_STORE: "store",
    names.PARAM_METADATA: "labels",
}
_THINKING: Final = (names.PARAM_REASONING_EFFORT, names.PARAM_REASONING_SUMMARY)


def render_gemini_request(request: LLMRequest, dialect: GeminiDialect) -> RenderedRequest:
    """Write a request; the request itself is left as it is.

    A parameter whose name is none of the neutral ones goes into `generationConfig` under that name.
    `provider_options` are laid over the body last; objects in both (`generationConfig`, `toolConfig`) are merged, all
    else is replaced. Raises `InvalidRequestError` for what the wire cannot express.
    """
    warnings: list[str] = []
    body = render_body(request, dialect, warnings)
    method = "streamGenerateContent?alt=sse" if request.stream else "generateContent"
    path = dialect.path(request.model, method)
    return RenderedRequest(path, body, warnings=tuple(warnings)) if warnings else RenderedRequest(path, body)


def render_body(request: LLMRequest, dialect: GeminiDialect, warnings: list[str]) -> dict[str, Any]:
    """Write the body of a request, which counting tokens takes too."""
    name_foreign_notes(request.messages, warnings, (ORIGIN,))
    conversation = render_conversation(drop_cache_points(request.messages, warnings), dialect, warnings)
    body: dict[str, Any] = {"contents": conversation.contents}
    if conversation.instructions:
        body["systemInstruction"] = {"role": "user", "parts": conversation.instructions}
    if request.tools:
        body["tools"] = _render_tools(request.tools, warnings)
    if request.tool_choice is not None:
        body["toolConfig"] = {"functionCallingConfig": _render_tool_choice(request.tool_choice)}
    config = _render_config(request, body, dialect, warnings)
    if config:
        body["generationConfig"] = config
    return _lay_over(body, request.provider_options) if request.provider_options else body


def _render_config(
    request: LLMRequest, body: dict[str, Any], dialect: GeminiDialect, warnings: list[str]
) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for name, value in request.params.items():
        if name in dialect.inexpressible:
            raise UnsupportedParameterError(
                f"`{name}` cannot be expressed on this wire: leave it out, or pass the vendor's own field in "
                "`provider_options`",
                model=request.model,
            )
        if name in _BODY_FIELDS:
            body[_BODY_FIELDS[name]] = value
        elif name == names.PARAM_STOP:
            config["stopSequences"] = [value] if isinstance(value, str) else list(value)
        elif name not in _THINKING:
            config[_CONFIG_FIELDS.get(name, name)] = value
    if thinking := render_thinking(request.params, dialect, warnings):
        config["thinkingConfig"] = thinking
    if request.response_format is not None:
        config |= _render_form(request.response_format, request, dialect)
    return config


def _render_form(form: ResponseFormat, request: LLMRequest, dialect: GeminiDialect) -> dict[str, Any]:
    if form.kind == "text":
        return {}
    if not dialect.json_with_tools and any(isinstance(tool, Tool) for tool in request.tools):
        raise InvalidRequestError(
            "this model gives no JSON answer beside tools: leave one of the two out, or use a model from Gemini 3 on",
            model=request.model,
        )
    config: dict[str, Any] = {"responseMimeType": "application/json"}
    if form.schema is not None:
        described = {} if form.description is None else {"description": form.description}
        config["responseJsonSchema"] = {**described, **form.schema}
    return config


def _render_tools(tools: tuple[Tool | ServerTool, ...], warnings: list[str]) -> list[dict[str, Any]]:
    rendered: list[dict[str, Any]] = []
    functions: list[dict[str, Any]] = []
    for tool in tools:
        if isinstance(tool, ServerTool):
            rendered.append(dict(tool.definition))
            continue
        if not functions:
            rendered.append({"functionDeclarations": functions})
        functions.append(_render_function(tool, warnings))
    return rendered


def _render_function(tool: Tool, warnings: list[str]) -> dict[str, Any]:
    if tool.strict:
        warnings.append(
            f"tool {tool.name!r}: `strict` was left out: the wire holds all calls to their schemas or none, by "
            "provider_options={'toolConfig': {'functionCallingConfig': {'mode': 'VALIDATED'}}}"
        )
    described = {} if tool.description is None else {"description": tool.description}
    return {"name": tool.name, **described, "parametersJsonSchema": tool.parameters}


def _render_tool_choice(choice: ToolChoice) -> dict[str, Any]:
    match choice.mode:
        case "auto" | "none":
            return {"mode": choice.mode.upper()}
        case "required":
            return {"mode": "ANY"}
        case "named":
            return {"mode": "ANY", "allowedFunctionNames": [choice.name]}
    assert_never(choice.mode)


def _lay_over(body: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(body)
    for name, theirs in options.items():
        ours = merged.get(name)
        if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
            merged[name] = _lay_over(ours, theirs)
        else:
            merged[name] = copy.deepcopy(theirs)
    return merged

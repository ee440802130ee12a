"""Writing a body of `/v2/chat`: parameters, tools, the answer's form. Messages are in `render_messages`."""

from __future__ import annotations

from typing import Any, Final

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types import parameters as names
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool
from core.llms.wires.base import RenderedRequest
from core.llms.wires.cohere_v2.render_messages import ORIGIN, Conversation, render_conversation
from core.llms.wires.downgrades import drop_cache_points, name_foreign_notes
from core.llms.wires.merging import merge_options

_FIELDS: Final = {
    names.PARAM_MAX_TOKENS: "max_tokens",
    names.PARAM_TEMPERATURE: "temperature",
    names.PARAM_TOP_P: "p",
    names.PARAM_TOP_K: "k",
    names.PARAM_SEED: "seed",
    names.PARAM_FREQUENCY_PENALTY: "frequency_penalty",
    names.PARAM_PRESENCE_PENALTY: "presence_penalty",
    names.PARAM_LOGPROBS: "logprobs",
    names.PARAM_STOP: "stop_sequences",
    names.PARAM_REASONING_EFFORT: "thinking",
}
_BUDGETS: Final = {"minimal": 512, "low": 2_048, "medium": 8_192}


def render_cohere_request(request: LLMRequest) -> RenderedRequest:
    """Write a request; the request itself is left as it is.

    A parameter whose name is none of the neutral ones goes out under that name. Effort: `none` turns thinking off,
    `minimal` gives it 512 tokens, `low` 2,048, `medium` 8,192, and `high` (`xhigh`, `max`) no limit. A tool that must
    be called by its name is the only one offered. `provider_options` are laid over the body last, objects key by key.
    Raises `InvalidRequestError` for what the wire cannot express.
    """
    warnings: list[str] = []
    name_foreign_notes(request.messages, warnings, (ORIGIN,))
    conversation = render_conversation(drop_cache_points(request.messages, warnings), warnings)
    body: dict[str, Any] = {"model": request.model, "messages": conversation.messages, "stream": request.stream}
    if conversation.documents:
        body["documents"] = conversation.documents
    body |= _render_params(request, warnings)
    body |= _render_tools(request, warnings)
    if request.response_format is not None and request.response_format.kind != "text":
        body["response_format"] = _render_form(request.response_format, request, conversation)
    return RenderedRequest("/v2/chat", merge_options(body, request.provider_options), warnings=tuple(warnings))


def _render_params(request: LLMRequest, warnings: list[str]) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for name, value in request.params.items():
        if name in names.ALL_PARAMS and name not in _FIELDS:
            raise UnsupportedParameterError(
                f"`{name}` cannot be expressed on Cohere's wire: leave it out, or pass the vendor's own field in "
                "`provider_options`",
                model=request.model,
            )
        if name == names.PARAM_STOP:
            value = [value] if isinstance(value, str) else list(value)
        elif name == names.PARAM_REASONING_EFFORT:
            value = _render_thinking(value, warnings)
        params[_FIELDS.get(name, name)] = value
    return params


def _render_thinking(effort: str, warnings: list[str]) -> dict[str, Any]:
    if effort == "none":
        return {"type": "disabled"}
    if effort in ("xhigh", "max"):
        warnings.append(f"reasoning_effort={effort!r} went out as thinking without a limit, which `high` is too")
    budget = _BUDGETS.get(effort)
    return {"type": "enabled"} if budget is None else {"type": "enabled", "token_budget": budget}


def _render_tools(request: LLMRequest, warnings: list[str]) -> dict[str, Any]:
    offered, choice = request.tools, request.tool_choice
    fields: dict[str, Any] = {}
    if choice is not None and choice.mode == "named":
        offered = tuple(tool for tool in offered if isinstance(tool, Tool) and tool.name == choice.name)
        if len(offered) < len(request.tools):
            warnings.append(f"only tool {choice.name!r} was offered: the provider cannot be told which one to call")
    if choice is not None and choice.mode != "auto":
        fields["tool_choice"] = "NONE" if choice.mode == "none" else "REQUIRED"
    if offered:
        fields["tools"] = [_render_tool(tool) for tool in offered]
        strict = [isinstance(tool, Tool) and tool.strict for tool in offered]
        if all(strict):
            fields["strict_tools"] = True
        elif any(strict):
            warnings.append("`strict` of tools was left out: the provider holds all tools to their schemas, or none")
    return fields


def _render_tool(tool: Tool | ServerTool) -> dict[str, Any]:
    if isinstance(tool, ServerTool):
        return dict(tool.definition)
    described = {} if tool.description is None else {"description": tool.description}
    return {"type": "function", "function": {"name": tool.name, **described, "parameters": tool.parameters}}


def _render_form(form: ResponseFormat, request: LLMRequest, conversation: Conversation) -> dict[str, Any]:
    if request.tools or conversation.documents:
        raise InvalidRequestError(
            "Cohere gives no JSON answer beside tools or documents: leave one of the two out", model=request.model
        )
    if form.schema is None:
        return {"type": "json_object"}
    described = {} if form.description is None else {"description": form.description}
    return {"type": "json_object", "json_schema": {**described, **form.schema}}

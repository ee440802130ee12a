"""Writing a body of `/api/chat`: parameters, tools, the answer's form. Messages are in `render_messages`."""

from __future__ import annotations

from typing import Any, Final

from core.llms.errors import UnsupportedCapabilityError, UnsupportedParameterError
from core.llms.types.parameters import ALL_PARAMS, PARAM_REASONING_EFFORT, PARAM_STOP
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool
from core.llms.wires.base import RenderedRequest
from core.llms.wires.downgrades import drop_hints, name_foreign_notes
from core.llms.wires.merging import merge_options
from core.llms.wires.ollama.dialect import EXPRESSIBLE, OPTION_NAMES, ORIGIN, TOP_NAMES, OllamaDialect
from core.llms.wires.ollama.render_messages import render_messages

_LEVELS: Final = {
    "minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "high", "max": "high",
}  # fmt: skip


def render_ollama_request(request: LLMRequest, dialect: OllamaDialect) -> RenderedRequest:
    """Write a request; the request itself is left as it is.

    A parameter whose name is none of the neutral ones goes into `options` under that name. Effort: a model with levels
    gets low (`minimal`, `low`), medium or high (`high`, `xhigh`, `max`), and refuses `none`; any other gets `think`
    false for `none`, else true. `tool_choice` auto is what the server does; none leaves the tools out. `strict` of a
    tool is left out with a warning. `provider_options` are laid over the body last, objects (`options`) key by key.
    Raises `InvalidRequestError` for what the wire cannot express.
    """
    warnings: list[str] = []
    name_foreign_notes(request.messages, warnings, (ORIGIN,))
    body: dict[str, Any] = {
        "model": request.model,
        "messages": render_messages(drop_hints(request.messages, warnings), warnings),
        "stream": request.stream,
    }
    if tools := _render_tools(request, warnings):
        body["tools"] = tools
    if request.response_format is not None and request.response_format.kind != "text":
        body["format"] = _render_form(request.response_format)
    body |= _render_params(request, dialect, warnings)
    if dialect.keep_alive is not None:
        body["keep_alive"] = dialect.keep_alive
    return RenderedRequest("/api/chat", merge_options(body, request.provider_options), warnings=tuple(warnings))


def _render_params(request: LLMRequest, dialect: OllamaDialect, warnings: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    options: dict[str, Any] = {} if dialect.context_tokens is None else {"num_ctx": dialect.context_tokens}
    for name, value in request.params.items():
        if name in ALL_PARAMS and name not in EXPRESSIBLE:
            raise UnsupportedParameterError(
                f"`{name}` cannot be expressed on Ollama's wire: leave it out", model=request.model
            )
        if name == PARAM_REASONING_EFFORT:
            fields["think"] = _render_effort(value, dialect, warnings)
        elif name in TOP_NAMES:
            fields[name] = value
        elif name == PARAM_STOP:
            options["stop"] = [value] if isinstance(value, str) else list(value)
        else:
            options[OPTION_NAMES.get(name, name)] = value
    return {**fields, "options": options} if options else fields


def _render_effort(effort: str, dialect: OllamaDialect, warnings: list[str]) -> bool | str:
    if not dialect.thinking_levels:
        if effort not in ("none", "high"):
            warnings.append(f"reasoning_effort={effort!r} went out as `think: true`: the model takes yes or no")
        return effort != "none"
    if effort == "none":
        raise UnsupportedParameterError(
            "`reasoning_effort='none'` is not possible: this model always thinks; use its lowest effort, 'low'"
        )
    level = _LEVELS[effort]
    if level != effort:
        warnings.append(f"reasoning_effort={effort!r} went out as `think: {level!r}`, the nearest there is")
    return level


def _render_tools(request: LLMRequest, warnings: list[str]) -> list[dict[str, Any]]:
    choice = request.tool_choice
    if choice is not None and choice.mode == "none":
        return []
    if choice is not None and choice.mode != "auto":
        raise UnsupportedCapabilityError(
            "Ollama cannot be made to call a tool: leave `tool_choice` out, and ask for the call in the prompt",
            model=request.model,
        )
    return [_render_tool(tool, warnings) for tool in request.tools]


def _render_tool(tool: Tool | ServerTool, warnings: list[str]) -> dict[str, Any]:
    if isinstance(tool, ServerTool):
        return dict(tool.definition)
    if tool.strict:
        warnings.append(f"tool {tool.name!r}: `strict` was left out: the provider does not support it")
    described = {} if tool.description is None else {"description": tool.description}
    return {"type": "function", "function": {"name": tool.name, **described, "parameters": tool.parameters}}


def _render_form(form: ResponseFormat) -> Any:
    if form.schema is None:
        return "json"
    described = {} if form.description is None else {"description": form.description}
    return {**described, **form.schema}

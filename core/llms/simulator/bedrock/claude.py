"""A Claude behind Bedrock: what it refuses, it refuses in its own words, which Bedrock passes on.

Thinking, effort, sampling, forced tools and schemas are the model's rules and live in Anthropic's room.
"""

from __future__ import annotations

from base64 import b64decode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator.anthropic.errors import ApiError as ClaudeError
from core.llms.simulator.anthropic.messages import count_tokens
from core.llms.simulator.anthropic.models import MODELS
from core.llms.simulator.anthropic.request_rules import check_forced_tools, check_sampling, check_tool_choice
from core.llms.simulator.anthropic.thinking import ThinkingPlan, check_thinking, plan_thinking
from core.llms.simulator.anthropic.validation import parse_count_request
from core.llms.simulator.bedrock.errors import ApiError, model_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.anthropic.models import Model as ClaudeModel
    from core.llms.simulator.bedrock.models import Model

_VERSION = "2023-06-01"
_NOT_OF_THE_PROMPT = (
    "anthropic_beta",
    "anthropic_version",
    "max_tokens",
    "metadata",
    "stop_sequences",
    "temperature",
    "top_k",
    "top_p",
)


@contextmanager
def as_model_errors() -> Iterator[None]:
    """What the model refuses inside, Bedrock refuses."""
    try:
        yield
    except ClaudeError as error:
        raise model_error(error.message) from error


def claude_of(model: Model) -> ClaudeModel:
    """What Anthropic's room knows of a Claude."""
    assert model.claude is not None
    return MODELS[model.claude]


def count_native(encoded: str, model: Model) -> int:
    """The tokens of a prompt in the model's own form, as InvokeModel takes it. Raises: ApiError."""
    try:
        native = from_json(b64decode(encoded))
    except ValueError:
        native = None
    if not isinstance(native, dict):
        raise ApiError("Malformed input request, please reformat your input and try again.")
    prompt = {name: value for name, value in native.items() if name not in _NOT_OF_THE_PROMPT}
    with as_model_errors():
        request = parse_count_request(to_json({**prompt, "model": claude_of(model).name}))
        return count_tokens(request, _VERSION)


def check_claude(body: dict[str, Any], fields: dict[str, Any], model: Model) -> None:
    """Check the model's own fields beside the request. Raises: ApiError."""
    claude, native = claude_of(model), native_fields(body, fields, model)
    with as_model_errors():
        check_thinking(native, claude)
        check_tool_choice(native, claude)
        check_forced_tools(native, claude)
        check_sampling(native, claude)


def plan_claude(body: dict[str, Any], fields: dict[str, Any], model: Model) -> ThinkingPlan:
    """Whether, how long and how visibly it thinks."""
    return plan_thinking(native_fields(body, fields, model), claude_of(model))


def native_fields(body: dict[str, Any], fields: dict[str, Any], model: Model) -> dict[str, Any]:
    """A request as the model itself takes it, without the conversation."""
    inference = body.get("inferenceConfig", {})
    names = {"temperature": "temperature", "topP": "top_p", "stopSequences": "stop_sequences"}
    native: dict[str, Any] = {names[name]: value for name, value in inference.items() if name in names}
    native["max_tokens"] = inference.get("maxTokens", model.max_output)
    native |= fields
    effort = body.get("outputConfig", {}).get("effort")
    if effort is not None:
        native["output_config"] = {**fields.get("output_config", {}), "effort": effort}
    specs = [tool["toolSpec"] for tool in body.get("toolConfig", {}).get("tools", ()) if "toolSpec" in tool]
    native["tools"] = [{"name": spec["name"], "input_schema": spec["inputSchema"]["json"]} for spec in specs]
    choice = body.get("toolConfig", {}).get("toolChoice")
    if choice is not None:
        ((kind, settings),) = choice.items()
        native["tool_choice"] = {"type": kind, **settings}
    return native

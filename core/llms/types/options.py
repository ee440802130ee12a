"""The keyword arguments of a call, typed once for every method that takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypedDict

from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice

ToolInput: TypeAlias = Tool | ServerTool | Callable[..., Any] | Mapping[str, Any]
OnUnsupported: TypeAlias = Literal["error", "drop"]


class ToolRunOptions(TypedDict, total=False):
    """What a call may set. None means not set; whatever is left out is the model's own default.

    `tool_choice`: auto, none, required or a tool's name.
    `response_model`: a pydantic model, dataclass or any type; the answer is validated into `response.parsed`, and
    `output_retries` says how often the model is told what was wrong (1 by default).
    `response_format`: the form without validation. `provider_options`: the vendor's own fields, sent untouched.
    `on_unsupported`: `drop` leaves out what the model does not take, and says so in `response.warnings`.
    `fetch_remote_media`: download `https:` images here instead of giving the vendor their address.
    """

    tool_choice: str | Mapping[str, Any] | ToolChoice | None
    response_model: Any
    response_format: ResponseFormat | None
    output_retries: int
    provider_options: Mapping[str, Any] | None
    on_unsupported: OnUnsupported
    fetch_remote_media: bool

    max_tokens: int | None
    temperature: float | None
    top_p: float | None
    top_k: int | None
    stop: str | Sequence[str] | None
    seed: int | None
    frequency_penalty: float | None
    presence_penalty: float | None
    n: int | None
    logprobs: bool | None
    top_logprobs: int | None
    logit_bias: Mapping[str, float] | None
    parallel_tool_calls: bool | None
    reasoning_effort: str | None
    reasoning_summary: str | None
    verbosity: str | None
    service_tier: str | None
    store: bool | None
    metadata: Mapping[str, str] | None
    prompt_cache_key: str | None
    prompt_cache_retention: str | None
    safety_identifier: str | None
    previous_response_id: str | None


class AnswerOptions(ToolRunOptions, total=False):
    """The same, with `tools`: typed functions, `Tool`s or JSON schemas."""

    tools: Sequence[ToolInput] | None


SETTINGS = frozenset(
    {
        "tools",
        "tool_choice",
        "response_model",
        "response_format",
        "output_retries",
        "provider_options",
        "on_unsupported",
        "fetch_remote_media",
    }
)

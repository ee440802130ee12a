"""The simulated DeepSeek.

Replies, chunks, headers, Responses, and most errors: recorded exchanges, 2025 and 2026. That a turn with calls has to
bring its `reasoning_content` while the model thinks, and in which words: the "Thinking Mode" guide and reports of its
users, 2025 and 2026. Status 402: the "Error Codes" page. It ignores fields that it does not know (recorded). Models:
models.dev of 2026-09-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.counts import Counts
from core.llms.simulator.compatible.dialect import (
    WINDOW_EXCEEDED,
    Asking,
    Dialect,
    ErrorReply,
    Errors,
    Saying,
    Streaming,
    Telling,
)
from core.llms.simulator.compatible.errors import dotted, is_shape, nested
from core.llms.simulator.compatible.models import HostedModel, chat_model
from core.llms.simulator.compatible.responses import Responding
from core.llms.simulator.compatible.thinking import FieldThinking
from core.llms.simulator.compatible.vocabulary import common, messages, response_format
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import boolean, integer, nullable, record, text

if TYPE_CHECKING:
    from core.llms.simulator.openai.chat import Completion

_EFFORTS = ("none", "low", "high", "max")
_FIELDS = {
    **common(
        "model",
        "temperature",
        "top_p",
        "max_tokens",
        "stop",
        "stream",
        "stream_options",
        "presence_penalty",
        "frequency_penalty",
        "logprobs",
        "top_logprobs",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
    ),
    "messages": messages(
        assistant={"reasoning_content": nullable(text()), "prefix": nullable(boolean())},
        call={"index": nullable(integer())},
    ),
    "response_format": response_format("text", "json_object", "json_schema"),
    "reasoning_effort": nullable(text(choices=("low", "medium", "high", "xhigh", "max"))),
    "thinking": nullable(record({"type": text(choices=("enabled", "disabled", "adaptive"))}, ("type",))),
}


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    switch = (body.get("thinking") or {}).get("type")
    if switch == "disabled":
        return "none"
    usual = model.default_effort if switch is None else "high"
    return body.get("reasoning_effort") or usual


def _check(body: dict[str, Any], model: HostedModel) -> None:
    if (body.get("response_format") or {}).get("type") == "json_schema":
        raise ApiError("This response_format type is unavailable now")
    if model.images is None:
        _refuse_images(body)
    if _effort(body, model) == "none":
        return
    for message in body["messages"]:
        if message.get("tool_calls") and message.get("reasoning_content") is None:
            raise ApiError("The `reasoning_content` in the thinking mode must be passed back to the API.")


def _refuse_images(body: dict[str, Any]) -> None:
    for index, message in enumerate(body["messages"]):
        parts = message.get("content")
        if isinstance(parts, list) and any(part["type"] == "image_url" for part in parts):
            raise ApiError(f"{_CANNOT_READ}messages[{index}]: unknown variant `image_url`, expected `text`")


_CANNOT_READ = "Failed to deserialize the JSON body into the target type: "


def _usage(completion: Completion) -> dict[str, Any]:
    counts = Counts.of(completion)
    usage = counts.usual | counts.cached_details
    if counts.thought:
        usage["completion_tokens_details"] = {"reasoning_tokens": counts.thought}
    missed = counts.prompt - counts.cached
    return usage | {"prompt_cache_hit_tokens": counts.cached, "prompt_cache_miss_tokens": missed}


def _print(body: dict[str, Any], completion: Completion, *_: Any) -> dict[str, Any]:
    return body | {"system_fingerprint": f"fp_{completion.created:010x}_simulated"}


def _render(error: ApiError) -> ErrorReply:
    if is_shape(error):
        error = ApiError(f"{_CANNOT_READ}{dotted(error)}: {error.message}", status=error.status)
    code = "invalid_request_error" if error.status < 402 else error.code or error.type
    return ErrorReply(error.status, nested(error, param=None, code=code))


DIALECT = Dialect(
    provider="deepseek",
    prefix="/deepseek",
    root="",
    keys=("DEEPSEEK_API_KEY",),
    address="DEEPSEEK_BASE_URL",
    own_key="sk-deepseek-simulator",
    models=(
        chat_model("deepseek-flash", 1_000_000, 393_216, sees=True, efforts=_EFFORTS, thinks="high"),
        chat_model("deepseek-v4-pro", 1_000_000, 393_216, efforts=_EFFORTS, thinks="high"),
        chat_model("deepseek-v4-flash", 1_000_000, 393_216, sees=True, efforts=_EFFORTS, thinks="high"),
        chat_model("deepseek-chat", 131_072, 8_192, efforts=_EFFORTS, thinks="none", answers_as="deepseek-v4-flash"),
        chat_model(
            "deepseek-reasoner", 131_072, 65_536, efforts=_EFFORTS, thinks="high", answers_as="deepseek-v4-flash"
        ),
    ),
    asking=Asking(fields=_FIELDS, ignores_unknown=True, effort=_effort, check=_check),
    telling=Telling(
        completion_id="{uuid}",
        call_id="call_{index}_{letters:20}",
        thinking=lambda body: FieldThinking("reasoning_content", (("content", None),)),
        choice={"logprobs": None},
        beside_calls="",
        numbers_calls=True,
        usage=_usage,
        dress=_print,
        dress_chunk=_print,
    ),
    streaming=Streaming(ending={"content": ""}, usage="at_end_asked"),
    errors=Errors(
        no_key=Saying(401, "Authentication Fails (auth header format should be Bearer sk-...)", "authentication_error"),
        bad_key=Saying(401, "Authentication Fails, Your api key: {key} is invalid", "authentication_error"),
        no_model=Saying(400, "Model Not Exist"),
        no_path=Saying(404, "Error request, response status: 404"),
        too_long=WINDOW_EXCEEDED,
        limited=Saying(429, "Rate limit reached", "rate_limit_error", "rate_limit_error"),
        others={
            400: Saying(400, "The request was invalid."),
            402: Saying(402, "Insufficient Balance", "unknown_error", "invalid_request_error"),
            404: Saying(404, "Error request, response status: 404"),
            422: Saying(422, "The parameters were invalid."),
            500: Saying(500, "Internal Server Error", "server_error", "server_error"),
            503: Saying(503, "Service is too busy.", "service_unavailable_error", "service_unavailable_error"),
        },
        render=_render,
    ),
    request_ids={"x-ds-trace-id": "{hex:32}"},
    card=lambda model: {"id": model.name, "object": "model", "owned_by": "deepseek"},
    responses=Responding(keeps=False, open_thoughts=True),
)

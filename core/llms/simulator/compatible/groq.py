"""The simulated Groq.

Fields: groq 1.7.0. Replies, chunks, headers and the errors of a stream, of keys and of models: recorded exchanges, 2024
to 2026. That unknown fields are refused at any depth, and in which words: reports of its users, 2025 and 2026. Models:
models.dev of 2026-09-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.counts import Counts
from core.llms.simulator.compatible.dialect import Asking, Dialect, ErrorReply, Errors, Saying, Streaming, Telling
from core.llms.simulator.compatible.limits import limit_headers
from core.llms.simulator.compatible.models import HostedModel, chat_model
from core.llms.simulator.compatible.rules import check_effort
from core.llms.simulator.compatible.thinking import HIDDEN, FieldThinking, TextThinking
from core.llms.simulator.compatible.vocabulary import ROLES, common, messages, path_of
from core.llms.simulator.exchange import server_sent_event
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import array, boolean, nullable, schema_object, text

if TYPE_CHECKING:
    from core.llms.simulator.compatible.thinking import ThinkingStyle
    from core.llms.simulator.openai.chat import Completion

_OPEN = ("low", "medium", "high")
_UNSUPPORTED = ("frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "logit_bias")
_PARSED = FieldThinking("reasoning", (("channel", "analysis"),))
_FIELDS = {
    **common(
        "model",
        "temperature",
        "top_p",
        "max_tokens",
        "max_completion_tokens",
        "stop",
        "seed",
        "n",
        "stream",
        "stream_options",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "response_format",
        "user",
        *_UNSUPPORTED,
    ),
    "messages": messages(assistant={"reasoning": nullable(text())}, roles=(*ROLES, "developer")),
    "reasoning_effort": nullable(text(choices=("none", "default", *_OPEN))),
    "reasoning_format": nullable(text(choices=("hidden", "raw", "parsed"))),
    "include_reasoning": nullable(boolean()),
    "service_tier": nullable(text(choices=("auto", "on_demand", "flex", "performance"))),
    "citation_options": nullable(text(choices=("enabled", "disabled"))),
    "compound_custom": nullable(schema_object()),
    "disable_tool_validation": boolean(),
    "documents": nullable(array(schema_object())),
    "search_settings": nullable(schema_object()),
    "include_domains": nullable(array(text())),
    "exclude_domains": nullable(array(text())),
}


def _check(body: dict[str, Any], model: HostedModel) -> None:
    for name in _UNSUPPORTED:
        if body.get(name):
            raise ApiError(f"`{name}` is not supported with this model")
    if (body.get("n") or 1) != 1:
        raise ApiError("'n' : number must be at most 1")
    if body.get("include_reasoning") is not None and body.get("reasoning_format") is not None:
        raise ApiError("cannot specify both `include_reasoning` and `reasoning_format`")
    if body.get("reasoning_format") is not None and not model.efforts:
        raise ApiError("`reasoning_format` is not supported with this model")
    check_effort({} if body.get("reasoning_effort") == "default" else body, model)
    for index, message in enumerate(body["messages"]):
        if message.get("reasoning") is not None and not model.efforts:
            raise ApiError(f"messages[{index}].reasoning: reasoning is not supported with this model")


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    effort = body.get("reasoning_effort")
    return model.default_effort if effort in (None, "default") else effort


def _thinking(body: dict[str, Any]) -> ThinkingStyle:
    """Qwen writes its thoughts into the text unless it is asked for another format."""
    form = body.get("reasoning_format")
    if body.get("include_reasoning") is False or form == "hidden":
        return HIDDEN
    raw = form == "raw" or (form is None and body["model"].startswith("qwen/"))
    return TextThinking() if raw and not body.get("tools") else _PARSED


def _usage(completion: Completion) -> dict[str, Any]:
    counts = Counts.of(completion)
    asked, told = round(counts.prompt * 1e-4, 6), round(counts.written * 2e-3, 6)
    usage: dict[str, Any] = {
        "queue_time": 0.004991,
        "prompt_time": asked,
        "completion_time": told,
        "total_time": round(asked + told, 6),
        **counts.usual,
    }
    if counts.cached:
        usage |= counts.cached_details
    if counts.thought:
        usage["completion_tokens_details"] = {"reasoning_tokens": counts.thought}
    return usage


def _own_id(completion: Completion) -> str:
    return f"req_01{completion.id[-24:].lower()}"


def _dress(body: dict[str, Any], completion: Completion) -> dict[str, Any]:
    return body | {
        "usage_breakdown": None,
        "system_fingerprint": f"fp_{completion.created:010x}",
        "x_groq": {"id": _own_id(completion), "seed": 1},
        "service_tier": completion.request.get("service_tier") or "on_demand",
    }


def _dress_chunk(chunk: dict[str, Any], completion: Completion, ends: bool) -> dict[str, Any]:
    """Usage is in `x_groq` of the last choice's end in any case, beside it when asked for, and in a chunk behind it."""
    chunk["system_fingerprint"] = f"fp_{completion.created:010x}"
    opens = bool(chunk["choices"]) and "role" in chunk["choices"][0]["delta"]
    if opens:
        chunk["x_groq"] = {"id": _own_id(completion), "seed": 1}
    if ends:
        usage = _usage(completion)
        chunk["x_groq"] = {"id": _own_id(completion), "usage": usage}
        if (completion.request.get("stream_options") or {}).get("include_usage"):
            chunk["usage"] = usage
    if not chunk["choices"]:
        chunk["service_tier"] = completion.request.get("service_tier") or "on_demand"
    return chunk


def _render(error: ApiError) -> ErrorReply:
    message = error.message
    if error.code == "unknown_parameter" and error.param is not None:
        message = _unsupported_property(error.param)
    shown: dict[str, Any] = {"message": message, "type": error.type}
    if error.code not in (None, "unknown_parameter", "invalid_type", "missing_required_parameter", "invalid_value"):
        shown["code"] = error.code
    return ErrorReply(error.status, {"error": shown})


def _unsupported_property(param: str) -> str:
    steps = path_of(param)
    if len(steps) == 1:
        return f"property '{param}' is unsupported"
    place = ".".join(str(step) for step in steps[:-1])
    return f"'{place}' : property '{steps[-1]}' is unsupported"


def _event(body: dict[str, Any]) -> bytes:
    return server_sent_event({"error": body["error"] | {"status_code": 500}}, "error")


DIALECT = Dialect(
    provider="groq",
    prefix="/groq",
    root="/openai/v1",
    keys=("GROQ_API_KEY",),
    address="GROQ_BASE_URL",
    address_is_host=True,
    own_key="gsk_simulator",
    models=(
        chat_model("openai/gpt-oss-120b", 131_072, 65_536, efforts=_OPEN, thinks="medium"),
        chat_model("openai/gpt-oss-20b", 131_072, 65_536, efforts=_OPEN, thinks="medium"),
        chat_model("qwen/qwen3.8-27b", 131_072, 16_384, sees=True, efforts=("none", *_OPEN), thinks="medium"),
        chat_model("llama-3.3-70b-versatile", 131_072, 32_768, json_schema=False),
        chat_model("llama-3.1-8b-instant", 131_072, 131_072, json_schema=False),
        chat_model("meta-llama/llama-4-scout-17b-16e-instruct", 131_072, 8_192, sees=True),
    ),
    retired=frozenset({"mixtral-8x7b-32768", "llama3-70b-8192", "llama3-8b-8192", "gemma2-9b-it"}),
    asking=Asking(fields=_FIELDS, check=_check, effort=_effort, strict_schemas=True),
    telling=Telling(
        completion_id="chatcmpl-{uuid}",
        call_id="fc_{uuid}",
        thinking=_thinking,
        choice={"logprobs": None},
        beside_calls=...,
        usage=_usage,
        dress=_dress,
        dress_chunk=_dress_chunk,
    ),
    streaming=Streaming(whole_calls=True),
    errors=Errors(
        no_key=Saying(401, "Invalid API Key", code="invalid_api_key"),
        bad_key=Saying(401, "Invalid API Key", code="invalid_api_key"),
        no_model=Saying(
            404, "The model `{model}` does not exist or you do not have access to it.", code="model_not_found"
        ),
        retired=Saying(
            400,
            "The model `{model}` has been decommissioned and is no longer supported. Please refer to "
            "https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.",
            code="model_decommissioned",
        ),
        no_path=Saying(404, "Unknown request URL: {path}. Please check the URL for typos.", code="unknown_url"),
        too_long=Saying(400, "Please reduce the length of the messages or completion.", code="context_length_exceeded"),
        limited=Saying(
            429,
            "Rate limit reached for model in organization `org_simulated` service tier `on_demand`. Please try again "
            "later.",
            type="requests",
            code="rate_limit_exceeded",
        ),
        others={
            400: Saying(400, "The request was invalid."),
            403: Saying(403, "Access denied. Please check your network settings."),
            413: Saying(413, "Request too large for model.", type="tokens", code="rate_limit_exceeded"),
            422: Saying(422, "The request could not be processed."),
            498: Saying(498, "The flex tier has no capacity.", type="flex_tier", code="capacity_exceeded"),
            500: Saying(500, "Internal Server Error", type="internal_server_error"),
            503: Saying(503, "Service Unavailable", type="internal_server_error"),
        },
        render=_render,
        event=_event,
    ),
    request_ids={"x-request-id": "req_{lower:26}"},
    limits=limit_headers(
        {
            "x-ratelimit-limit-requests": "14400",
            "x-ratelimit-limit-tokens": "30000",
            "x-ratelimit-remaining-requests": "14399",
            "x-ratelimit-remaining-tokens": "29987",
            "x-ratelimit-reset-requests": "6s",
            "x-ratelimit-reset-tokens": "26ms",
        },
        "x-ratelimit-limit-{kind}",
        "x-ratelimit-remaining-{kind}",
        "x-ratelimit-reset-{kind}",
    ),
    card=lambda model: {
        "id": model.name,
        "object": "model",
        "created": model.created,
        "owned_by": "simulated",
        "active": True,
        "context_window": model.context_window,
        "public_apps": None,
        "max_completion_tokens": model.max_output,
    },
)

"""The simulated Cerebras.

Fields: cerebras-cloud-sdk 1.91.0. Replies and the list of models: recorded exchanges, 2025 and 2026; chunks, whose
usage is with the last of them: recorded by way of a router, 2025. That unknown fields are refused, and in which words:
reports of its users of 2026. The words of the other errors are assumed. Models: models.dev of 2026-09-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.counts import Counts
from core.llms.simulator.compatible.dialect import Asking, Dialect, ErrorReply, Errors, Saying, Streaming, Telling
from core.llms.simulator.compatible.errors import dotted, is_shape
from core.llms.simulator.compatible.limits import limit_headers
from core.llms.simulator.compatible.models import HostedModel, chat_model
from core.llms.simulator.compatible.rules import check_effort
from core.llms.simulator.compatible.thinking import HIDDEN, FieldThinking, TextThinking
from core.llms.simulator.compatible.vocabulary import ROLES, everything_but, messages
from core.llms.simulator.exchange import server_sent_event
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import boolean, decimal, integer, nullable, schema_object, text

if TYPE_CHECKING:
    from core.llms.simulator.compatible.thinking import ThinkingStyle
    from core.llms.simulator.openai.chat import Completion

_EFFORTS = ("none", "low", "medium", "high")
_FIELDS = {
    **everything_but("messages", "top_k", "min_p", "repetition_penalty", "metadata", "temperature", "service_tier"),
    "messages": messages(assistant={"reasoning": nullable(text())}, roles=(*ROLES, "developer"), tells_role=True),
    "temperature": nullable(decimal(0, 1.5)),
    "service_tier": nullable(text(choices=("auto", "default", "flex", "priority"))),
    "reasoning_effort": nullable(text(choices=_EFFORTS)),
    "reasoning_format": text(choices=("none", "parsed", "text_parsed", "raw", "hidden")),
    "disable_reasoning": nullable(boolean()),
    "clear_thinking": nullable(boolean()),
    "min_tokens": nullable(integer(0)),
    "min_completion_tokens": nullable(integer(0)),
    "prediction": nullable(schema_object()),
    "model_parameters": nullable(schema_object()),
}


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    return "none" if body.get("disable_reasoning") else body.get("reasoning_effort") or model.default_effort


def _check(body: dict[str, Any], model: HostedModel) -> None:
    if "developer" in [message["role"] for message in body["messages"]] and not model.name.startswith("gpt-oss"):
        raise ApiError("The role `developer` is only supported by gpt-oss models", code="wrong_api_format")
    check_effort(body, model)


def _thinking(body: dict[str, Any]) -> ThinkingStyle:
    match body.get("reasoning_format"):
        case "hidden":
            return HIDDEN
        case "raw":
            return TextThinking()
    return FieldThinking("reasoning")


def _usage(completion: Completion) -> dict[str, Any]:
    counts = Counts.of(completion)
    spoken = {"accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0, "reasoning_tokens": counts.thought}
    return counts.usual | counts.cached_details | {"completion_tokens_details": spoken}


def _times(completion: Completion) -> dict[str, Any]:
    asked, told = completion.usage["prompt_tokens"] * 1e-5, completion.usage["completion_tokens"] * 5e-4
    return {
        "queue_time": 0.0001,
        "prompt_time": round(asked, 6),
        "completion_time": round(told, 6),
        "total_time": round(asked + told + 0.0001, 6),
        "created": float(completion.created),
    }


def _dress(body: dict[str, Any], completion: Completion) -> dict[str, Any]:
    return body | {"system_fingerprint": f"fp_{completion.created:020x}", "time_info": _times(completion)}


def _dress_chunk(chunk: dict[str, Any], completion: Completion, ends: bool) -> dict[str, Any]:
    chunk["system_fingerprint"] = f"fp_{completion.created:020x}"
    return chunk | {"time_info": _times(completion)} if ends else chunk


def _render(error: ApiError) -> ErrorReply:
    if not is_shape(error):
        shown = {"message": error.message, "type": error.type, "param": error.param, "code": error.code}
        return ErrorReply(error.status, shown)
    place = dotted(error, "" if "[" in (error.param or "") else "body")
    words = f"property '{place}' is unsupported" if error.code == "unknown_parameter" else error.message
    shown = {"message": f"{place}: {words}", "type": "invalid_request_error"}
    return ErrorReply(400, shown | {"param": "validation_error", "code": "wrong_api_format"})


DIALECT = Dialect(
    provider="cerebras",
    prefix="/cerebras",
    root="/v1",
    keys=("CEREBRAS_API_KEY",),
    address="CEREBRAS_BASE_URL",
    address_is_host=True,
    own_key="csk-simulator",
    models=(
        chat_model("gpt-oss-120b", 131_072, 40_960, efforts=_EFFORTS[1:], thinks="medium"),
        chat_model("qwen-3.8-27b", 131_072, 40_960, sees=True, efforts=_EFFORTS, thinks="medium"),
        chat_model("zai-glm-4.7", 131_072, 40_960, efforts=_EFFORTS, thinks="medium"),
        chat_model("llama-3.3-70b", 128_000, 128_000),
    ),
    asking=Asking(fields=_FIELDS, effort=_effort, check=_check, strict_schemas=True),
    telling=Telling(
        completion_id="chatcmpl-{uuid}",
        call_id="{hex:9}",
        thinking=_thinking,
        beside_calls=...,
        usage=_usage,
        dress=_dress,
        dress_chunk=_dress_chunk,
    ),
    streaming=Streaming(nulls=False, whole_calls=True, usage="at_end"),
    errors=Errors(
        no_key=Saying(401, "Missing API Key", code="wrong_api_key"),
        bad_key=Saying(401, "Wrong API Key", code="wrong_api_key"),
        no_model=Saying(
            404,
            "Model {model} does not exist or you do not have access to it.",
            "not_found_error",
            "model_not_found",
        ),
        no_path=Saying(404, "Not Found", "not_found_error", "not_found"),
        too_long=Saying(
            400,
            "Please reduce the length of the messages or completion. Current length is {count} while limit is {limit}",
            code="context_length_exceeded",
        ),
        limited=Saying(
            429,
            "Requests per minute limit exceeded - too many requests sent.",
            "too_many_requests_error",
            "request_quota_exceeded",
        ),
        others={
            400: Saying(400, "The request was invalid.", code="wrong_api_format"),
            402: Saying(402, "Payment required.", "payment_required_error", "payment_required"),
            422: Saying(422, "The request could not be processed.", code="wrong_api_format"),
            500: Saying(500, "Encountered a server error, please try again.", "server_error"),
            503: Saying(503, "We're experiencing high traffic right now!", "too_many_requests_error", "queue_exceeded"),
        },
        render=_render,
        event=lambda body: server_sent_event({"error": body, "status_code": 500}),
    ),
    request_ids={"x-request-id": "{uuid}"},
    limits=limit_headers(
        {
            "x-ratelimit-limit-requests-day": "2880000",
            "x-ratelimit-limit-tokens-minute": "1000000",
            "x-ratelimit-remaining-requests-day": "2879999",
            "x-ratelimit-remaining-tokens-minute": "999900",
        },
        "x-ratelimit-limit-{kind}-minute",
        "x-ratelimit-remaining-{kind}-minute",
    ),
    card=lambda model: {"id": model.name, "object": "model", "created": 0, "owned_by": "Cerebras"},
)

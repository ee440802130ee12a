"""The simulated Fireworks AI.

Fields: fireworks-ai 1.2.30, and `stream_options`, which clients of today send. That unknown fields are refused, and in
which words, and what it says of a model that is not there: reports of its users, 2024 to 2026. The words of the other
errors, and where usage is in a stream (with the last chunk), are assumed. Any model's name below `accounts/` is taken.
Models: models.dev of 2026-09-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.counts import usual_usage
from core.llms.simulator.compatible.dialect import (
    Asking,
    Dialect,
    Embeddings,
    ErrorReply,
    Errors,
    Saying,
    Streaming,
    Telling,
)
from core.llms.simulator.compatible.errors import dotted, is_shape, own_code
from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.thinking import FieldThinking
from core.llms.simulator.compatible.vocabulary import embedding_fields, everything_but, messages
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import boolean, integer, mapping, nullable, one_of, record, schema_object, text

if TYPE_CHECKING:
    pass

_EFFORTS = ("none", "low", "medium", "high", "max")
_FIELDS = {
    **everything_but("messages", "metadata", "service_tier"),
    "messages": messages(assistant={"reasoning_content": nullable(text())}),
    "metadata": nullable(mapping(text())),
    "service_tier": text(choices=("auto", "default", "flex", "priority")),
    "reasoning_effort": nullable(one_of(text(choices=_EFFORTS), integer(0), boolean())),
    "reasoning_history": nullable(text(choices=("disabled", "interleaved", "preserved"))),
    "thinking": nullable(
        record({"type": text(choices=("enabled", "disabled")), "budget_tokens": integer(1)}, ("type",))
    ),
    "context_length_exceeded_behavior": text(choices=("error", "truncate")),
    "prompt_cache_isolation_key": nullable(text()),
    "prompt_truncate_len": nullable(integer(0)),
    "perf_metrics_in_response": nullable(boolean()),
    "raw_output": nullable(boolean()),
    "ignore_eos": boolean(),
    "echo": nullable(boolean()),
    "prediction": nullable(schema_object()),
}


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    effort = body.get("reasoning_effort")
    if effort is False or effort == 0 or (body.get("thinking") or {}).get("type") == "disabled":
        return "none"
    return effort if isinstance(effort, str) else model.default_effort


def _check(body: dict[str, Any], model: HostedModel) -> None:
    if body.get("reasoning_effort") is not None and body.get("thinking") is not None:
        raise ApiError("Only one of `reasoning_effort` and `thinking` can be given")
    effort = body.get("reasoning_effort")
    if isinstance(effort, str) and effort not in model.efforts:
        raise ApiError(f"reasoning_effort '{effort}' is not supported by this model")


def _render(error: ApiError) -> ErrorReply:
    if error.status == 404:
        shown = {"message": error.message, "param": "model", "code": error.code, "type": "error"}
        return ErrorReply(404, {"error": shown})
    message = error.message
    if error.code == "unknown_parameter":
        message = f"Extra inputs are not permitted, field: '{dotted(error)}', value: None"
    elif is_shape(error):
        message = f"{error.message}, field: '{dotted(error)}'"
    code = own_code(error) or error.type
    shown = {"object": "error", "type": error.type, "code": code, "message": message}
    return ErrorReply(error.status, {"error": shown})


def _card(model: HostedModel) -> dict[str, Any]:
    return {
        "id": model.name,
        "object": "model",
        "owned_by": "fireworks",
        "created": model.created,
        "kind": "HF_BASE_MODEL" if model.kind == "chat" else "EMBEDDING_MODEL",
        "supports_chat": model.kind == "chat",
        "supports_image_input": model.images is not None,
        "supports_tools": model.tools,
        "context_length": model.context_window,
    }


_MODELS = "accounts/fireworks/models"
DIALECT = Dialect(
    provider="fireworks",
    prefix="/fireworks",
    root="/inference/v1",
    keys=("FIREWORKS_API_KEY",),
    address="FIREWORKS_BASE_URL",
    address_is_host=True,
    own_key="fw_simulator",
    models=(
        chat_model(f"{_MODELS}/glm-5p3", 1_048_573, 262_144, efforts=("low", "high", "max"), thinks="high"),
        chat_model(f"{_MODELS}/kimi-k3", 1_048_576, 131_072, sees=True, efforts=_EFFORTS, thinks="high"),
        chat_model(
            f"{_MODELS}/deepseek-v4p1-flash",
            1_000_000,
            384_000,
            sees=True,
            efforts=("none", "low", "high", "max"),
            thinks="high",
        ),
        chat_model(f"{_MODELS}/gpt-oss-120b", 131_072, 32_768, efforts=("low", "medium", "high"), thinks="medium"),
        embedding_model(f"{_MODELS}/qwen3-embedding-8b", 40_960, 4_096, shortens=True),
        embedding_model("fireworks/qwen3-embedding-8b", 40_960, 4_096, shortens=True),
        embedding_model("nomic-ai/nomic-embed-text-v1.5", 8_192, 768, shortens=True),
    ),
    owners=("accounts/",),
    asking=Asking(fields=_FIELDS, effort=_effort, check=_check),
    telling=Telling(
        completion_id="{uuid}",
        call_id="call_{letters:24}",
        thinking=lambda body: FieldThinking("reasoning_content"),
        numbers_calls=True,
        usage=usual_usage,
    ),
    streaming=Streaming(usage="at_end"),
    errors=Errors(
        no_key=Saying(401, "The API key was not provided.", "error", "UNAUTHORIZED"),
        bad_key=Saying(401, "The API key you provided is invalid.", "error", "UNAUTHORIZED"),
        no_model=Saying(404, "Model not found, inaccessible, and/or not deployed", "error", "NOT_FOUND"),
        no_path=Saying(404, "Path not found", "error", "NOT_FOUND"),
        too_long=Saying(
            400,
            "The prompt is too long: {count}, model maximum context length: {limit}",
        ),
        limited=Saying(429, "Request rate limit exceeded", "rate_limit_exceeded", "RATE_LIMIT_EXCEEDED"),
        others={
            400: Saying(400, "The request was invalid."),
            402: Saying(402, "The account is suspended for lack of credits.", "error", "PAYMENT_REQUIRED"),
            412: Saying(412, "The account is suspended.", "error", "PRECONDITION_FAILED"),
            422: Saying(422, "The request could not be processed."),
            500: Saying(500, "Internal server error", "internal_server_error"),
            503: Saying(503, "Service overloaded", "service_unavailable"),
        },
        render=_render,
    ),
    request_ids={"x-request-id": "{uuid}"},
    card=_card,
    embeddings=Embeddings(
        fields={
            **embedding_fields(),
            "prompt_template": nullable(text()),
            "normalize": nullable(boolean()),
        }
    ),
)

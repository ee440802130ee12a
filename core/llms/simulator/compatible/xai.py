"""The simulated xAI: Responses, its main API, and chat completions.

Replies, chunks, headers, a bad key's status 400 and an overload: recorded exchanges of 2026. That reasoning models take
neither penalties nor `stop`, the words for a prompt that is too long, and those of a body that cannot be read: reports
of its users, 2025 and 2026. Whether it refuses unknown fields is not known: they are ignored. Models and prices:
models.dev of 2026-09-30; a cost is told in ticks of 1e-10 USD. The list of language models: its OpenAPI description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.counts import Counts
from core.llms.simulator.compatible.dialect import Asking, Dialect, ErrorReply, Errors, Saying, Streaming, Telling
from core.llms.simulator.compatible.errors import dotted, is_shape
from core.llms.simulator.compatible.limits import limit_headers
from core.llms.simulator.compatible.models import HostedModel, chat_model
from core.llms.simulator.compatible.responses import Responding
from core.llms.simulator.compatible.rules import check_effort
from core.llms.simulator.compatible.thinking import FieldThinking
from core.llms.simulator.compatible.vocabulary import ROLES, everything_but, messages
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import boolean, nullable, schema_object, text

if TYPE_CHECKING:
    from core.llms.simulator.openai.chat import Completion

_TICKS = 10**10
_EFFORTS = ("low", "medium", "high", "xhigh")
_BAD_ARGUMENT = "Client specified an invalid argument"
_FIELDS = {
    **everything_but("messages", "top_k", "min_p", "repetition_penalty", "prompt_cache_key", "metadata"),
    "messages": messages(
        assistant={"reasoning_content": nullable(text()), "refusal": nullable(text())},
        roles=(*ROLES, "developer"),
    ),
    "reasoning_effort": nullable(text(choices=("none", *_EFFORTS))),
    "search_parameters": nullable(schema_object()),
    "deferred": nullable(boolean()),
}


def _check(body: dict[str, Any], model: HostedModel) -> None:
    spoken = {"presence_penalty": "presencePenalty", "frequency_penalty": "frequencyPenalty", "stop": "stop"}
    for name, said in spoken.items():
        if body.get(name) is not None:
            message = f"Model {model.name} does not support parameter {said}."
            raise ApiError(message, code=_BAD_ARGUMENT)
    check_effort(body, model)


def _ticks(model: HostedModel, prompt: int, cached: int, completion: int) -> int:
    return round(sum(model.usd(prompt, cached, completion)) * _TICKS)


def _usage(completion: Completion) -> dict[str, Any]:
    """Thoughts count beside the completion, not in it."""
    counts = Counts.of(completion)
    asked = {"text_tokens": counts.prompt, "audio_tokens": 0, "image_tokens": 0, "cached_tokens": counts.cached}
    return {
        **counts.usual,
        "completion_tokens": counts.written - counts.thought,
        "prompt_tokens_details": asked,
        "completion_tokens_details": {
            "reasoning_tokens": counts.thought,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
        "num_sources_used": 0,
        "cost_in_usd_ticks": _ticks(counts.model, counts.prompt, counts.cached, counts.written),
    }


def _response_usage(usage: dict[str, Any], model: HostedModel, searches: int) -> dict[str, Any]:
    cached = usage["input_tokens_details"]["cached_tokens"]
    return usage | {
        "input_tokens_details": {"cached_tokens": cached},
        "num_sources_used": 0,
        "num_server_side_tools_used": searches,
        "cost_in_usd_ticks": _ticks(model, usage["input_tokens"], cached, usage["output_tokens"]),
    }


def _print(body: dict[str, Any], completion: Completion, *_: Any) -> dict[str, Any]:
    return body | {"system_fingerprint": f"fp_{completion.created:010x}"}


def _render(error: ApiError) -> ErrorReply:
    if is_shape(error):
        message = f"Failed to deserialize the JSON body into the target type: {dotted(error)}: {error.message}"
        return ErrorReply(422, message, "text/plain; charset=utf-8")
    return ErrorReply(error.status, {"code": error.code or _BAD_ARGUMENT, "error": error.message})


def _card(model: HostedModel) -> dict[str, Any]:
    return {"id": model.name, "created": model.created, "object": "model", "owned_by": "xai"}


def _language_card(model: HostedModel) -> dict[str, Any]:
    """An entry of `/v1/language-models`; prices are US cents for a hundred million tokens."""
    fresh, kept, written = (round(price * 10_000) for price in model.prices)
    return _card(model) | {
        "fingerprint": f"fp_{model.created:010x}",
        "version": "1.0",
        "input_modalities": ["text", "image"] if model.images is not None else ["text"],
        "output_modalities": ["text"],
        "prompt_text_token_price": fresh,
        "cached_prompt_text_token_price": kept,
        "prompt_image_token_price": fresh,
        "completion_text_token_price": written,
        "search_price": 250_000_000,
        "aliases": list(model.aliases),
    }


def _grok(name: str, efforts: tuple[str, ...], cached: float, thinks: str = "low") -> HostedModel:
    return chat_model(
        name,
        500_000,
        500_000,
        sees=True,
        efforts=efforts,
        thinks=thinks,
        prices=(2.0, cached, 6.0),
        aliases=(f"{name}-latest",),
    )


DIALECT = Dialect(
    provider="xai",
    prefix="/xai",
    root="/v1",
    keys=("XAI_API_KEY",),
    address="XAI_BASE_URL",
    own_key="xai-simulator",
    models=(
        _grok("grok-4.7", _EFFORTS, 0.5),
        _grok("grok-4.6", _EFFORTS, 0.5),
        _grok("grok-4.5", _EFFORTS[:3], 0.3),
        chat_model(
            "grok-4.3",
            1_000_000,
            30_000,
            sees=True,
            efforts=("none", *_EFFORTS[:3]),
            thinks="low",
            prices=(1.25, 0.2, 2.5),
            aliases=("grok-4.3-latest",),
        ),
    ),
    asking=Asking(fields=_FIELDS, ignores_unknown=True, check=_check),
    telling=Telling(
        completion_id="{uuid}",
        call_id="call_{digits:8}",
        thinking=lambda body: FieldThinking("reasoning_content"),
        message={"refusal": None},
        beside_calls="",
        usage=_usage,
        dress=_print,
        dress_chunk=_print,
    ),
    streaming=Streaming(role="first", nulls=False, whole_calls=True),
    errors=Errors(
        no_key=Saying(
            401,
            "No API key provided. You can obtain an API key from https://console.x.ai.",
            code="Unauthenticated",
        ),
        bad_key=Saying(
            400,
            "Incorrect API key provided. You can obtain an API key from https://console.x.ai.",
            code="invalid-argument",
        ),
        no_model=Saying(
            404,
            "The model {model} does not exist or your team does not have access to it.",
            code="Some requested entity was not found",
        ),
        no_path=Saying(404, "Not Found", code="Some requested entity was not found"),
        too_long=Saying(
            400,
            "This model's maximum prompt length is {limit} but the request contains {count} tokens.",
            code=_BAD_ARGUMENT,
        ),
        limited=Saying(
            429, "Too many requests: the limit of your team was reached.", code="Some resource has been exhausted"
        ),
        others={
            400: Saying(400, "The request was invalid.", code=_BAD_ARGUMENT),
            401: Saying(401, "No API key provided.", code="Unauthenticated"),
            403: Saying(
                403,
                "Access denied.",
                code="The caller does not have permission to execute the specified operation",
            ),
            422: Saying(422, "Failed to deserialize the JSON body into the target type", code="invalid_type"),
            500: Saying(500, "Internal error.", code="Internal error"),
            503: Saying(
                503,
                "Service temporarily unavailable. The model is at capacity and currently cannot serve this request. "
                "Please try again later.",
                code="The service is currently unavailable",
            ),
        },
        render=_render,
    ),
    request_ids={"x-request-id": "{uuid}"},
    limits=limit_headers(
        {
            "x-ratelimit-limit-requests": "1800",
            "x-ratelimit-limit-tokens": "10000000",
            "x-ratelimit-remaining-requests": "1800",
            "x-ratelimit-remaining-tokens": "10000000",
        },
        "x-ratelimit-limit-{kind}",
        "x-ratelimit-remaining-{kind}",
    ),
    card=_card,
    language_card=_language_card,
    responses=Responding(usage=_response_usage),
)

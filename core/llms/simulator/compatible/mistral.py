"""The simulated Mistral.

Fields: mistralai 3.7.0. Replies, chunks, headers, lists and most errors: recorded exchanges, 2025 and 2026. That
unknown fields are refused with status 422, and the words about the ids of calls and about the order of messages:
reports of its users, 2025 and 2026. Models: models.dev of 2026-09-30.
"""

from __future__ import annotations

import re
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
from core.llms.simulator.compatible.limits import limit_headers
from core.llms.simulator.compatible.mistral_fields import FIELDS, normalize
from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.thinking import BlockThinking
from core.llms.simulator.compatible.vocabulary import embedding_fields, path_of
from core.llms.simulator.openai.chat_stream import obfuscation
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import nullable, schema_object, text

if TYPE_CHECKING:
    from core.llms.simulator.openai.chat import Completion

_CALL_ID = re.compile("[a-zA-Z0-9]{9}")
_EMBEDDING_FIELDS = {
    **embedding_fields("output_dimension"),
    "metadata": nullable(schema_object()),
    "output_dtype": nullable(text(choices=("float", "int8", "uint8", "binary", "ubinary"))),
}
_SHAPE_TYPES = {
    "unknown_parameter": ("extra_forbidden", "Extra inputs are not permitted"),
    "missing_required_parameter": ("missing", "Field required"),
}
_SHAPE_CODES = ("invalid_type", "invalid_value", "empty_array")


def _check(body: dict[str, Any], model: HostedModel) -> None:
    if body.get("logprobs"):
        raise ApiError("Logprobs are not enabled for this model", type="invalid_request_invalid_args", code="3051")
    effort = body.get("reasoning_effort")
    if effort is not None and effort not in model.efforts:
        message = f"Reasoning effort '{effort}' is not supported for this model"
        raise ApiError(message, type="invalid_request_invalid_args", code="3051")
    for message in body["messages"]:
        for call in message.get("tool_calls") or ():
            _check_call_id(call["id"])
        if message["role"] == "tool":
            _check_call_id(message["tool_call_id"])
    if body["messages"][-1]["role"] == "assistant" and not body["messages"][-1].get("prefix"):
        said = "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant"
        raise ApiError(said, type="invalid_request_message_order", code="3230")


def _check_call_id(identifier: str) -> None:
    if _CALL_ID.fullmatch(identifier) is None:
        said = f"Tool call id was {identifier} but must be a-z, A-Z, 0-9, with a length of 9."
        raise ApiError(said, type="invalid_function_call", code="3280")


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    if body.get("prompt_mode") == "reasoning":
        return "high"
    return body.get("reasoning_effort") or model.default_effort


def _usage(completion: Completion) -> dict[str, Any]:
    return usual_usage(completion) | {"service_tier": completion.request.get("service_tier") or "standard"}


def _dress_chunk(chunk: dict[str, Any], completion: Completion, ends: bool) -> dict[str, Any]:
    return chunk | {"p": obfuscation(str(chunk["choices"]))}


def _render(error: ApiError) -> ErrorReply:
    if error.status == 401:
        return ErrorReply(401, {"detail": error.message})
    code = error.code or ""
    if code in _SHAPE_TYPES or code in _SHAPE_CODES or code.endswith(("_value", "_length", "_properties")):
        kind, words = _SHAPE_TYPES.get(code, (code, error.message))
        words = words if error.param else error.message
        place = ["body", *path_of(error.param or "")]
        return ErrorReply(422, {"detail": [{"type": kind, "loc": place, "msg": words, "input": None}]})
    shown = {"object": "error", "message": error.message, "type": error.type, "param": None, "code": error.code}
    if error.code is None and error.param is not None and error.param.startswith("messages"):
        shown |= {"type": "invalid_request_message_order", "code": "3230"}
    return ErrorReply(error.status, shown | {"raw_status_code": error.status})


def _card(model: HostedModel) -> dict[str, Any]:
    chat = model.kind == "chat"
    return {
        "id": model.name,
        "object": "model",
        "created": model.created,
        "owned_by": "mistralai",
        "capabilities": {
            "completion_chat": chat,
            "function_calling": chat,
            "reasoning": model.reasons,
            "completion_fim": model.name.startswith("codestral"),
            "fine_tuning": False,
            "vision": model.images is not None,
            "ocr": False,
            "classification": False,
            "moderation": False,
            "audio": model.audio,
        },
        "name": model.name,
        "description": "A simulated model.",
        "max_context_length": model.context_window,
        "aliases": list(model.aliases),
        "deprecation": None,
        "deprecation_replacement_model": None,
        "default_model_temperature": 0.3 if chat else None,
        "type": "base",
    }


def _listing(cards: list[dict[str, Any]]) -> dict[str, Any]:
    """Every model, and again by each of its other names."""
    data = [card | {"id": name} for card in cards for name in (card["id"], *card["aliases"])]
    return {"object": "list", "data": data}


def _dress_embeddings(body: dict[str, Any], model: HostedModel) -> dict[str, Any]:
    empty = {"prompt_audio_seconds": None, "request_count": None, "prompt_tokens_details": None}
    return {"id": "simulated"} | body | {"usage": body["usage"] | {"completion_tokens": 0} | empty}


DIALECT = Dialect(
    provider="mistral",
    prefix="/mistral",
    root="/v1",
    keys=("MISTRAL_API_KEY",),
    address="MISTRAL_BASE_URL",
    own_key="mistral-simulator",
    models=(
        chat_model(
            "mistral-large-4",
            1_048_576,
            262_144,
            sees=True,
            efforts=("low", "medium", "high"),
            aliases=("mistral-large-4-0",),
        ),
        chat_model(
            "mistral-medium-2604",
            262_144,
            262_144,
            sees=True,
            efforts=("none", "high"),
            aliases=("mistral-medium-3-5", "mistral-medium-3.5", "mistral-medium-latest"),
        ),
        chat_model(
            "mistral-small-2603",
            256_000,
            256_000,
            sees=True,
            efforts=("none", "high"),
            aliases=("mistral-small-latest",),
        ),
        chat_model("mistral-large-2512", 262_144, 262_144, sees=True, aliases=("mistral-large-latest",)),
        chat_model("ministral-8b-2512", 262_144, 262_144, sees=True, aliases=("ministral-8b-latest",)),
        chat_model("codestral-2508", 256_000, 8_192, aliases=("codestral-latest",)),
        chat_model(
            "magistral-medium-2509",
            131_072,
            131_072,
            sees=True,
            efforts=("high",),
            thinks="high",
            aliases=("magistral-medium-latest",),
        ),
        chat_model("voxtral-small-2507", 32_768, 32_768, hears=True, aliases=("voxtral-small-latest",)),
        embedding_model("mistral-embed", 8_192, 1_024),
        embedding_model("codestral-embed", 8_192, 1_536, shortens=True),
    ),
    asking=Asking(fields=FIELDS, check=_check, normalize=normalize, effort=_effort),
    telling=Telling(
        completion_id="{hex:32}",
        call_id="{letters:9}",
        thinking=lambda body: BlockThinking(),
        message={"tool_calls": None},
        beside_calls="",
        numbers_calls=True,
        echoes_model=True,
        usage=_usage,
        dress_chunk=_dress_chunk,
    ),
    streaming=Streaming(ending={"content": ""}, whole_calls=True, usage="at_end"),
    errors=Errors(
        no_key=Saying(401, "Unauthorized"),
        bad_key=Saying(401, "Invalid API Key"),
        no_model=Saying(400, "Invalid model: {model}", type="invalid_model", code="1500"),
        no_path=Saying(404, "no Route matched with those values"),
        too_long=Saying(
            400,
            "Prompt contains {count} tokens, too large for model with {limit} maximum context length",
            type="invalid_request_prompt",
            code="3051",
        ),
        limited=Saying(429, "Rate limit exceeded", type="rate_limited", code="1300"),
        others={
            400: Saying(400, "The request was invalid.", type="invalid_request_invalid_args", code="3051"),
            403: Saying(403, "Forbidden", type="forbidden", code="1000"),
            404: Saying(404, "Not found", type="not_found", code="1000"),
            422: Saying(422, "Field required", code="missing_required_parameter"),
            500: Saying(500, "Service unavailable.", type="internal_server_error", code="1000"),
            503: Saying(503, "Service unavailable.", type="service_unavailable", code="1000"),
        },
        render=_render,
    ),
    request_ids={"mistral-correlation-id": "{uuid}", "x-kong-request-id": "{uuid}"},
    limits=limit_headers(
        {
            "x-ratelimit-limit-tokens-minute": "2000000",
            "x-ratelimit-remaining-tokens-minute": "1999891",
            "x-ratelimit-tokens-query-cost": "109",
            "x-ratelimit-limit-req-minute": "360",
            "x-ratelimit-remaining-req-minute": "359",
        },
        "x-ratelimit-limit-{kind}-minute",
        "x-ratelimit-remaining-{kind}-minute",
        requests="req",
    ),
    card=_card,
    listing=_listing,
    embeddings=Embeddings(fields=_EMBEDDING_FIELDS, dimensions="output_dimension", dress=_dress_embeddings),
)

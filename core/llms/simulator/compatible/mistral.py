"""The simulated Mistral.

Fields: mistralai 3.7.0. Replies, chunks, headers, lists and most errors: recorded exchanges, 2025 and 2026. That
unknown fields are refused with status 422, and the words about the ids of calls and about the order of messages:
reports of its users, 2025 and 2026. Models: models.dev of 2026-09-30.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

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
from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.thinking import BlockThinking
from core.llms.simulator.compatible.vocabulary import (
    IMAGE_URL,
    TEXT,
    common,
    messages,
    path_of,
    response_format,
    tool_choice,
)
from core.llms.simulator.openai.chat_stream import obfuscation
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import (
    array,
    boolean,
    decimal,
    integer,
    nullable,
    one_of,
    record,
    schema_object,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.openai.chat import Completion
    from core.llms.simulator.openai.fields import Rule

_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_CALL_ID = re.compile("[a-zA-Z0-9]{9}")
_THINKING = record(
    {
        "type": text(),
        "thinking": array(schema_object()),
        "signature": nullable(text()),
        "closed": boolean(),
    },
    ("thinking",),
)
_DOCUMENT = record({"type": text(), "document_url": text(), "document_name": nullable(text())}, ("document_url",))
_IMAGE = record({"type": text(), "image_url": one_of(text(), IMAGE_URL)}, ("image_url",))
_SOUND = record({"type": text(), "input_audio": one_of(text(), schema_object())}, ("input_audio",))
_REFERENCE = record({"type": text(), "file_id": text()}, ("file_id",))
_PARTS: Mapping[str, Rule] = {
    "text": TEXT,
    "image_url": _IMAGE,
    "document_url": _DOCUMENT,
    "file": _REFERENCE,
    "input_audio": _SOUND,
    "thinking": _THINKING,
}
_FIELDS = {
    **common(
        "model",
        "top_p",
        "max_tokens",
        "n",
        "stream",
        "presence_penalty",
        "frequency_penalty",
        "repetition_penalty",
        "logprobs",
        "top_logprobs",
        "stop",
        "tools",
        "parallel_tool_calls",
        "metadata",
        "prompt_cache_key",
        "service_tier",
    ),
    "messages": messages(
        _PARTS,
        assistant={"prefix": boolean()},
        spoken=_PARTS,
        returned=_PARTS,
        call={"index": nullable(integer())},
        named=("tool",),
    ),
    "temperature": nullable(decimal(0, 1.5)),
    "top_k": nullable(integer(1)),
    "min_tokens": nullable(integer(0)),
    "random_seed": nullable(integer(0)),
    "tool_choice": tool_choice("auto", "none", "any", "required"),
    "response_format": response_format("text", "json_object", "json_schema"),
    "reasoning_effort": nullable(text(choices=_EFFORTS)),
    "prompt_mode": nullable(text(choices=("reasoning",))),
    "prompt_logprobs": nullable(boolean()),
    "top_prompt_logprobs": nullable(integer()),
    "prediction": nullable(schema_object()),
    "guardrails": nullable(array(schema_object())),
    "safe_prompt": boolean(),
}
_EMBEDDING_FIELDS = {
    "model": text(),
    "input": one_of(text(), array(text(), shortest=1)),
    "metadata": nullable(schema_object()),
    "output_dimension": nullable(integer(1)),
    "output_dtype": nullable(text(choices=("float", "int8", "uint8", "binary", "ubinary"))),
    "encoding_format": nullable(text(choices=("float", "base64"))),
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


def _normalize(body: dict[str, Any]) -> dict[str, Any]:
    plain = body | {"messages": [_plain_message(message) for message in body["messages"]]}
    if body.get("tool_choice") == "any":
        plain["tool_choice"] = "required"
    return plain


def _plain_message(message: dict[str, Any]) -> dict[str, Any]:
    """The message in OpenAI's form, without its thoughts."""
    if not isinstance(message.get("content"), list):
        return message
    parts = [_plain_part(part) for part in message["content"] if part["type"] != "thinking"]
    return message | {"content": parts or ""}


def _plain_part(part: dict[str, Any]) -> dict[str, Any]:
    match part["type"]:
        case "image_url" if isinstance(part["image_url"], str):
            return {"type": "image_url", "image_url": {"url": part["image_url"]}}
        case "document_url":
            return {"type": "file", "file": _plain_file(part)}
        case "file":
            return {"type": "file", "file": {"file_id": part["file_id"]}}
        case "input_audio":
            sound = part["input_audio"]
            return {
                "type": "input_audio",
                "input_audio": sound if isinstance(sound, dict) else {"data": sound, "format": "mp3"},
            }
    return part


def _plain_file(part: dict[str, Any]) -> dict[str, Any]:
    name = part.get("document_name") or "document"
    if part["document_url"].startswith("data:"):
        return {"file_data": part["document_url"], "filename": name}
    return {"file_id": part["document_url"], "filename": name}


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    if body.get("prompt_mode") == "reasoning":
        return "high"
    return body.get("reasoning_effort") or model.default_effort


def _usage(completion: Completion) -> dict[str, Any]:
    counted = completion.usage
    return {
        "prompt_tokens": counted["prompt_tokens"],
        "total_tokens": counted["total_tokens"],
        "completion_tokens": counted["completion_tokens"],
        "prompt_tokens_details": {"cached_tokens": counted["prompt_tokens_details"]["cached_tokens"]},
        "service_tier": completion.request.get("service_tier") or "standard",
    }


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
    asking=Asking(fields=_FIELDS, check=_check, normalize=_normalize, effort=_effort),
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

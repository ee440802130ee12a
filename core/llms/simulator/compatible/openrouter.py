"""The simulated OpenRouter.

Fields: openrouter 1.3.84. Replies, chunks, comments, costs, embeddings, Responses and the errors of keys, lengths and
unknown embedding models: recorded exchanges, 2025 and 2026. An error inside of a stream and the kinds in its metadata:
openrouter 1.3.84. It ignores fields that it does not know (recorded: `transforms`). Any model's name below a known
vendor is taken. Prices: models.dev of 2026-09-30.
"""

from __future__ import annotations

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
from core.llms.simulator.compatible.errors import dotted, is_shape
from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.responses import Responding
from core.llms.simulator.compatible.thinking import HIDDEN, DetailedThinking
from core.llms.simulator.compatible.vocabulary import FILE, IMAGE_URL, ROLES, everything_but, messages
from core.llms.simulator.exchange import server_sent_event
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import (
    array,
    boolean,
    integer,
    nullable,
    one_of,
    record,
    schema_object,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.compatible.thinking import ThinkingStyle
    from core.llms.simulator.openai.chat import Completion
    from core.llms.simulator.openai.fields import Rule

_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_PROCESSING = b": OPENROUTER PROCESSING\n\n"
_MARK = {"cache_control": nullable(schema_object())}
_TEXT = record({"type": text(), "text": text(), **_MARK}, ("text",))
_IMAGE = record({"type": text(), "image_url": IMAGE_URL, **_MARK}, ("image_url",))
_PARTS: Mapping[str, Rule] = {"text": _TEXT, "image_url": _IMAGE, "file": FILE}
_NAMES = nullable(array(text()))
_PREFERENCES = record(
    {
        "order": _NAMES,
        "only": _NAMES,
        "ignore": _NAMES,
        "quantizations": _NAMES,
        "allow_fallbacks": nullable(boolean()),
        "require_parameters": nullable(boolean()),
        "zdr": nullable(boolean()),
        "data_collection": nullable(text(choices=("allow", "deny"))),
        "sort": nullable(one_of(text(), schema_object())),
        "max_price": nullable(schema_object()),
    }
)
_FIELDS = {
    **everything_but("messages"),
    "messages": messages(
        _PARTS,
        assistant={
            "reasoning": nullable(text()),
            "reasoning_details": nullable(array(schema_object())),
            "refusal": nullable(text()),
            "annotations": nullable(array(schema_object())),
        },
        instructions={"text": _TEXT},
        spoken={"text": _TEXT},
        returned={"text": _TEXT},
        call={"index": nullable(integer())},
        roles=(*ROLES, "developer"),
    ),
    "models": nullable(array(text())),
    "provider": nullable(_PREFERENCES),
    "reasoning": nullable(
        record(
            {
                "effort": nullable(text(choices=_EFFORTS)),
                "max_tokens": nullable(integer(1)),
                "summary": nullable(text(choices=("auto", "concise", "detailed"))),
                "exclude": nullable(boolean()),
                "enabled": nullable(boolean()),
            }
        )
    ),
    "reasoning_effort": nullable(text(choices=_EFFORTS)),
    "plugins": nullable(array(schema_object())),
    "usage": nullable(schema_object()),
    "route": nullable(text()),
    "session_id": text(),
    "modalities": nullable(array(text())),
}
_PROVIDERS = {"anthropic": "Anthropic", "google": "Google", "openai": "OpenAI", "deepseek": "DeepSeek"}
_OWNERS = (
    "anthropic/",
    "cohere/",
    "deepseek/",
    "google/",
    "meta-llama/",
    "minimax/",
    "mistralai/",
    "moonshotai/",
    "nvidia/",
    "openai/",
    "perplexity/",
    "qwen/",
    "x-ai/",
    "z-ai/",
)


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    asked = body.get("reasoning") or {}
    if asked.get("enabled") is False:
        return "none"
    wanted = asked.get("effort") or body.get("reasoning_effort")
    on = "medium" if asked.get("enabled") or asked.get("max_tokens") else model.default_effort
    return wanted or on


def _check(body: dict[str, Any], model: HostedModel) -> None:
    asked = body.get("reasoning") or {}
    if asked.get("effort") is not None and asked.get("max_tokens") is not None:
        raise ApiError('Only one of "reasoning.effort" and "reasoning.max_tokens" can be specified')
    if body.get("tools") and not model.tools:
        raise ApiError(
            "No endpoints found that support tool use. To learn more about provider routing, visit: "
            "https://openrouter.ai/docs/guides/routing/provider-selection",
            status=404,
        )
    if (body.get("provider") or {}).get("only") == []:
        raise ApiError(f"No endpoints found for {model.name}.", status=404)


def _route(body: dict[str, Any], name: str) -> str:
    """The provider that answers: the first that is asked for, else the model's own vendor."""
    wanted = body.get("provider") or {}
    chosen: str = [*(wanted.get("only") or ()), *(wanted.get("order") or ()), name.split("/")[0]][0]
    return _PROVIDERS.get(chosen, chosen)


def _thinking(body: dict[str, Any]) -> ThinkingStyle:
    if (body.get("reasoning") or {}).get("exclude"):
        return HIDDEN
    return DetailedThinking("reasoning", "reasoning_details", "unknown")


def _costs(model: HostedModel, prompt: int, cached: int, completion: int, nouns: tuple[str, str]) -> dict[str, Any]:
    asked, told = model.usd(prompt, cached, completion)
    total = round(asked + told, 12)
    details = {
        f"upstream_inference_{noun}_cost": round(usd, 12) for noun, usd in zip(nouns, (asked, told), strict=True)
    }
    return {"cost": total, "is_byok": False, "cost_details": {"upstream_inference_cost": total, **details}}


def _usage(completion: Completion) -> dict[str, Any]:
    counted, model = completion.usage, completion.model
    assert isinstance(model, HostedModel)
    prompt, cached = counted["prompt_tokens"], counted["prompt_tokens_details"]["cached_tokens"]
    return {
        "prompt_tokens": prompt,
        "completion_tokens": counted["completion_tokens"],
        "total_tokens": counted["total_tokens"],
        **_costs(model, prompt, cached, counted["completion_tokens"], ("prompt", "completions")),
        "prompt_tokens_details": {
            "cached_tokens": cached,
            "cache_write_tokens": 0,
            "audio_tokens": 0,
            "video_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": counted["completion_tokens_details"]["reasoning_tokens"],
            "image_tokens": 0,
            "audio_tokens": 0,
        },
    }


def _response_usage(usage: dict[str, Any], model: HostedModel, searches: int) -> dict[str, Any]:
    cached = usage["input_tokens_details"]["cached_tokens"]
    return usage | _costs(model, usage["input_tokens"], cached, usage["output_tokens"], ("input", "output"))


def _dress(body: dict[str, Any], completion: Completion) -> dict[str, Any]:
    for choice in body["choices"]:
        choice["native_finish_reason"] = choice["finish_reason"]
    return body | {
        "provider": _route(completion.request, completion.model.name),
        "system_fingerprint": None,
        "service_tier": completion.request.get("service_tier") or "default",
    }


def _dress_chunk(chunk: dict[str, Any], completion: Completion, ends: bool) -> dict[str, Any]:
    for choice in chunk["choices"]:
        choice["native_finish_reason"] = choice["finish_reason"]
    return chunk | {"provider": _route(completion.request, completion.model.name)}


def _normalize(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "service_tier"}


def _render(error: ApiError) -> ErrorReply:
    shown: dict[str, Any] = {"message": error.message, "code": error.status}
    if is_shape(error):
        shown["message"] = f"{dotted(error)}: {error.message}"
    elif error.type != "invalid_request_error":
        shown["metadata"] = {"error_type": error.type}
    return ErrorReply(error.status, {"error": shown, "user_id": "user_simulated"})


def _event(body: dict[str, Any]) -> bytes:
    """An error comes as a chunk whose choice ends with it."""
    choice = {"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": "error"}
    chunk = {"id": "gen-simulated", "object": "chat.completion.chunk", "created": 0, "model": "simulated"}
    return server_sent_event(chunk | {"provider": "simulated", "error": body["error"], "choices": [choice]})


def _card(model: HostedModel) -> dict[str, Any]:
    prompt, cached, completion = model.prices
    return {
        "id": model.name,
        "canonical_slug": model.name,
        "name": model.name,
        "created": model.created,
        "description": "A simulated model.",
        "context_length": model.context_window,
        "architecture": {
            "modality": "text->text",
            "input_modalities": ["text", "image"] if model.images is not None else ["text"],
            "output_modalities": ["text"] if model.kind == "chat" else ["embeddings"],
            "tokenizer": "Other",
            "instruct_type": None,
        },
        "pricing": {
            "prompt": f"{prompt / 10**6:.10f}",
            "completion": f"{completion / 10**6:.10f}",
            "input_cache_read": f"{cached / 10**6:.10f}",
        },
        "top_provider": {
            "context_length": model.context_window,
            "max_completion_tokens": model.max_output,
            "is_moderated": False,
        },
        "per_request_limits": None,
        "supported_parameters": ["max_tokens", "temperature", *(["tools"] if model.tools else [])],
        "default_parameters": {},
        "supported_voices": None,
        "links": {"details": f"/api/v1/models/{model.name}/endpoints"},
    }


def _dress_embeddings(body: dict[str, Any], model: HostedModel) -> dict[str, Any]:
    total = body["usage"]["prompt_tokens"]
    cost = round(model.usd(total, 0, 0)[0], 12)
    usage = body["usage"] | {"cost": cost, "is_byok": False}
    return body | {"usage": usage, "provider": "OpenAI", "id": "gen-emb-simulated"}


_KNOWN = (
    chat_model(
        "anthropic/claude-sonnet-5.5", 1_000_000, 128_000, sees=True, efforts=_EFFORTS[2:], prices=(2.0, 0.1, 10.0)
    ),
    chat_model(
        "anthropic/claude-opus-5.5", 1_000_000, 128_000, sees=True, efforts=_EFFORTS[2:], prices=(4.0, 0.2, 20.0)
    ),
    chat_model(
        "openai/gpt-6-sol", 1_050_000, 128_000, sees=True, efforts=_EFFORTS, thinks="medium", prices=(2.0, 0.2, 10.0)
    ),
    chat_model(
        "google/gemini-3.8-flash",
        1_048_576,
        65_536,
        sees=True,
        efforts=("low", "medium", "high"),
        thinks="medium",
        prices=(0.75, 0.075, 3.75),
    ),
    chat_model(
        "deepseek/deepseek-v4.1-flash",
        1_048_576,
        943_718,
        sees=True,
        efforts=("none", "low", "high", "max"),
        thinks="high",
        prices=(0.21, 0.0042, 0.84),
    ),
    chat_model(
        "moonshotai/kimi-k3",
        1_048_576,
        943_718,
        sees=True,
        efforts=("none", "low", "high", "max"),
        thinks="high",
        prices=(3.0, 0.3, 15.0),
    ),
    chat_model(
        "z-ai/glm-5.3", 1_048_576, 943_717, efforts=("low", "high", "max"), thinks="high", prices=(1.4, 0.26, 4.4)
    ),
    chat_model("meta-llama/llama-3.3-70b-instruct", 131_072, 16_384, prices=(0.59, 0.295, 0.79)),
    chat_model("qwen/qwen-2.5-coder-32b-instruct", 32_768, 29_491, prices=(0.66, 0.66, 1.0), tools=False),
    embedding_model("openai/text-embedding-3-small", 8_192, 1_536, shortens=True, usd=0.02),
)
DIALECT = Dialect(
    provider="openrouter",
    prefix="/openrouter",
    root="/api/v1",
    keys=("OPENROUTER_API_KEY",),
    address="OPENROUTER_BASE_URL",
    own_key="sk-or-simulator",
    models=_KNOWN,
    owners=_OWNERS,
    asking=Asking(fields=_FIELDS, ignores_unknown=True, normalize=_normalize, effort=_effort, check=_check),
    telling=Telling(
        completion_id="gen-{time}-{letters:20}",
        call_id="call_{letters:24}",
        thinking=_thinking,
        message={"refusal": None, "reasoning": None},
        choice={"logprobs": None},
        numbers_calls=True,
        usage=_usage,
        dress=_dress,
        dress_chunk=_dress_chunk,
    ),
    streaming=Streaming(
        role="every", ending={"role": "assistant", "content": ""}, usage="always", opening=(_PROCESSING,) * 2
    ),
    errors=Errors(
        no_key=Saying(401, "Missing Authentication header"),
        bad_key=Saying(401, "User not found."),
        no_model=Saying(400, "{model} is not a valid model ID"),
        no_path=Saying(404, "Not Found"),
        too_long=Saying(
            400,
            "This endpoint's maximum context length is {limit} tokens. However, you requested about {count} tokens. "
            "Please reduce the length of either one, or use the context-compression plugin to compress your prompt "
            "automatically.",
            "context_length_exceeded",
        ),
        limited=Saying(429, "Rate limit exceeded", "rate_limit_exceeded"),
        others={
            400: Saying(400, "Input validation error"),
            402: Saying(402, "Insufficient credits", "payment_required"),
            403: Saying(403, "The request was flagged.", "content_policy_violation"),
            404: Saying(404, "No endpoints found."),
            408: Saying(408, "The request timed out.", "timeout"),
            500: Saying(500, "Internal Server Error", "provider_unavailable"),
            502: Saying(502, "Provider returned error", "provider_unavailable"),
            503: Saying(503, "No instances available", "provider_overloaded"),
        },
        render=_render,
        event=_event,
    ),
    request_ids={"x-generation-id": "gen-{time}-{letters:20}"},
    card=_card,
    listing=lambda cards: {"data": cards, "links": {"next": None}, "total_count": len(cards)},
    embeddings=Embeddings(
        fields={
            "model": text(),
            "input": one_of(text(), array(text(), shortest=1)),
            "dimensions": nullable(integer(1)),
            "encoding_format": nullable(text(choices=("float", "base64"))),
            "input_type": nullable(text()),
            "provider": nullable(schema_object()),
            "user": nullable(text()),
        },
        dress=_dress_embeddings,
    ),
    responses=Responding(
        keeps=False,
        open_thoughts=True,
        usage=_response_usage,
        named_events=False,
        opening=(_PROCESSING,),
    ),
)

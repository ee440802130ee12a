"""The simulated OpenRouter.

Fields: openrouter 1.3.84. Replies, chunks, comments, costs, embeddings, Responses and the errors of keys, lengths and
unknown embedding models: recorded exchanges, 2025 and 2026. An error inside of a stream and the kinds in its metadata:
openrouter 1.3.84. It ignores fields that it does not know (recorded: `transforms`). Any model's name below a known
vendor is taken. Prices: models.dev of 2026-09-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.counts import Counts
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
from core.llms.simulator.compatible.models import HostedModel
from core.llms.simulator.compatible.openrouter_fields import FIELDS
from core.llms.simulator.compatible.openrouter_models import KNOWN, OWNERS, write_card
from core.llms.simulator.compatible.responses import Responding
from core.llms.simulator.compatible.thinking import HIDDEN, DetailedThinking
from core.llms.simulator.compatible.vocabulary import embedding_fields
from core.llms.simulator.exchange import server_sent_event
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import nullable, schema_object, text

if TYPE_CHECKING:
    from core.llms.simulator.compatible.thinking import ThinkingStyle
    from core.llms.simulator.openai.chat import Completion

_PROCESSING = b": OPENROUTER PROCESSING\n\n"
_PROVIDERS = {"anthropic": "Anthropic", "google": "Google", "openai": "OpenAI", "deepseek": "DeepSeek"}


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
    counts = Counts.of(completion)
    asked = {"cached_tokens": counts.cached, "cache_write_tokens": 0, "audio_tokens": 0, "video_tokens": 0}
    return {
        **counts.usual,
        **_costs(counts.model, counts.prompt, counts.cached, counts.written, ("prompt", "completions")),
        "prompt_tokens_details": asked,
        "completion_tokens_details": {"reasoning_tokens": counts.thought, "image_tokens": 0, "audio_tokens": 0},
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


def _dress_embeddings(body: dict[str, Any], model: HostedModel) -> dict[str, Any]:
    total = body["usage"]["prompt_tokens"]
    cost = round(model.usd(total, 0, 0)[0], 12)
    usage = body["usage"] | {"cost": cost, "is_byok": False}
    return body | {"usage": usage, "provider": "OpenAI", "id": "gen-emb-simulated"}


DIALECT = Dialect(
    provider="openrouter",
    prefix="/openrouter",
    root="/api/v1",
    keys=("OPENROUTER_API_KEY",),
    address="OPENROUTER_BASE_URL",
    own_key="sk-or-simulator",
    models=KNOWN,
    owners=OWNERS,
    asking=Asking(fields=FIELDS, ignores_unknown=True, normalize=_normalize, effort=_effort, check=_check),
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
    card=write_card,
    listing=lambda cards: {"data": cards, "links": {"next": None}, "total_count": len(cards)},
    embeddings=Embeddings(
        fields={
            **embedding_fields(),
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

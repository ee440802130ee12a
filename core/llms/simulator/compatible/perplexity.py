"""The simulated Perplexity: Sonar's chat completions, which the vendor ended on 2026-09-27, and the Agent API.

Replies, chunks with usage and sources in each, and the errors of keys and lengths: recorded exchanges of 2026. Fields,
the Agent API and embeddings: perplexityai 0.46.1. Whether it refuses unknown fields is not known: they are ignored.
Prices of Sonar: the last that were published; the Agent API answers for any model below a known vendor.
"""

from __future__ import annotations

import base64
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
from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.responses import Responding
from core.llms.simulator.compatible.thinking import TextThinking
from core.llms.simulator.compatible.vocabulary import (
    ROLES,
    embedding_fields,
    everything_but,
    messages,
    response_format,
    tool_choice,
)
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import array, boolean, nullable, schema_object, text
from core.llms.simulator.openai.responses_fields import RESPONSE_FIELDS

if TYPE_CHECKING:
    from core.llms.simulator.openai.chat import Completion

_EFFORTS = ("minimal", "low", "medium", "high")
_SEARCH_FEE = 0.005
_SOURCE = "https://example.com/simulated-source"
_FIELDS = {
    **everything_but("messages", "tool_choice", "response_format", "max_completion_tokens"),
    "messages": messages(roles=ROLES),
    "tool_choice": tool_choice("none", "auto", "required"),
    "response_format": response_format("text", "json_schema"),
    "reasoning_effort": nullable(text(choices=_EFFORTS)),
    "disable_search": nullable(boolean()),
    "return_images": nullable(boolean()),
    "return_related_questions": nullable(boolean()),
    "search_mode": nullable(text(choices=("web", "academic", "sec"))),
    "search_domain_filter": nullable(array(text())),
    "search_recency_filter": nullable(text(choices=("hour", "day", "week", "month", "year"))),
    "stream_mode": text(choices=("full", "concise")),
    "web_search_options": schema_object(),
}
_EVENTS = frozenset(
    {
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.output_item.done",
        "response.completed",
    }
)


def _check(body: dict[str, Any], model: HostedModel) -> None:
    if model.name.startswith("perplexity/"):
        raise ApiError(f"Invalid model '{model.name}'.", type="invalid_model")
    if body.get("reasoning_effort") is not None and not model.efforts:
        raise ApiError("reasoning_effort is not supported for this model", type="bad_request")


def _costs(model: HostedModel, prompt: int, completion: int) -> dict[str, Any]:
    asked, told = model.usd(prompt, 0, completion)
    return {
        "input_tokens_cost": round(asked, 6),
        "output_tokens_cost": round(told, 6),
        "request_cost": _SEARCH_FEE,
        "total_cost": round(asked + told + _SEARCH_FEE, 6),
    }


def _usage(completion: Completion) -> dict[str, Any]:
    """Only deep research counts its thoughts and what it read, each beside the completion and not in it."""
    counts = Counts.of(completion)
    usage = counts.usual | {"search_context_size": "low"}
    if counts.model.name == "sonar-deep-research":
        written = counts.written - counts.thought
        usage |= {"completion_tokens": written, "total_tokens": counts.prompt + written}
        usage |= {"citation_tokens": 40, "num_search_queries": 3, "reasoning_tokens": counts.thought}
    return usage | {"cost": _costs(counts.model, counts.prompt, counts.written)}


def _sources(completion: Completion) -> dict[str, Any]:
    found = {"title": "A simulated source", "url": _SOURCE, "date": None, "last_updated": None}
    return {"citations": [_SOURCE], "search_results": [found | {"snippet": "Simulated.", "source": "web"}]}


def _dress(body: dict[str, Any], completion: Completion) -> dict[str, Any]:
    for choice in body["choices"]:
        choice["delta"] = {"role": "assistant", "content": ""}
    return body | _sources(completion)


def _dress_chunk(chunk: dict[str, Any], completion: Completion, ends: bool) -> dict[str, Any]:
    """Every chunk holds the sources and the usage; only the last has the costs."""
    if not ends:
        nothing = {"input_tokens_cost": 0, "output_tokens_cost": 0, "total_cost": 0}
        chunk["usage"] = chunk["usage"] | {"cost": nothing}
    return chunk | _sources(completion)


def _render(error: ApiError) -> ErrorReply:
    kind = "bad_request" if error.type == "invalid_request_error" else error.type
    message = f"{dotted(error)}: {error.message}" if is_shape(error) else error.message
    return ErrorReply(error.status, {"error": {"message": message, "type": kind, "code": error.status}})


def _plain_response(body: dict[str, Any]) -> dict[str, Any]:
    form = body.pop("response_format", None)
    if form is not None and form["type"] == "json_schema":
        schema = form["json_schema"]
        body["text"] = {"format": {"type": "json_schema", "name": schema.get("name", "answer"), **schema}}
    return body


def _response_usage(usage: dict[str, Any], model: HostedModel, searches: int) -> dict[str, Any]:
    cached = usage["input_tokens_details"]["cached_tokens"]
    asked, told = model.usd(usage["input_tokens"], cached, usage["output_tokens"])
    fees = searches * _SEARCH_FEE
    cost = {"currency": "USD", "input_cost": round(asked, 8), "output_cost": round(told, 8), "tool_calls_cost": fees}
    return {
        "input_tokens": usage["input_tokens"],
        "output_tokens": usage["output_tokens"],
        "total_tokens": usage["total_tokens"],
        "input_tokens_details": {"cache_creation_input_tokens": 0, "cache_read_input_tokens": cached},
        "cost": cost | {"total_cost": round(asked + told + fees, 8)},
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    if item["type"] != "web_search_call":
        return item
    found = {"id": 1, "title": "A simulated source", "url": _SOURCE, "snippet": "Simulated."}
    return {"type": "search_results", "id": item["id"], "queries": item["action"]["queries"], "results": [found]}


def _as_bytes(body: dict[str, Any], model: HostedModel) -> dict[str, Any]:
    """Vectors of signed bytes, in base64."""
    for entry in body["data"]:
        values = [max(-127, min(127, round(value * 127))) for value in entry["embedding"]]
        entry["embedding"] = base64.b64encode(bytes(value & 0xFF for value in values)).decode()
    return body


def _sonar(
    name: str, window: int, most: int, prices: tuple[float, float, float], thinks: str | None = None
) -> HostedModel:
    return chat_model(
        name,
        window,
        most,
        sees=name in ("sonar-pro", "sonar-reasoning-pro"),
        efforts=_EFFORTS if thinks else (),
        thinks=thinks,
        prices=prices,
        searches=True,
        tools=False,
    )


DIALECT = Dialect(
    provider="perplexity",
    prefix="/perplexity",
    root="/v1",
    keys=("PERPLEXITY_API_KEY",),
    address="PERPLEXITY_BASE_URL",
    address_is_host=True,
    own_key="pplx-simulator",
    models=(
        chat_model("perplexity/sonar", 128_000, 8_192, prices=(0.25, 0.0625, 2.5)),
        _sonar("sonar", 128_000, 4_096, (1.0, 1.0, 1.0)),
        _sonar("sonar-pro", 200_000, 8_192, (3.0, 3.0, 15.0)),
        _sonar("sonar-reasoning-pro", 128_000, 4_096, (2.0, 2.0, 8.0), "medium"),
        _sonar("sonar-deep-research", 128_000, 32_768, (2.0, 2.0, 8.0), "medium"),
        embedding_model("pplx-embed-v1-0.6b", 32_768, 1_024, shortens=True, usd=0.004),
        embedding_model("pplx-embed-v1-4b", 32_768, 2_560, shortens=True, usd=0.03),
    ),
    owners=("anthropic/", "google/", "openai/", "xai/"),
    asking=Asking(fields=_FIELDS, ignores_unknown=True, check=_check),
    telling=Telling(
        completion_id="{uuid}",
        call_id="call_{letters:24}",
        thinking=lambda body: TextThinking(),
        usage=_usage,
        dress=_dress,
        dress_chunk=_dress_chunk,
    ),
    streaming=Streaming(
        role="first", nulls=False, ending={"role": "assistant", "content": ""}, usage="every", done=False, repeats=True
    ),
    errors=Errors(
        no_key=Saying(401, "Invalid API key provided. Ensure your API key is correct and active.", "invalid_api_key"),
        bad_key=Saying(401, "Invalid API key provided. Ensure your API key is correct and active.", "invalid_api_key"),
        no_model=Saying(
            400,
            "Invalid model '{model}'. Permitted models can be found in the documentation at "
            "https://docs.perplexity.ai/getting-started/models.",
            "invalid_model",
        ),
        no_path=Saying(404, "Not found", "not_found"),
        too_long=Saying(400, "The total length of all messages is too long.", "too_many_prompt_tokens"),
        limited=Saying(429, "Request rate limit exceeded, please try again later.", "request_rate_limit_exceeded"),
        others={
            400: Saying(400, "The request was invalid.", "bad_request"),
            404: Saying(404, "Not found", "not_found"),
            422: Saying(422, "The request could not be processed.", "unprocessable_entity"),
            500: Saying(500, "Internal server error", "internal_server_error"),
            503: Saying(503, "Service unavailable", "service_unavailable"),
        },
        render=_render,
    ),
    chat_at_host=True,
    request_ids={"x-request-id": "{uuid}"},
    card=lambda model: {"id": model.name, "object": "model", "created": model.created, "owned_by": "perplexity"},
    embeddings=Embeddings(
        fields=embedding_fields("dimensions", "base64_int8", "base64_binary"),
        dress=_as_bytes,
    ),
    responses=Responding(
        fields={**RESPONSE_FIELDS, "response_format": response_format("text", "json_schema")},
        normalize=_plain_response,
        usage=_response_usage,
        item=_item,
        events=_EVENTS,
    ),
)

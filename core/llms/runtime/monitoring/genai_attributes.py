"""The attributes of OpenTelemetry's conventions for generative AI, from requests, calls and attempts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from core.llms.runtime.monitoring.call_record import CallRecord, Operation
from core.llms.runtime.target import Target
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.types.usage import Usage

_PARAMS: Final = {
    "max_tokens": "gen_ai.request.max_tokens",
    "max_completion_tokens": "gen_ai.request.max_tokens",
    "max_output_tokens": "gen_ai.request.max_tokens",
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "top_k": "gen_ai.request.top_k",
    "frequency_penalty": "gen_ai.request.frequency_penalty",
    "presence_penalty": "gen_ai.request.presence_penalty",
    "seed": "gen_ai.request.seed",
}


def attributes_of_target(target: Target, operation: Operation, model: str) -> dict[str, Any]:
    """Return what spans and metrics both carry: the operation, the vendor, the model, the server."""
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": target.vendor or target.provider,
        "gen_ai.request.model": model,
    }
    address = urlsplit(target.address)
    if address.hostname:
        attributes["server.address"] = address.hostname
        attributes["server.port"] = address.port or (443 if address.scheme == "https" else 80)
    return attributes


def attributes_of_request(request: LLMRequest | EmbeddingRequest, target: Target) -> dict[str, Any]:
    """Return what a span says of a request: its parameters, not its content."""
    attributes: dict[str, Any] = {} if target.alias is None else {"core_llms.alias": target.alias}
    if isinstance(request, EmbeddingRequest):
        if request.dimensions is not None:
            attributes["gen_ai.embeddings.dimension.count"] = request.dimensions
        return attributes
    for name, value in request.params.items():
        if name in _PARAMS and isinstance(value, int | float):
            attributes[_PARAMS[name]] = value
    stop, choices = request.params.get("stop"), request.params.get("n")
    if stop:
        attributes["gen_ai.request.stop_sequences"] = [stop] if isinstance(stop, str) else list(stop)
    if isinstance(choices, int) and choices > 1:
        attributes["gen_ai.request.choice.count"] = choices
    if request.stream:
        attributes["gen_ai.request.stream"] = True
    if request.response_format is not None:
        attributes["gen_ai.output.type"] = "json"
    return attributes


def attributes_of_call(call: CallRecord, *, newest: bool) -> dict[str, Any]:
    """Return what a span says of a call that is over."""
    attributes: dict[str, Any] = {"core_llms.attempts": len(call.attempts)}
    response = call.response
    if response is not None:
        attributes["gen_ai.response.model"] = response.model
        if isinstance(response, LLMResponse):
            if response.id:
                attributes["gen_ai.response.id"] = response.id
            attributes["gen_ai.response.finish_reasons"] = [choice.finish_reason.unified for choice in response.choices]
    if call.is_cached:
        attributes["core_llms.cached"] = True
    if call.first_event_seconds is not None:
        attributes["gen_ai.response.time_to_first_chunk"] = call.first_event_seconds
    if call.attempts and call.is_priced:
        attributes["core_llms.cost_usd"] = float(call.cost)
    return {**attributes, **_usage(call.usage, newest)}


def _usage(usage: Usage, newest: bool) -> Mapping[str, int]:
    if not usage.total_tokens:
        return {}
    written = "cache_write" if newest else "cache_creation"
    parts = {
        "gen_ai.usage.cache_read.input_tokens": usage.cache_read_tokens,
        f"gen_ai.usage.{written}.input_tokens": usage.cache_write_tokens,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
    }
    return {
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        **{name: count for name, count in parts.items() if count},
    }

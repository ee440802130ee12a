"""What single steps of a call cost in this SDK, in µs of CPU, without any socket."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.llms.catalog.store import load_provider
from core.llms.providers.base.connector import decode_json, encode_json
from core.llms.providers.base.request_building import RequestBuilder
from core.llms.providers.base.rooms import resolve_metadata
from core.llms.providers.openai.models import ROOMS
from core.llms.providers.openai.models.gpt41_mini.metadata import GPT41MiniMetadata
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.types.costs import compute_cost
from core.llms.types.prices import PriceChange, Prices, PriceTier, PriceWindow
from core.llms.types.request import LLMRequest
from core.llms.types.usage import Usage
from core.llms.wires.anthropic_messages import AnthropicMessagesWire
from core.llms.wires.base import Wire
from core.llms.wires.bedrock_converse import BedrockConverseWire
from core.llms.wires.cohere_v2 import CohereV2Wire
from core.llms.wires.gemini import GeminiWire
from core.llms.wires.ollama import OllamaWire
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.benchmarks.payloads import MAX_TOKENS, make_messages
from tests.benchmarks.vendors.anthropic import ANTHROPIC
from tests.benchmarks.vendors.google import GOOGLE
from tests.benchmarks.vendors.openai import OPENAI
from tests.benchmarks.vendors.others import render_bedrock, render_cohere, render_ollama

_PARAMS = {"max_tokens": MAX_TOKENS, "temperature": 0.2, "stop": ["END"]}
_CATALOGUED = "openrouter"
_DEAR = Prices.of("2", "12", cache_read="0.2", tiers=(PriceTier(200_000, Prices.of("4", "18", cache_read="0.4")),))
_HOURS = replace(_DEAR, windows=(PriceWindow(1, 4, _DEAR, (0, 1, 2, 3, 4)), PriceWindow(6, 10, _DEAR)))
_MANIFOLD = replace(
    _DEAR,
    server_tool_usd_per_thousand=Decimal(10),
    service_tiers={"batch": replace(_HOURS, changes=(PriceChange(date(2026, 1, 1), _HOURS),))},
    changes=(PriceChange(date(2026, 1, 1), replace(_DEAR, server_tool_usd_per_thousand=Decimal(14))),),
)
LOOKUP = "look a model up in the registry, by its name alone"
QUERY = "ask all models of the registry for vision, 16,000 tokens and a price"
PRICE = "price an answer"
# What these may take at most, in µs. A benchmark tells whether they do; it never fails by the clock.
GOALS = {LOOKUP: 5.0, QUERY: 5000.0, PRICE: 10.0}
_ROUNDS = 15
_QUERIES_SHARE = 50
_IN_ONE_READ = 64


def measure_steps(repeats: int) -> dict[str, float]:
    """Return the best round's cost of each step."""
    steps = {**_lookups(), **_call_steps()}
    figures = {name: _best_microseconds(step, repeats) for name, step in steps.items()}
    figures[QUERY] = _best_microseconds(_query(), max(1, repeats // _QUERIES_SHARE))
    streams: dict[str, tuple[Wire, list[bytes]]] = {
        "OpenAI": (OpenAIChatWire(), OPENAI.encode_events(repeats)),
        "Anthropic": (AnthropicMessagesWire(), ANTHROPIC.encode_events(repeats)),
        "Gemini": (GeminiWire(), GOOGLE.encode_events(repeats)),
        "Bedrock": (BedrockConverseWire(), render_bedrock(repeats)),
        "Cohere": (CohereV2Wire(), render_cohere(repeats)),
        "Ollama": (OllamaWire(), render_ollama(repeats)),
    }
    for vendor, (wire, events) in streams.items():
        figures[f"decode an event of {vendor}, alone"] = _decode(wire, events, 1)
        figures[f"decode an event of {vendor}, {_IN_ONE_READ} in one read"] = _decode(wire, events, _IN_ONE_READ)
    return figures


def _lookups() -> dict[str, Callable[[], object]]:
    rows = load_provider(_CATALOGUED).rows
    last = list(rows)[-1]
    registry = LLMRegistry()
    return {
        LOOKUP: lambda: registry.get(OPENAI.model),
        "look a model up that has a room": lambda: resolve_metadata("openai", OPENAI.model, ROOMS),
        f"look one up among {len(rows)} rows of the catalogue": lambda: resolve_metadata(_CATALOGUED, last, {}),
        "check 3 parameters against the metadata": lambda: GPT41MiniMetadata.validate_params(_PARAMS),
    }


def _query() -> Callable[[], object]:
    registry = LLMRegistry()
    return lambda: registry.get_models_by_capability("supports_vision", min_context_window=16_000, max_cost_per_1k=0.01)


def _call_steps() -> dict[str, Callable[[], object]]:
    wire = OpenAIChatWire()
    builder = RequestBuilder(OPENAI.model, GPT41MiniMetadata, wire, {}, "error")
    request = _build(builder)
    rendered = wire.render_request(request)
    body = OPENAI.encode_body()
    usage = Usage(input_tokens=1200, output_tokens=300, cache_read_tokens=1024)
    manifold = replace(usage, input_tokens=300_000, server_tool_requests=2, service_tier="batch")
    decoded = decode_json(body)
    return {
        PRICE: lambda: compute_cost(usage, GPT41MiniMetadata.PRICES),
        "price one by size, tier, day and hour": lambda: compute_cost(manifold, _MANIFOLD),
        "read and check messages and parameters": lambda: _build(builder),
        "render the request": lambda: wire.render_request(request),
        "write its JSON": lambda: encode_json(rendered.body),
        "read the answer's JSON": lambda: decode_json(body),
        "parse the answer": lambda: wire.parse_response(decoded),
    }


def _build(builder: RequestBuilder) -> LLMRequest:
    return builder.build(builder.parse_messages(make_messages("plain-0")), _PARAMS, lambda params: params)


def _best_microseconds(step: Callable[[], object], repeats: int) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        begin = time.process_time()
        for _ in range(repeats):
            step()
        best = min(best, time.process_time() - begin)
    return best / repeats * 1e6


def _decode(wire: Wire, events: Sequence[bytes], in_one_read: int) -> float:
    reads = [b"".join(events[at : at + in_one_read]) for at in range(0, len(events), in_one_read)]

    def decode() -> None:
        decoder = wire.create_stream_decoder()
        for read in reads:
            decoder.feed(read)

    return _best_microseconds(decode, 1) / len(events)

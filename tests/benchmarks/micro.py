"""What single steps of a call cost in this SDK, in µs of CPU, without any socket."""

from __future__ import annotations

import time
from collections.abc import Callable

from core.llms.providers.base.connector import decode_json, encode_json
from core.llms.providers.base.request_building import RequestBuilder
from core.llms.providers.openai.models.gpt41_mini.metadata import GPT41MiniMetadata
from core.llms.types.costs import compute_cost
from core.llms.types.request import LLMRequest
from core.llms.types.usage import Usage
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.benchmarks.payloads import (
    MAX_TOKENS,
    MODEL,
    make_messages,
    render_plain_body,
    render_stream_events,
)

_PARAMS = {"max_tokens": MAX_TOKENS, "temperature": 0.2, "stop": ["END"]}
_ROUNDS = 9


def measure_steps(repeats: int) -> dict[str, float]:
    """Return the best round's cost of each step."""
    builder = RequestBuilder(MODEL, GPT41MiniMetadata, {}, "error")
    wire = OpenAIChatWire()
    request = _build(builder)
    rendered = wire.render_request(request)
    body = render_plain_body()
    usage = Usage(input_tokens=1200, output_tokens=300, cache_read_tokens=1024)
    decoded = decode_json(body)
    steps: dict[str, Callable[[], object]] = {
        "check 3 parameters against the metadata": lambda: GPT41MiniMetadata.validate_params(_PARAMS),
        "price an answer": lambda: compute_cost(usage, GPT41MiniMetadata.PRICES),
        "read and check messages and parameters": lambda: _build(builder),
        "render the request": lambda: wire.render_request(request),
        "write its JSON": lambda: encode_json(rendered.body),
        "read the answer's JSON": lambda: decode_json(body),
        "parse the answer": lambda: wire.parse_response(decoded),
    }
    figures = {name: _best_microseconds(step, repeats) for name, step in steps.items()}
    figures["decode a streamed event, alone"] = _decode(repeats, 1)
    figures["decode a streamed event, 64 in one read"] = _decode(repeats, 64)
    return figures


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


def _decode(events: int, in_one_read: int) -> float:
    whole = render_stream_events(max(events, in_one_read))
    reads = [b"".join(whole[at : at + in_one_read]) for at in range(0, len(whole), in_one_read)]

    def decode() -> None:
        decoder = OpenAIChatWire().create_stream_decoder()
        for read in reads:
            decoder.feed(read)

    return _best_microseconds(decode, 1) / len(whole)

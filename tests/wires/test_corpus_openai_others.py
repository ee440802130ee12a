"""Recorded errors of OpenAI's wires, embeddings and model lists, held against what is plainly in their bytes."""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Iterator

import pytest

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ContextLengthExceededError,
    NotFoundError,
    OverloadedError,
    RateLimitError,
    RequestTooLargeError,
    ServerError,
)
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.wires.corpus import Exchange, exchange_params, load_exchanges
from tests.wires.test_corpus_openai_chat import CHAT, wire_for

OTHERS = [exchange for exchange in load_exchanges() if exchange.provider in ("openai", "azure")]
OTHER_WIRES = ("anthropic", "google", "vertexai", "cohere")
EMBEDDINGS = [exchange for exchange in load_exchanges(api="embeddings") if exchange.provider not in OTHER_WIRES]
MODELS = [exchange for exchange in load_exchanges(api="models") if exchange.provider not in OTHER_WIRES]
ERRORS = [exchange for exchange in [*CHAT, *EMBEDDINGS, *MODELS, *OTHERS] if exchange.status != 200]
ERRORS = list({exchange.name: exchange for exchange in ERRORS}.values())


ERROR_CLASSES: dict[str, type[APIError]] = {
    "openrouter/chat-completions-error-400-1": ContextLengthExceededError,
    "openai/responses-error-400-1": ContextLengthExceededError,
    "mistral/chat-completions-stream-error-400-3": NotFoundError,
    "mistral/embeddings-error-400-2": NotFoundError,
    "openrouter/embeddings-error-400-1": NotFoundError,
}
BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    404: NotFoundError,
    413: RequestTooLargeError,
    429: RateLimitError,
    500: ServerError,
    501: ServerError,
    503: OverloadedError,
}


def texts_in(body: bytes) -> Iterator[str]:
    """Every text of an error's JSON, at any depth; or the whole, where it is no JSON."""
    try:
        waiting = [json.loads(body)]
    except ValueError:
        waiting = [body.decode()]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case dict() as fields:
                waiting.extend(fields.values())
            case list() as items:
                waiting.extend(items)


@pytest.mark.parametrize("exchange", exchange_params(ERRORS))
def test_recorded_error_becomes_the_right_class(exchange: Exchange) -> None:
    error = wire_for(exchange).parse_error(exchange.status, exchange.headers, exchange.body_bytes)
    expected = ERROR_CLASSES.get(exchange.name, BY_STATUS[exchange.status])
    if b'"model_not_found"' in exchange.body_bytes:
        expected = NotFoundError
    assert type(error) is expected
    assert error.status == exchange.status
    ids = [exchange.headers.get(name) for name in ("x-request-id", "apim-request-id", "x-kong-request-id")]
    assert error.request_id == next((id for id in ids if id), None)
    assert len(error.message) > 5
    said = re.sub(r"^HTTP \d{3} [A-Z][\w ]+: ", "", error.message)  # put before what is no JSON
    assert any(said in text for text in texts_in(exchange.body_bytes))
    if exchange.name == "azure/chat-completions-error-429-1":
        assert error.retry_after_seconds == 1.0


def only_lists(exchanges: list[Exchange]) -> list[Exchange]:
    """Leave out what is filed beside the lists: a single model, and the account's consumption."""
    return [exchange for exchange in exchanges if exchange.status == 200 and exchange.body.get("object") == "list"]


@pytest.mark.parametrize("exchange", exchange_params(only_lists(EMBEDDINGS)))
def test_recorded_embeddings_parse_to_their_vectors(exchange: Exchange) -> None:
    body = exchange.body
    response = OpenAIChatWire().parse_embeddings(body)
    expected = []
    for item in sorted(body["data"], key=lambda item: item.get("index", 0)):
        embedding = item["embedding"]
        if isinstance(embedding, str):
            raw = base64.b64decode(embedding)
            embedding = struct.unpack(f"<{len(raw) // 4}f", raw)
        expected.append(tuple(embedding))
    assert response.vectors == tuple(expected)
    usage = body.get("usage") or {}
    assert response.usage.input_tokens == (usage.get("prompt_tokens") or usage.get("total_tokens") or 0)


@pytest.mark.parametrize("exchange", exchange_params(only_lists(MODELS)))
def test_recorded_model_list_parses(exchange: Exchange) -> None:
    models = OpenAIChatWire().parse_models(exchange.body)
    assert [model.id for model in models] == [item["id"] for item in exchange.body["data"]]

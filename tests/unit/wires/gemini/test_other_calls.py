"""Calls that are no conversation: embeddings, the count of tokens, the model list."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import (
    InvalidRequestError,
    ProtocolError,
)
from core.llms.types.messages import SystemMessage, UserMessage
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import ModelInfo
from core.llms.types.tools import ServerTool
from core.llms.wires.base import RenderedRequest
from core.llms.wires.gemini import GeminiDialect, GeminiWire

WIRE = GeminiWire()


def test_embeddings_are_asked_for_in_one_batch() -> None:
    request = EmbeddingRequest("embedder", ("a", "b"), 64, "query", {"title": "t"})
    item = {"model": "models/embedder", "taskType": "RETRIEVAL_QUERY", "outputDimensionality": 64, "title": "t"}
    assert WIRE.render_embeddings(request) == RenderedRequest(
        "/v1/models/embedder:batchEmbedContents",
        {"requests": [{**item, "content": {"role": "user", "parts": [{"text": text}]}} for text in "ab"]},
    )
    body = {"embeddings": [{"values": [1, 0.5]}, {"values": [0, 1]}], "usageMetadata": {"promptTokenCount": 2}}
    response = WIRE.parse_embeddings(body)
    assert response.vectors == ((1.0, 0.5), (0.0, 1.0))
    assert response.usage.input_tokens == 2


def test_embeddings_with_options_of_their_own() -> None:
    wire = GeminiWire(GeminiDialect(embeds_with_config=True))
    request = EmbeddingRequest("embedder", ("a",), 64, "SEMANTIC_SIMILARITY")
    config = {"taskType": "SEMANTIC_SIMILARITY", "outputDimensionality": 64}
    content = {"role": "user", "parts": [{"text": "a"}]}
    assert wire.render_embeddings(request).body == {"requests": [{"content": content, "embedContentConfig": config}]}
    single = GeminiWire(GeminiDialect(embeds_with_config=True, embedding_method="embedContent"))
    assert single.render_embeddings(EmbeddingRequest("embedder", ("a",))).body == {"content": content}
    assert single.parse_embeddings({"embedding": {"values": [1]}}).vectors == ((1.0,),)
    with pytest.raises(InvalidRequestError, match="one text a request"):
        single.render_embeddings(EmbeddingRequest("embedder", ("a", "b")))


def test_embeddings_by_prediction() -> None:
    wire = GeminiWire(GeminiDialect(embedding_method="predict"))
    request = EmbeddingRequest("embedder", ("a", "b"), 64, "document")
    assert wire.render_embeddings(request) == RenderedRequest(
        "/v1/models/embedder:predict",
        {
            "instances": [{"content": text, "task_type": "RETRIEVAL_DOCUMENT"} for text in "ab"],
            "parameters": {"outputDimensionality": 64},
        },
    )
    items = [{"embeddings": {"values": [1], "statistics": {"token_count": count}}} for count in (3, 4)]
    assert wire.parse_embeddings({"predictions": items}).usage.input_tokens == 7


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"embeddings": [{"values": []}]},
        {"embeddings": [{"values": ["a"]}]},
        {"embeddings": [{"values": [1]}, {"values": [1, 2]}]},
        {"predictions": [1]},
    ],
)
def test_embeddings_that_are_none_are_a_protocol_error(body: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        WIRE.parse_embeddings(body)


def test_count_of_tokens_takes_the_whole_request() -> None:
    request = LLMRequest(
        "gemini-x",
        (SystemMessage("s"), UserMessage("u")),
        params={"service_tier": "flex"},
        tools=(ServerTool({"googleSearch": {}}),),
    )
    parts = {
        "contents": [{"role": "user", "parts": [{"text": "u"}]}],
        "systemInstruction": {"role": "user", "parts": [{"text": "s"}]},
        "tools": [{"googleSearch": {}}],
    }
    wrapped = {"model": "models/gemini-x", **parts, "serviceTier": "flex"}
    assert WIRE.render_token_count(request) == RenderedRequest(
        "/v1/models/gemini-x:countTokens", {"generateContentRequest": wrapped}
    )
    assert GeminiWire(GeminiDialect(wraps_count=False)).render_token_count(request).body == parts
    assert WIRE.parse_token_count({"totalTokens": 5}) == 5
    with pytest.raises(ProtocolError):
        WIRE.parse_token_count({"totalTokens": "5"})


def test_model_list_has_pages() -> None:
    assert WIRE.render_models() == RenderedRequest("/v1/models?pageSize=1000", {}, method="GET")
    assert WIRE.render_models("a=b").path == "/v1/models?pageSize=1000&pageToken=a%3Db"
    item = {"name": "models/gemini-x", "inputTokenLimit": 5}
    assert WIRE.parse_models({"models": [item]}) == [ModelInfo("gemini-x", raw=item)]
    assert WIRE.parse_models({"publisherModels": [{"name": "publishers/google/models/a"}]})[0].id == "a"
    assert WIRE.parse_next_page({"nextPageToken": "t"}) == "t"
    assert WIRE.parse_next_page({}) is None
    with pytest.raises(ProtocolError):
        WIRE.parse_models({"models": [{}]})

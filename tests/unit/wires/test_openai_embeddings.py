from __future__ import annotations

import base64
import struct
from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, NotFoundError, ProtocolError
from core.llms.types.request import EmbeddingRequest
from core.llms.types.response import ModelInfo
from core.llms.wires.openai_common import parse_openai_embeddings, parse_openai_models, render_openai_embeddings


def encode(*values: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


def test_render_embeddings_writes_the_whole_body() -> None:
    options = {"user": "u1", "nested": {"a": [1]}}
    request = EmbeddingRequest("text-embedding-3-small", ("a", "b"), dimensions=256, provider_options=options)
    rendered = render_openai_embeddings(request)
    assert (rendered.path, rendered.method) == ("/embeddings", "POST")
    assert rendered.body == {
        "model": "text-embedding-3-small",
        "input": ["a", "b"],
        "dimensions": 256,
        "encoding_format": "base64",
        "user": "u1",
        "nested": {"a": [1]},
    }
    rendered.body["nested"]["a"].append(2)
    assert options == {"user": "u1", "nested": {"a": [1]}}


def test_render_embeddings_says_no_more_than_was_asked() -> None:
    assert render_openai_embeddings(EmbeddingRequest("m", ("a",)), encoding_format=None).body == {
        "model": "m",
        "input": ["a"],
    }


def test_render_embeddings_puts_the_input_type_where_the_vendor_has_a_field() -> None:
    request = EmbeddingRequest("m", ("a",), input_type="query")
    assert render_openai_embeddings(request, input_type_field="task").body["task"] == "query"
    with pytest.raises(InvalidRequestError, match="`input_type` cannot be expressed"):
        render_openai_embeddings(request)


def test_parse_embeddings_gives_vectors_in_the_order_of_the_texts() -> None:
    body = {
        "data": [{"index": 1, "embedding": encode(0.5, -2.0)}, {"index": 0, "embedding": [1, 0.25]}],
        "model": "m-1",
        "usage": {"prompt_tokens": 7, "total_tokens": 7},
    }
    response = parse_openai_embeddings(body)
    assert response.vectors == ((1.0, 0.25), (0.5, -2.0))
    assert (response.model, response.usage.input_tokens, response.usage.total_tokens) == ("m-1", 7, 7)


def test_parse_embeddings_takes_entries_without_index_and_usage() -> None:
    response = parse_openai_embeddings({"data": [{"embedding": [1.0]}, {"embedding": [2.0]}], "usage": None})
    assert response.vectors == ((1.0,), (2.0,))
    assert response.usage.raw is None


@pytest.mark.parametrize(
    "body",
    [
        {}, {"data": None}, {"data": [1]}, {"data": [{}]}, [],
        {"data": [{"embedding": []}]}, {"data": [{"embedding": ""}]}, {"data": [{"embedding": "AAA="}]},
        {"data": [{"embedding": "!!!!"}]}, {"data": [{"embedding": ["x"]}]}, {"data": [{"embedding": [None]}]},
        {"data": [{"index": 1, "embedding": [1.0]}]},
        {"data": [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [2.0]}]},
        {"data": [{"embedding": [1.0]}, {"embedding": [1.0, 2.0]}]},
        {"data": [{"index": "0", "embedding": [1.0]}]},
        {"data": [{"index": [], "embedding": [1.0]}]},
    ],
)  # fmt: skip
def test_parse_embeddings_refuses_what_is_not_the_wire(body: Any) -> None:
    with pytest.raises(ProtocolError):
        parse_openai_embeddings(body)


def test_parse_embeddings_raises_the_error_under_status_200() -> None:
    with pytest.raises(NotFoundError):
        parse_openai_embeddings({"error": {"message": "No.", "code": "model_not_found"}})


def test_parse_models_keeps_the_entry() -> None:
    entry = {"id": "gpt-5", "object": "model", "created": 1, "owned_by": "system", "context_window": 9}
    assert parse_openai_models({"object": "list", "data": [entry, {"id": "b"}]}) == [
        ModelInfo("gpt-5", 1, "system", entry),
        ModelInfo("b", None, None, {"id": "b"}),
    ]


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": ["gpt-5"]}, {"data": [{"name": "gpt-5"}]}])
def test_parse_models_refuses_what_is_not_the_wire(body: Any) -> None:
    with pytest.raises(ProtocolError):
        parse_openai_models(body)


def test_parse_embeddings_reads_signed_bytes_where_the_vendor_packs_those() -> None:
    body = {"data": [{"index": 0, "embedding": base64.b64encode(bytes([1, 127, 128, 255])).decode()}]}
    (vector,) = parse_openai_embeddings(body, vector_type="b").vectors
    assert vector == (1.0, 127.0, -128.0, -1.0)
    assert {type(number) for number in vector} == {float}
    body["data"][0]["embedding"] = "no base64!"
    with pytest.raises(ProtocolError, match="signed bytes"):
        parse_openai_embeddings(body, vector_type="b")


def test_parse_models_reads_a_list_without_data_around_it() -> None:
    assert [model.id for model in parse_openai_models([{"id": "a"}, {"id": "b"}])] == ["a", "b"]
    with pytest.raises(ProtocolError, match="`data` list of objects"):
        parse_openai_models(["a"])

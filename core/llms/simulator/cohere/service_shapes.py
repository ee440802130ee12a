"""The shapes of the requests beside chat: vectors, ranking, and tokens in both directions.

Facts: cohere 7.3.1, `v2/client.py` and `base_client.py`, read 2026-11-21.
"""

from __future__ import annotations

from typing import Any

from core.llms.simulator.cohere.shapes import (
    integer,
    list_of,
    number,
    one_of,
    parse_body,
    record,
    tagged,
    text,
)

EMBED_PAGE = "/v2/reference/embed"
RERANK_PAGE = "/v2/reference/rerank"
TOKENIZE_PAGE = "/reference/tokenize"
DETOKENIZE_PAGE = "/reference/detokenize"

_CONTENT = tagged(
    "type",
    {
        "text": record({"type": text, "text": text}),
        "image_url": record({"type": text, "image_url": record({"url": text})}),
    },
)
_EMBED = record(
    {"model": text},
    {
        "input_type": text,
        "texts": list_of(text),
        "images": list_of(text),
        "inputs": list_of(record({"content": list_of(_CONTENT)})),
        "max_tokens": integer,
        "output_dimension": integer,
        "embedding_types": list_of(one_of("float", "int8", "uint8", "binary", "ubinary", "base64")),
        "truncate": one_of("NONE", "START", "END"),
        "priority": integer,
    },
)
_RERANK = record(
    {"model": text, "query": text, "documents": list_of(text)},
    {
        "top_n": integer,
        "max_tokens_per_doc": integer,
        "relevant_spans": record({"mode": one_of("enabled", "disabled")}, {"threshold": number, "max_spans": integer}),
        "priority": integer,
    },
)
_TOKENIZE = record({"model": text}, {"text": text})
_DETOKENIZE = record({"model": text, "tokens": list_of(integer)})


def parse_embed_request(body: bytes) -> dict[str, Any]:
    """The request of vectors. Raises: ApiError."""
    return parse_body(body, _EMBED, EMBED_PAGE)


def parse_rerank_request(body: bytes) -> dict[str, Any]:
    """The request of a ranking. Raises: ApiError."""
    return parse_body(body, _RERANK, RERANK_PAGE)


def parse_tokenize_request(body: bytes) -> dict[str, Any]:
    """The request of a text's tokens. Raises: ApiError."""
    return parse_body(body, _TOKENIZE, TOKENIZE_PAGE)


def parse_detokenize_request(body: bytes) -> dict[str, Any]:
    """The request of the text of tokens. Raises: ApiError."""
    return parse_body(body, _DETOKENIZE, DETOKENIZE_PAGE)

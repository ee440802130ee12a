"""Ranking of documents by the words they share with a query, and the stretches of them that do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.cohere.counting import load
from core.llms.simulator.cohere.errors import invalid_request
from core.llms.simulator.cohere.headers import reply_id
from core.llms.simulator.cohere.models import find_ranking_model
from core.llms.simulator.vectors import embed

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call

_DIMENSIONS = 256
_MOST_DOCUMENTS = 10_000
_USUAL_TOKENS = 4096
_USUAL_THRESHOLD = 0.1
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_DIGITS = 8


def rank(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Answer a request whose shape is checked. Raises: ApiError."""
    model = find_ranking_model(body["model"])
    _check(body, finds_spans=model.finds_spans)
    limit = body.get("max_tokens_per_doc", _USUAL_TOKENS)
    texts = [load().cut(document, limit)[0] for document in body["documents"]]
    results: list[dict[str, Any]] = [
        {"index": index, "relevance_score": _score(body["query"], text)} for index, text in enumerate(texts)
    ]
    if (body.get("relevant_spans") or {}).get("mode") == "enabled":
        for result in results:
            spans = _spans(body["query"], texts[result["index"]], body["relevant_spans"])
            result |= {"relevant_spans": spans} if spans else {}
    ranked = sorted(results, key=_rank)[: body.get("top_n", len(results))]
    meta = {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}}
    return {"id": reply_id(call), "results": ranked, "meta": meta}


def _check(body: dict[str, Any], *, finds_spans: bool) -> None:
    if not body["query"].strip():
        raise invalid_request("query must not be empty or be only whitespace")
    if not body["documents"]:
        raise invalid_request("list of documents must not be empty")
    if len(body["documents"]) > _MOST_DOCUMENTS:
        raise invalid_request(
            f"number of total max chunks (number of documents * max chunks per doc) must be less than {_MOST_DOCUMENTS}"
        )
    for index, document in enumerate(body["documents"]):
        if not document:
            raise invalid_request(f"document at index {index} cannot be empty")
    for name in ("top_n", "max_tokens_per_doc"):
        if body.get(name, 1) < 1:
            raise invalid_request(f"{name} is invalid, value must be at least 1")
    if body.get("priority", 0) < 0:
        raise invalid_request("priority must be greater than or equal to 0.")
    if "relevant_spans" in body and not finds_spans:
        raise invalid_request(f"relevant_spans is not supported by the provided model: {body['model']}.")


def _rank(result: dict[str, Any]) -> tuple[float, int]:
    return -result["relevance_score"], result["index"]


def _score(query: str, text: str) -> float:
    pairs = zip(embed(query, _DIMENSIONS), embed(text, _DIMENSIONS), strict=True)
    return round(min(1.0, max(0.0, sum(left * right for left, right in pairs))), _DIGITS)


def _spans(query: str, text: str, wish: dict[str, Any]) -> list[dict[str, Any]]:
    """The sentences that are near the query, the nearest first."""
    spans = [
        {"start": found.start(), "end": found.end(), "score": _score(query, found.group())}
        for found in _SENTENCE.finditer(text)
    ]
    near = [span for span in spans if span["score"] > wish.get("threshold", _USUAL_THRESHOLD)]
    near.sort(key=_nearness)
    return near[: wish.get("max_spans", len(near))]


def _nearness(span: dict[str, Any]) -> tuple[float, int]:
    return -span["score"], span["start"]

"""The simulated Cohere: its endpoints below `/cohere`, versions 1 and 2. Only the room's entry is here."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from core.llms.simulator.cohere.auth import require_key
from core.llms.simulator.cohere.chat import create_reply
from core.llms.simulator.cohere.chat_shapes import parse_chat_request
from core.llms.simulator.cohere.embeddings import count_embedding_tokens, create_embeddings
from core.llms.simulator.cohere.errors import ApiError, error_for_status
from core.llms.simulator.cohere.headers import limit_error, limit_headers, reply_headers, reply_id
from core.llms.simulator.cohere.model_cards import list_models, model_card
from core.llms.simulator.cohere.ranking import rank
from core.llms.simulator.cohere.service_shapes import (
    parse_detokenize_request,
    parse_embed_request,
    parse_rerank_request,
    parse_tokenize_request,
)
from core.llms.simulator.cohere.stream import encode_event, encode_stream, end_with_error
from core.llms.simulator.cohere.tokenization import detokenize, tokenize
from core.llms.simulator.exchange import HttpReply, json_bytes
from core.llms.simulator.prompt_cache import PromptCache

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits, Verdict

__all__ = ["CohereVendor"]

_API_KEY = "co-simulator"
_EVENT_STREAM = "text/event-stream"
_POSTED = (["v2", "chat"], ["v2", "embed"], ["v2", "rerank"], ["v1", "tokenize"], ["v1", "detokenize"])


class CohereVendor:
    """Cohere's room. `keys` are the accepted keys; None accepts any that does not begin with `invalid`."""

    prefix = "/cohere"
    provider = "cohere"
    base_path = "/cohere"

    def __init__(self, keys: frozenset[str] | None, rate_limits: RateLimits) -> None:
        self._keys = keys
        self._rate_limits = rate_limits
        self._lock = threading.Lock()
        self._cache = PromptCache()

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with Cohere's own error."""
        try:
            return self._routed(call, require_key(call.headers, self._keys))
        except ApiError as error:
            return _refusal(call, error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """Cohere's error reply for a status."""
        assert fault.status is not None
        raw = fault.raw_body()
        if raw is not None:
            return HttpReply(fault.status, reply_headers(call), raw)
        return _refusal(call, error_for_status(fault.status, fault.message))

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The end of a message with which a stream reports that it failed."""
        return encode_event(end_with_error(fault.message or error_for_status(500).message))

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for Cohere's SDK."""
        key = _API_KEY if self._keys is None else sorted(self._keys)[0]
        return {"CO_API_KEY": key, "CO_API_URL": f"{url}{self.prefix}"}

    def _routed(self, call: Call, account: str) -> HttpReply:
        match call.method, call.path.strip("/").split("/"):
            case "POST", ["v2", "chat"]:
                return self._chat(call, account)
            case "POST", ["v2", "embed"]:
                return self._embed(call, account)
            case "POST", ["v2", "rerank"]:
                body = parse_rerank_request(call.body)
                return self._admitted(call, account, body["model"], 0, rank(call, body))
            case "POST", ["v1", "tokenize"]:
                return _json(call, tokenize(parse_tokenize_request(call.body)))
            case "POST", ["v1", "detokenize"]:
                return _json(call, detokenize(parse_detokenize_request(call.body)))
            case "GET", ["v1", "models"]:
                return _json(call, list_models(call.query))
            case "GET", ["v1", "models", name]:
                return _json(call, model_card(name))
            case _, path if path in _POSTED or path[:2] == ["v1", "models"]:
                raise error_for_status(405)
        raise error_for_status(404)

    def _chat(self, call: Call, account: str) -> HttpReply:
        body = parse_chat_request(call.body)
        reply = create_reply(call, account, body, self._cache, self._admit)
        headers = reply_headers(call) | limit_headers(reply.verdict)
        if body.get("stream"):
            return HttpReply(headers=headers, events=encode_stream(reply), content_type=_EVENT_STREAM)
        return HttpReply(headers=headers, body=json_bytes(reply.to_json()))

    def _embed(self, call: Call, account: str) -> HttpReply:
        body = parse_embed_request(call.body)
        reply = create_embeddings(call, body)
        return self._admitted(call, account, body["model"], count_embedding_tokens(body), reply)

    def _admitted(self, call: Call, account: str, model: str, tokens: int, reply: dict[str, Any]) -> HttpReply:
        verdict = self._admit(account, model, tokens)
        if verdict is not None and verdict.refused_by is not None:
            raise limit_error(verdict)
        return HttpReply(headers=reply_headers(call) | limit_headers(verdict), body=json_bytes(reply))

    def _admit(self, account: str, model: str, tokens: int) -> Verdict | None:
        with self._lock:
            return self._rate_limits.admit(account, model, tokens)


def _json(call: Call, body: dict[str, Any]) -> HttpReply:
    return HttpReply(headers=reply_headers(call), body=json_bytes(body))


def _refusal(call: Call, error: ApiError) -> HttpReply:
    headers = reply_headers(call) | error.headers
    return HttpReply(error.status, headers, json_bytes(error.body(reply_id(call))))

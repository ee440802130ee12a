"""The simulated Ollama below `/ollama`: a server on a machine of one's own, with a few models pulled, and no keys.

Here are the ways in. What is asked and answered is in the modules beside this one.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from core.llms.simulator.exchange import HttpReply, json_bytes
from core.llms.simulator.ollama.chat import Reply, answer_chat, answer_prompt
from core.llms.simulator.ollama.errors import ApiError, error_for_status
from core.llms.simulator.ollama.loading import Memory
from core.llms.simulator.ollama.models import Model, find_model
from core.llms.simulator.ollama.others import embed_input, embed_prompt, list_loaded, list_models, show_model
from core.llms.simulator.ollama.requests import read_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits

__all__ = ["OllamaVendor"]

_JSON = "application/json; charset=utf-8"
_LINES = "application/x-ndjson"
_TEXT = "text/plain; charset=utf-8"
_VERSION = "0.35.1"
_ROUTES = {
    "/": "GET",
    "/api/version": "GET",
    "/api/tags": "GET",
    "/api/ps": "GET",
    "/api/show": "POST",
    "/api/chat": "POST",
    "/api/generate": "POST",
    "/api/embed": "POST",
    "/api/embeddings": "POST",
}
_SHAPES = {
    "/api/show": "ShowRequest",
    "/api/chat": "ChatRequest",
    "/api/generate": "GenerateRequest",
    "/api/embed": "EmbedRequest",
    "/api/embeddings": "EmbeddingRequest",
}


class OllamaVendor:
    """A server of Ollama. Limits, which a real one has none of, are refused as a proxy before it would."""

    prefix = "/ollama"
    provider = "ollama"
    base_path = "/ollama"

    def __init__(self, rate_limits: RateLimits) -> None:
        self._rate_limits = rate_limits
        self._lock = threading.Lock()
        self._memory = Memory()

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with the server's own error."""
        method = _ROUTES.get(call.path)
        if method is None:
            return HttpReply(404, body=b"404 page not found", content_type=_TEXT)
        if call.method != method:
            return HttpReply(405, {"Allow": method}, b"405 method not allowed", content_type=_TEXT)
        try:
            return self._asked(call) if method == "POST" else self._told(call.path)
        except ApiError as error:
            return _refuse(error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """The server's error reply for a status."""
        assert fault.status is not None
        raw = fault.raw_body()
        if raw is not None:
            return HttpReply(fault.status, body=raw, content_type=_JSON)
        return _refuse(error_for_status(fault.status, fault.message))

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The line with which a stream says that it fails."""
        return _line(error_for_status(500, fault.message).body())

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for Ollama's tools and SDK."""
        return {"OLLAMA_HOST": f"{url}{self.prefix}"}

    def _told(self, path: str) -> HttpReply:
        match path:
            case "/api/version":
                return _json({"version": _VERSION})
            case "/api/tags":
                return _json(list_models())
            case "/api/ps":
                return _json(list_loaded(self._memory))
        return HttpReply(body=b"Ollama is running", content_type=_TEXT)

    def _asked(self, call: Call) -> HttpReply:
        body = read_body(call, _SHAPES[call.path])
        name = body.get("model") or body.get("name") or ""
        model = _find(call.path, name)
        match call.path:
            case "/api/show":
                return _json(show_model(model))
            case "/api/chat":
                return _spoken(body, answer_chat(call, body, model, *self._beside(call, model)))
            case "/api/generate":
                return _spoken(body, answer_prompt(call, body, model, *self._beside(call, model)))
            case "/api/embed":
                return _json(embed_input(body, model, self._memory))
        return _json(embed_prompt(body, model, self._memory))

    def _beside(self, call: Call, model: Model) -> tuple[Memory, Callable[[int], None]]:
        """The memory, and what takes the tokens of a prompt out of a limit."""

        def admit(tokens: int) -> None:
            with self._lock:
                verdict = self._rate_limits.admit(call.headers.get("authorization", ""), model.name, tokens)
            if verdict is not None and verdict.refused_by is not None:
                raise error_for_status(429)

        return self._memory, admit


def _find(path: str, name: str) -> Model:
    """The model of a name. Raises: ApiError, which each route words in its own way."""
    if not name and path in ("/api/chat", "/api/show", "/api/embeddings"):
        raise ApiError("model is required")
    model = find_model(name)
    if model is not None:
        return model
    if name and path in ("/api/embed", "/api/embeddings"):
        raise ApiError(f'model "{name}" not found, try pulling it first', status=404)
    raise ApiError(f"model '{name}' not found", status=404)


def _spoken(body: dict[str, Any], reply: Reply | dict[str, Any]) -> HttpReply:
    """A reply line by line, which is usual, or in one."""
    if isinstance(reply, dict):
        return _json(reply)
    if body.get("stream", True):
        return HttpReply(events=tuple(_line(line) for line in reply.lines()), content_type=_LINES)
    return _json(reply.whole())


def _json(body: dict[str, Any]) -> HttpReply:
    return HttpReply(body=json_bytes(body), content_type=_JSON)


def _line(value: dict[str, Any]) -> bytes:
    return json_bytes(value) + b"\n"


def _refuse(error: ApiError) -> HttpReply:
    return HttpReply(error.status, body=json_bytes(error.body()), content_type=_JSON)

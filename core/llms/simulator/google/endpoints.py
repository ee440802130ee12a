"""What the Gemini API and Vertex AI do alike: a method of a model, from a call to its reply."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from core.llms.simulator.exchange import HttpReply, json_bytes
from core.llms.simulator.google.counting import prompt_pieces, token_details
from core.llms.simulator.google.embeddings import batch_embed, embed_content, predict
from core.llms.simulator.google.errors import ApiError, error_for_status
from core.llms.simulator.google.generation import Response, create_response, to_conversation
from core.llms.simulator.google.proto import parse_message
from core.llms.simulator.google.quotas import quota_error
from core.llms.simulator.google.rules import check_prompt
from core.llms.simulator.google.shapes import MESSAGES
from core.llms.simulator.prompt_cache import PromptCache

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.google.models import Model
    from core.llms.simulator.rate_limits import RateLimits

JSON_TYPE = "application/json; charset=UTF-8"
_EVENT_STREAM = "text/event-stream"
_STREAM = "streamGenerateContent"


class Endpoints:
    """The methods of models; `vertex` says whose, `package` how types are named in errors."""

    def __init__(self, rate_limits: RateLimits, *, vertex: bool) -> None:
        self._rate_limits = rate_limits
        self._lock = threading.Lock()
        self._cache = PromptCache()
        self._vertex = vertex
        self._package = "google.cloud.aiplatform.v1beta1" if vertex else "google.ai.generativelanguage.v1beta"

    def run(self, call: Call, account: str, model: Model, method: str) -> HttpReply:
        """Run a method of a model. Raises: ApiError."""
        match model.kind, method:
            case "generate", "generateContent":
                return reply_json(self._generate(call, account, model).to_json())
            case "generate", "streamGenerateContent":
                return _stream(call, self._generate(call, account, model))
            case "generate", "countTokens":
                return reply_json(self._count(call, model))
            case "embed", "batchEmbedContents":
                batch = self._parse(call, "BatchEmbedContentsRequest")
                return reply_json(batch_embed(batch, model, vertex=self._vertex))
            case "embed", "embedContent":
                return reply_json(embed_content(self._parse(call, "EmbedContentRequest"), model))
            case "embed", "predict" if self._vertex:
                return reply_json(predict(self._parse(call, "PredictRequest"), model))
        raise ApiError(f"models/{model.name} is not supported for {method}.", code=404)

    def _parse(self, call: Call, name: str) -> dict[str, Any]:
        return parse_message(call.body, name, MESSAGES, self._package)

    def _generate(self, call: Call, account: str, model: Model) -> Response:
        request = self._parse(call, "GenerateContentRequest")

        def admit(name: str, tokens: int) -> None:
            with self._lock:
                verdict = self._rate_limits.admit(account, name, tokens)
            if verdict is not None and verdict.refused_by is not None:
                raise quota_error(verdict, name, vertex=self._vertex)

        return create_response(call, request, model, self._cache, admit, account, vertex=self._vertex)

    def _count(self, call: Call, model: Model) -> dict[str, Any]:
        request = self._parse(call, "CountTokensRequest")
        wrapped = request.get("generateContentRequest")
        if wrapped is not None and "contents" in request:
            raise ApiError("Only one of contents and generate_content_request may be set.")
        counted = wrapped if wrapped is not None else request
        check_prompt(counted, model, vertex=self._vertex)
        to_conversation(counted, vertex=self._vertex)
        counts = _counted(counted, model)
        reply: dict[str, Any] = {"totalTokens": counts.total(), "promptTokensDetails": token_details(counts)}
        if self._vertex:
            reply["totalBillableCharacters"] = _characters(counted)
        return reply


def reply_json(body: dict[str, Any]) -> HttpReply:
    """A body as a whole reply."""
    return HttpReply(body=json_bytes(body), content_type=JSON_TYPE)


def refuse(call: Call, error: ApiError) -> HttpReply:
    """An error as a reply: bare, or the one member of a list where a stream would have been a list."""
    if _STREAM not in call.path:
        return HttpReply(error.code, body=json_bytes(error.body()), content_type=JSON_TYPE)
    if call.query.get("alt") == "sse":
        return HttpReply(error.code, body=json_bytes(error.body()), content_type=_EVENT_STREAM)
    return HttpReply(error.code, body=json_bytes([error.body()]), content_type=JSON_TYPE)


def fail(call: Call, fault: Fault) -> HttpReply:
    """The reply to `fault.status`."""
    assert fault.status is not None
    raw = fault.raw_body()
    if raw is not None:
        return HttpReply(fault.status, body=raw, content_type=JSON_TYPE)
    return refuse(call, error_for_status(fault.status, fault.code, fault.message, fault.retry_after))


def stream_error(call: Call, fault: Fault) -> bytes:
    """What a stream says when it fails: JSON over several lines, without `data:`, as a server in front writes it."""
    error = error_for_status(503, fault.code, fault.message).body()["error"]
    lines = ["{", '  "error": {']
    members = [f'    "{name}": {json_bytes(value).decode()}' for name, value in error.items()]
    lines += [f"{member}," for member in members[:-1]] + [members[-1], "  }", "}"]
    text = "\r\n".join(lines)
    if call.query.get("alt") == "sse":
        return f"{text}\r\n\r\n".encode()
    return f",\r\n{text}\r\n]".encode()


def _stream(call: Call, response: Response) -> HttpReply:
    chunks = [json_bytes(chunk) for chunk in response.chunks()]
    if call.query.get("alt") == "sse":
        events = tuple(b"data: " + chunk + b"\r\n\r\n" for chunk in chunks)
        return HttpReply(events=events, content_type=_EVENT_STREAM)
    listed = [b"[" + chunks[0], *(b",\r\n" + chunk for chunk in chunks[1:]), b"]"]
    return HttpReply(events=tuple(listed), content_type=JSON_TYPE)


def _counted(request: dict[str, Any], model: Model) -> Counter[str]:
    counts: Counter[str] = Counter()
    for modality, segment in prompt_pieces(request, model):
        counts[modality] += segment.tokens
    return counts


def _characters(request: dict[str, Any]) -> int:
    contents = [*(request.get("contents") or []), request.get("systemInstruction") or {}]
    texts = [part.get("text", "") for content in contents for part in content.get("parts") or []]
    return sum(len("".join(text.split())) for text in texts)

"""What a vendor answers on each wire, in the wire's own bytes: whole, streamed, with a tool's call, and as an error.

Every answer says "Hello", streamed in two pieces; every call is `get_weather` for Oslo. What a vendor says otherwise
than others on its wire is in the vendor's row (`tests/contract/providers/`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from tests.support import chat_bytes, event_frames, response_bytes

SSE: Final = "text/event-stream"
ARGUMENTS: Final = {"city": "Oslo"}
CALL_ID: Final = "call00001"


def json_error(status: int, message: str) -> bytes:
    """OpenAI's form of an error."""
    error = {"message": message, "type": "some_error", "param": None, "code": None}
    return json.dumps({"error": error}).encode()


@dataclass(frozen=True)
class Replies:
    """The bytes of one wire.

    `stream` are whole frames; the last `proof_frames` of them hold what proves the answer whole: a stream that ends
    before them is cut. `error` gives the body, `error_headers` what goes with it, for a status and a message.
    `request_id_header` names the header of the vendor's id, None where it sends none. `retry_after_in_body` is true
    where the vendor asks to wait in the body alone. `takes_turns` is false where the wire takes one prompt, no more.
    """

    answer: bytes
    call: bytes
    stream: tuple[bytes, ...]
    proof_frames: int = 1
    stream_type: str = SSE
    error: Callable[[int, str], bytes] = json_error
    error_headers: Callable[[int], Mapping[str, str]] = field(default=lambda status: {})
    request_id_header: str | None = "x-request-id"
    retry_after_in_body: bool = False
    takes_turns: bool = True


def _function_call() -> dict[str, Any]:
    return {"id": CALL_ID, "type": "function", "function": {"name": "get_weather", "arguments": json.dumps(ARGUMENTS)}}


def _chat_call() -> bytes:
    function = {"name": "get_weather", "arguments": json.dumps(ARGUMENTS)}
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": CALL_ID, "type": "function", "function": function}],
    }
    return chat_bytes.completion(choices=[{"index": 0, "message": message, "finish_reason": "tool_calls"}])


CHAT: Final = Replies(
    answer=chat_bytes.completion("Hello"),
    call=_chat_call(),
    stream=tuple(chat_bytes.stream("Hel", "lo")),
)


def _responses_call() -> bytes:
    item = {
        "id": "fc_1",
        "type": "function_call",
        "call_id": CALL_ID,
        "name": "get_weather",
        "arguments": json.dumps(ARGUMENTS),
        "status": "completed",
    }
    return response_bytes.response(output=[item])


RESPONSES: Final = Replies(
    answer=response_bytes.response("Hello"),
    call=_responses_call(),
    stream=tuple(response_bytes.stream("Hel", "lo")),
)


def _message(*content: dict[str, Any], reason: str = "end_turn") -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": list(content),
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }


def _named_event(event: dict[str, Any]) -> bytes:
    return f"event: {event['type']}\n".encode() + b"data: " + json.dumps(event).encode() + b"\n\n"


def _messages_error(status: int, message: str) -> bytes:
    kinds = {400: "invalid_request_error", 429: "rate_limit_error", 500: "api_error", 529: "overloaded_error"}
    error = {"type": kinds.get(status, "error"), "message": message}
    return json.dumps({"type": "error", "error": error}).encode()


MESSAGES: Final = Replies(
    answer=json.dumps(_message({"type": "text", "text": "Hello"})).encode(),
    call=json.dumps(
        _message({"type": "tool_use", "id": CALL_ID, "name": "get_weather", "input": ARGUMENTS}, reason="tool_use")
    ).encode(),
    stream=tuple(
        _named_event(event)
        for event in (
            {"type": "message_start", "message": {**_message(), "stop_reason": None}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hel"}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "lo"}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}},
            {"type": "message_stop"},
        )
    ),
    error=_messages_error,
    request_id_header="request-id",
)


def _candidate(*parts: dict[str, Any], finish: str | None = "STOP") -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    usage = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
    ended = {"candidates": [{**candidate, "finishReason": finish}], "usageMetadata": usage}
    facts = {"modelVersion": "gemini", "responseId": "r1"}
    return {**(ended if finish else {"candidates": [candidate]}), **facts}


def _gemini_error(status: int, message: str) -> bytes:
    states = {400: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE"}
    error: dict[str, Any] = {"code": status, "message": message, "status": states.get(status, "UNKNOWN")}
    if status in (429, 503):
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.01s"}]
    return json.dumps({"error": error}).encode()


GEMINI: Final = Replies(
    answer=json.dumps(_candidate({"text": "Hello"})).encode(),
    call=json.dumps(_candidate({"functionCall": {"id": CALL_ID, "name": "get_weather", "args": ARGUMENTS}})).encode(),
    stream=tuple(
        b"data: " + json.dumps(chunk).encode() + b"\r\n\r\n"
        for chunk in (
            _candidate({"text": "Hel"}, finish=None),
            _candidate({"text": "lo"}, finish=None),
            _candidate({"text": ""}),
        )
    ),
    error=_gemini_error,
    request_id_header=None,
    retry_after_in_body=True,
)


def _converse(*content: dict[str, Any], reason: str) -> bytes:
    body = {
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": reason,
        "usage": {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15},
        "metrics": {"latencyMs": 1},
    }
    return json.dumps(body).encode()


_EXCEPTIONS: Final = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    409: "ConflictException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}

CONVERSE: Final = Replies(
    answer=_converse({"text": "Hello"}, reason="end_turn"),
    call=_converse({"toolUse": {"toolUseId": CALL_ID, "name": "get_weather", "input": ARGUMENTS}}, reason="tool_use"),
    stream=(
        event_frames.event("messageStart", {"role": "assistant"}),
        event_frames.event("contentBlockDelta", {"delta": {"text": "Hel"}, "contentBlockIndex": 0}),
        event_frames.event("contentBlockDelta", {"delta": {"text": "lo"}, "contentBlockIndex": 0}),
        event_frames.event("contentBlockStop", {"contentBlockIndex": 0}),
        event_frames.event("messageStop", {"stopReason": "end_turn"}),
        event_frames.event("metadata", {"usage": {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15}}),
    ),
    stream_type="application/vnd.amazon.eventstream",
    error=lambda status, message: json.dumps({"message": message}).encode(),
    error_headers=lambda status: {"x-amzn-errortype": _EXCEPTIONS[status]} if status in _EXCEPTIONS else {},
    request_id_header="x-amzn-requestid",
)


def _ollama(message: dict[str, Any], done: bool = True) -> dict[str, Any]:
    end = {"done_reason": "stop", "prompt_eval_count": 10, "eval_count": 5} if done else {}
    return {"model": "m", "message": {"role": "assistant", **message}, "done": done, **end}


OLLAMA: Final = Replies(
    answer=json.dumps(_ollama({"content": "Hello"})).encode(),
    call=json.dumps(
        _ollama(
            {
                "content": "",
                "tool_calls": [{"id": CALL_ID, "function": {"name": "get_weather", "arguments": ARGUMENTS}}],
            }
        )
    ).encode(),
    stream=tuple(
        json.dumps(line).encode() + b"\n"
        for line in (
            _ollama({"content": "Hel"}, done=False),
            _ollama({"content": "lo"}, done=False),
            _ollama({"content": ""}),
        )
    ),
    stream_type="application/x-ndjson",
    error=lambda status, message: json.dumps({"error": message}).encode(),
    request_id_header=None,
)


def _cohere(message: dict[str, Any], finish: str) -> bytes:
    usage = {"billed_units": {"input_tokens": 10, "output_tokens": 5}}
    body = {"id": "c1", "finish_reason": finish, "message": {"role": "assistant", **message}, "usage": usage}
    return json.dumps(body).encode()


def _cohere_stream() -> tuple[bytes, ...]:
    def piece(text: str) -> dict[str, Any]:
        return {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": text}}}}

    end = {"finish_reason": "COMPLETE", "usage": {"billed_units": {"input_tokens": 10, "output_tokens": 5}}}
    begun = {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}}
    events = (
        {"type": "message-start", "id": "c1", "delta": {"message": {"role": "assistant"}}},
        begun,
        piece("Hel"),
        piece("lo"),
        {"type": "content-end", "index": 0},
        {"type": "message-end", "id": "c1", "delta": end},
    )
    return tuple(_named_event(event) for event in events)


COHERE: Final = Replies(
    answer=_cohere({"content": [{"type": "text", "text": "Hello"}]}, "COMPLETE"),
    call=_cohere({"tool_calls": [_function_call()]}, "TOOL_CALL"),
    stream=_cohere_stream(),
    error=lambda status, message: json.dumps({"message": message, "id": "c2"}).encode(),
    request_id_header="x-debug-trace-id",
)


def reason_phrase(status: int) -> str:
    """What stands after a status in HTTP."""
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Overloaded"

"""The simulated Anthropic: its endpoints below `/anthropic/v1`. Only the room's entry is here."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.auth import check_betas, require_key, require_version
from core.llms.simulator.anthropic.errors import ApiError, error_for_status, error_for_stream
from core.llms.simulator.anthropic.headers import limit_headers, reply_headers
from core.llms.simulator.anthropic.messages import count_tokens, create_message
from core.llms.simulator.anthropic.model_cards import list_models, model_card
from core.llms.simulator.anthropic.seals import identifier
from core.llms.simulator.anthropic.stream import encode_event, encode_stream
from core.llms.simulator.anthropic.validation import parse_count_request, parse_message_request
from core.llms.simulator.exchange import HttpReply, json_bytes
from core.llms.simulator.prompt_cache import PromptCache

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits, Verdict

__all__ = ["AnthropicVendor"]

_API_KEY = "sk-ant-simulator"
_EVENT_STREAM = "text/event-stream; charset=utf-8"


class AnthropicVendor:
    """Anthropic's room. `keys` are the accepted keys; None accepts any that does not begin with `invalid`."""

    prefix = "/anthropic"
    provider = "anthropic"
    base_path = "/anthropic"

    def __init__(self, keys: frozenset[str] | None, rate_limits: RateLimits) -> None:
        self._keys = keys
        self._rate_limits = rate_limits
        self._lock = threading.Lock()
        self._cache = PromptCache()

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with Anthropic's own error."""
        try:
            account = require_key(call.headers, self._keys)
            version = require_version(call.headers)
            check_betas(call.headers)
            return self._routed(call, account, version)
        except ApiError as error:
            return _refusal(call, error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """Anthropic's error reply for a status."""
        assert fault.status is not None
        raw = fault.raw_body()
        if raw is not None:
            return HttpReply(fault.status, reply_headers(_request_id(call)), raw)
        return _refusal(call, error_for_status(fault.status, fault.code, fault.message))

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The event with which a stream reports that it failed."""
        return encode_event(error_for_stream(fault.code, fault.message).body(_request_id(call)))

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for Anthropic's SDKs."""
        key = _API_KEY if self._keys is None else sorted(self._keys)[0]
        return {"ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": f"{url}{self.prefix}"}

    def _routed(self, call: Call, account: str, version: str) -> HttpReply:
        match call.method, call.path.strip("/").split("/"):
            case "POST", ["v1", "messages"]:
                return self._message(call, account, version)
            case "POST", ["v1", "messages", "count_tokens"]:
                count = count_tokens(parse_count_request(call.body), version)
                return _json(call, {"input_tokens": count})
            case "GET", ["v1", "models"]:
                return _json(call, list_models(call.query))
            case "GET", ["v1", "models", name]:
                return _json(call, model_card(name))
            case _, ["v1", "messages"] | ["v1", "messages", "count_tokens"] | ["v1", "models"]:
                raise ApiError("Method Not Allowed", status=405)
        raise ApiError("Not Found", status=404)

    def _message(self, call: Call, account: str, version: str) -> HttpReply:
        body = parse_message_request(call.body, version)
        message = create_message(call, account, body, version, self._cache, self._admit)
        headers = reply_headers(_request_id(call)) | limit_headers(message.verdict)
        if body.get("stream"):
            return HttpReply(headers=headers, events=encode_stream(message), content_type=_EVENT_STREAM)
        return HttpReply(headers=headers, body=json_bytes(message.to_json()))

    def _admit(self, account: str, model: str, tokens: int) -> Verdict | None:
        with self._lock:
            return self._rate_limits.admit(account, model, tokens)


def _request_id(call: Call) -> str:
    return identifier("req_", call)


def _json(call: Call, body: dict[str, Any]) -> HttpReply:
    return HttpReply(headers=reply_headers(_request_id(call)), body=json_bytes(body))


def _refusal(call: Call, error: ApiError) -> HttpReply:
    request_id = _request_id(call)
    return HttpReply(error.status, reply_headers(request_id) | error.headers, json_bytes(error.body(request_id)))

"""The simulated OpenAI: its endpoints below `/v1`. Only the room's entry is here; each wire has its module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.exchange import HttpReply, json_bytes, server_sent_event
from core.llms.simulator.openai.auth import require_key
from core.llms.simulator.openai.endpoints import Endpoints, parse_body
from core.llms.simulator.openai.errors import ApiError, error_for_status, model_not_found, model_retired
from core.llms.simulator.openai.headers import reply_headers
from core.llms.simulator.openai.models import MODELS, RETIRED, Model, find_model
from core.llms.simulator.openai.responses_stream import error_event

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits

__all__ = ["OpenAIVendor"]

_API_KEY = "sk-simulator"


class OpenAIVendor:
    """OpenAI's room. `keys` are the accepted keys; None accepts any that does not begin with `invalid`."""

    prefix = "/v1"
    provider = "openai"
    base_path = "/v1"

    def __init__(self, keys: frozenset[str] | None, rate_limits: RateLimits) -> None:
        self._keys = keys
        self._endpoints = Endpoints(rate_limits, resolve_model=_resolve)

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with OpenAI's own error."""
        try:
            account = require_key(call.headers, self._keys)
            return self._routed(call, account)
        except ApiError as error:
            return self._refusal(call, error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """OpenAI's error reply for a status."""
        assert fault.status is not None
        raw = fault.raw_body()
        if raw is not None:
            return HttpReply(fault.status, self._headers(call), raw)
        return self._refusal(call, error_for_status(fault.status, fault.code, fault.message))

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The event with which a stream reports that it failed."""
        error = error_for_status(500, fault.code, fault.message)
        if call.path == "/responses":
            return error_event(error)
        return server_sent_event(error.body())

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for OpenAI's SDKs."""
        key = _API_KEY if self._keys is None else sorted(self._keys)[0]
        return {"OPENAI_API_KEY": key, "OPENAI_BASE_URL": f"{url}/v1"}

    def _routed(self, call: Call, account: str) -> HttpReply:
        match call.method, call.path.strip("/").split("/"):
            case "POST", ["chat", "completions"]:
                return self._endpoints.chat(call, account, parse_body(call.body))
            case "POST", ["responses"]:
                return self._endpoints.responses(call, account, parse_body(call.body))
            case "POST", ["responses", "input_tokens"]:
                return self._endpoints.input_tokens(call, account, parse_body(call.body))
            case "GET", ["responses", response_id]:
                return self._endpoints.stored_response(call, account, response_id)
            case "POST", ["embeddings"]:
                return self._endpoints.embeddings(call, account, parse_body(call.body))
            case "GET", ["models"]:
                return self._json(call, {"object": "list", "data": [model_card(model) for model in MODELS.values()]})
            case "GET", ["models", name]:
                model = find_model(name)
                if model is None:
                    raise ApiError(
                        f"The model '{name}' does not exist", param="model", code="model_not_found", status=404
                    )
                return self._json(call, model_card(model))
            case method, ["chat", "completions"] | ["embeddings"] | ["responses"]:
                message = f"Not allowed to {method} on /v1{call.path}."
                raise ApiError(message, code="method_not_supported", status=405)
        raise ApiError(f"Invalid URL ({call.method} /v1{call.path})", status=404)

    def _json(self, call: Call, body: dict[str, Any]) -> HttpReply:
        return HttpReply(headers=self._headers(call, limits=False), body=json_bytes(body))

    def _headers(self, call: Call, *, limits: bool = True) -> dict[str, str]:
        return reply_headers(self._endpoints.request_id(call), None, limits=limits)

    def _refusal(self, call: Call, error: ApiError) -> HttpReply:
        headers = self._headers(call, limits=error.status == 429) | error.headers
        return HttpReply(error.status, headers, json_bytes(error.body()))


def model_card(model: Model) -> dict[str, Any]:
    """A model as the list of models shows it."""
    return {"id": model.name, "object": "model", "created": model.created, "owned_by": "system"}


def _resolve(name: str) -> Model:
    model = find_model(name)
    if model is None:
        raise model_retired(name) if name in RETIRED else model_not_found(name)
    return model

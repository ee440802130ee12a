"""The simulated Azure OpenAI: deployments, the v1 route and the dated routes, with Azure's deviations.

The models behind the deployments answer as OpenAI's do; here is what Azure does differently.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.azure.errors import (
    AzureError,
    bad_key,
    bad_token,
    error_for_status,
    gateway_error,
    no_deployment,
    not_found,
    prompt_filtered,
    rate_limited,
)
from core.llms.simulator.azure.filters import (
    TRIGGER,
    filtered_chunks,
    filtered_completion,
    filtered_events,
    filtered_response,
)
from core.llms.simulator.azure.headers import identifying_headers, limit_headers
from core.llms.simulator.exchange import HttpReply, json_bytes, server_sent_event
from core.llms.simulator.openai.auth import bearer_token, is_accepted
from core.llms.simulator.openai.chat_stream import encode_chunks, stream_chunks
from core.llms.simulator.openai.endpoints import Endpoints, event_stream, pads_events, parse_body
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.errors import error_for_status as openai_error_for_status
from core.llms.simulator.openai.models import MODELS, Model, find_model
from core.llms.simulator.openai.responses_stream import encode_events, error_event, stream_events

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits, Verdict

__all__ = ["AzureVendor"]

_API_KEY = "azure-simulator-key"
_DEFAULT_DEPLOYMENT = "gpt-4.1-mini"
_DATED_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")
_UNDATED_VERSIONS = ("v1", "preview", "latest")


class AzureVendor:
    """Azure's room. `deployments` maps names to models; None gives every known model one of its own name."""

    prefix = "/azure"
    provider = "azure"
    base_path = "/azure"

    def __init__(
        self, keys: frozenset[str] | None, deployments: Mapping[str, str] | None, rate_limits: RateLimits
    ) -> None:
        self._keys = keys
        self._deployments = _resolved(deployments)
        self._endpoints = Endpoints(rate_limits, resolve_model=self._resolve)

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with Azure's own error."""
        try:
            account = self._require_key(call)
            return self._routed(call, account)
        except AzureError as error:
            return self._refusal(call, error)
        except ApiError as error:
            if error.status == 429:
                retry = {name: value for name, value in error.headers.items() if name.startswith("retry-after")}
                return self._refusal(call, rate_limited(_named_model(call), retry))
            return self._refusal(call, AzureError(error.status, error.body()))

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """Azure's error reply for a status."""
        assert fault.status is not None
        raw = fault.raw_body()
        if raw is not None:
            return HttpReply(fault.status, identifying_headers(call), raw)
        if fault.code == "content_filter":
            return self._refusal(call, prompt_filtered())
        return self._refusal(call, error_for_status(fault.status, fault.code, fault.message))

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The event with which a stream reports that it failed."""
        error = openai_error_for_status(500, fault.code, fault.message)
        return error_event(error) if call.path.endswith("/responses") else server_sent_event(error.body())

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for Azure's SDKs."""
        key = _API_KEY if self._keys is None else sorted(self._keys)[0]
        names = sorted(self._deployments)
        deployment = _DEFAULT_DEPLOYMENT if _DEFAULT_DEPLOYMENT in self._deployments else names[0]
        return {
            "AZURE_OPENAI_API_KEY": key,
            "AZURE_OPENAI_KEY": key,
            "AZURE_OPENAI_ENDPOINT": f"{url}{self.prefix}",
            "AZURE_OPENAI_DEPLOYMENT": deployment,
        }

    def _require_key(self, call: Call) -> str:
        key = call.headers.get("api-key", "")
        if key:
            if not is_accepted(key, self._keys):
                raise bad_key()
            return key
        token = bearer_token(call.headers)
        if not token:
            raise bad_key()
        if not is_accepted(token, self._keys):
            raise bad_token()
        return token

    def _routed(self, call: Call, account: str) -> HttpReply:
        version = call.query.get("api-version")
        match call.path.strip("/").split("/"):
            case ["openai", "v1", *rest]:
                if version is not None and version not in _UNDATED_VERSIONS:
                    raise gateway_error(400, "BadRequest", "API version not supported")
                return self._served(call, account, rest, None)
            case ["openai", "deployments", deployment, *rest] if rest in (["chat", "completions"], ["embeddings"]):
                _require_dated(version)
                return self._served(call, account, rest, deployment)
            case ["openai", *rest] if rest and rest[0] in ("responses", "models"):
                _require_dated(version)
                return self._served(call, account, rest, None)
        raise not_found()

    def _served(self, call: Call, account: str, path: list[str], deployment: str | None) -> HttpReply:
        match call.method, path:
            case "POST", ["chat", "completions"]:
                return self._chat(call, account, self._body(call, deployment))
            case "POST", ["embeddings"]:
                return self._as_azure(call, self._endpoints.embeddings(call, account, self._body(call, deployment)))
            case "POST", ["responses"]:
                return self._responses(call, account, self._body(call, None))
            case "POST", ["responses", "input_tokens"]:
                return self._as_azure(call, self._endpoints.input_tokens(call, account, parse_body(call.body)))
            case "GET", ["responses", response_id]:
                return self._as_azure(call, self._endpoints.stored_response(call, account, response_id))
            case "GET", ["models"]:
                cards = [model_card(model) for model in MODELS.values()]
                return self._json(call, {"data": cards, "object": "list"})
            case "GET", ["models", name]:
                model = find_model(name)
                if model is None:
                    raise not_found()
                return self._json(call, model_card(model))
        raise not_found()

    def _body(self, call: Call, deployment: str | None) -> Any:
        """The request; on a dated route the deployment of the path stands for its model."""
        if deployment is not None and deployment not in self._deployments:
            raise no_deployment()
        body = parse_body(call.body)
        if TRIGGER in call.body:
            raise prompt_filtered()
        if deployment is not None and isinstance(body, dict):
            return body | {"model": deployment}
        return body

    def _chat(self, call: Call, account: str, body: Any) -> HttpReply:
        completion = self._endpoints.complete(call, account, body)
        headers = self._headers(call, completion.verdict)
        if body.get("stream"):
            return event_stream(headers, encode_chunks(filtered_chunks(stream_chunks(completion))))
        return HttpReply(headers=headers, body=json_bytes(filtered_completion(completion)))

    def _responses(self, call: Call, account: str, body: Any) -> HttpReply:
        response = self._endpoints.respond(call, account, body)
        headers = self._headers(call, response.verdict)
        deployment = body["model"]
        if body.get("stream"):
            events = filtered_events(stream_events(response), deployment)
            return event_stream(headers, encode_events(events, pads_events(body)))
        return HttpReply(headers=headers, body=json_bytes(filtered_response(response.body, deployment)))

    def _as_azure(self, call: Call, reply: HttpReply) -> HttpReply:
        return HttpReply(reply.status, self._headers(call, None), reply.body)

    def _json(self, call: Call, body: dict[str, Any]) -> HttpReply:
        return HttpReply(headers=identifying_headers(call), body=json_bytes(body))

    def _headers(self, call: Call, verdict: Verdict | None) -> dict[str, str]:
        return identifying_headers(call) | limit_headers(verdict)

    def _refusal(self, call: Call, error: AzureError) -> HttpReply:
        headers = identifying_headers(call) | error.headers
        if isinstance(error.body, str):
            return HttpReply(error.status, headers, error.body.encode(), content_type="text/plain; charset=utf-8")
        return HttpReply(error.status, headers, json_bytes(error.body))

    def _resolve(self, name: str) -> Model:
        model = self._deployments.get(name)
        if model is None:
            raise no_deployment()
        return model


def model_card(model: Model) -> dict[str, Any]:
    """A model as Azure lists it."""
    chat = model.kind == "chat"
    capabilities = {
        "fine_tune": False,
        "inference": True,
        "completion": False,
        "chat_completion": chat,
        "embeddings": not chat,
    }
    return {
        "capabilities": capabilities,
        "lifecycle_status": "generally-available",
        "id": model.name,
        "status": "succeeded",
        "created": model.created,
        "created_at": model.created,
        "updated_at": model.created,
        "object": "model",
        "owned_by": "system",
    }


def _require_dated(version: str | None) -> None:
    if version is None or _DATED_VERSION.fullmatch(version) is None:
        raise not_found()


def _named_model(call: Call) -> str:
    match call.path.strip("/").split("/"):
        case ["openai", "deployments", deployment, *_]:
            return deployment
    return str(parse_body(call.body)["model"])


def _resolved(deployments: Mapping[str, str] | None) -> dict[str, Model]:
    if deployments is None:
        return dict(MODELS)
    resolved = {}
    for name, model_name in deployments.items():
        model = find_model(model_name)
        if model is None:
            raise ValueError(f"deployment {name!r} names the unknown model {model_name!r}")
        resolved[name] = model
    if not resolved:
        raise ValueError("deployments must not be empty")
    return resolved

"""The simulated Google: the Gemini API below `/google`, Vertex AI below `/vertex`. Only the entries are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.exchange import HttpReply
from core.llms.simulator.google.auth import require_credential, require_key
from core.llms.simulator.google.endpoints import Endpoints, fail, refuse, reply_json, stream_error
from core.llms.simulator.google.errors import ApiError
from core.llms.simulator.google.model_cards import gemini_card, list_models, list_publisher_models, publisher_card
from core.llms.simulator.google.models import MODELS, VERTEX_EMBEDDINGS, Model

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits

__all__ = ["GeminiVendor", "VertexVendor"]

_API_KEY = "AIza-simulator"
_PROJECT = "simulator-project"
_LOCATION = "us-central1"
_GEMINI_VERSIONS = ("v1", "v1beta", "v1alpha")
_VERTEX_VERSIONS = ("v1", "v1beta1")
_NOT_FOUND_PAGE = b"<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n"


class GeminiVendor:
    """The Gemini API. `keys` are the accepted keys; None accepts any that does not begin with `invalid`."""

    prefix = "/google"
    provider = "google"
    base_path = "/google"

    def __init__(self, keys: frozenset[str] | None, rate_limits: RateLimits) -> None:
        self._keys = keys
        self._endpoints = Endpoints(rate_limits, vertex=False)

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with Google's own error."""
        try:
            return self._routed(call)
        except ApiError as error:
            return refuse(call, error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """Google's error reply for a status."""
        return fail(call, fault)

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """What a stream says when it fails."""
        return stream_error(call, fault)

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for Google's SDK."""
        key = _API_KEY if self._keys is None else sorted(self._keys)[0]
        return {"GOOGLE_API_KEY": key, "GOOGLE_GEMINI_BASE_URL": f"{url}{self.prefix}"}

    def _routed(self, call: Call) -> HttpReply:
        match call.method, call.path.strip("/").split("/"):
            case "GET", [version, "models"] if version in _GEMINI_VERSIONS:
                require_key(call, self._keys)
                return reply_json(list_models(call.query, version))
            case "GET", [version, "models", name] if version in _GEMINI_VERSIONS:
                require_key(call, self._keys)
                return reply_json(gemini_card(_find(name, version, "getModel")))
            case "POST", [version, "models", target] if version in _GEMINI_VERSIONS and ":" in target:
                account = require_key(call, self._keys)
                name, _, method = target.partition(":")
                return self._endpoints.run(call, account, _find(name, version, method), method)
        return _no_page()


class VertexVendor:
    """Vertex AI's room for Google's own models; any project and location will do."""

    prefix = "/vertex"
    provider = "vertex"
    base_path = "/vertex"

    def __init__(self, keys: frozenset[str] | None, rate_limits: RateLimits) -> None:
        self._keys = keys
        self._endpoints = Endpoints(rate_limits, vertex=True)

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with Google's own error."""
        try:
            return self._routed(call)
        except ApiError as error:
            return refuse(call, error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """Google's error reply for a status."""
        return fail(call, fault)

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """What a stream says when it fails."""
        return stream_error(call, fault)

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for Google's SDK."""
        return {
            "GOOGLE_VERTEX_BASE_URL": f"{url}{self.prefix}",
            "GOOGLE_CLOUD_PROJECT": _PROJECT,
            "GOOGLE_CLOUD_LOCATION": _LOCATION,
        }

    def _routed(self, call: Call) -> HttpReply:
        version, *path = call.path.strip("/").split("/")
        if version not in _VERTEX_VERSIONS:
            return _no_page()
        place = ""
        if path[:1] == ["projects"] and path[2:3] == ["locations"] and len(path) > 4:
            place, path = "/".join([*path[:4], ""]), path[4:]
        match call.method, path:
            case "GET", ["publishers", "google", "models"]:
                require_credential(call, self._keys)
                return reply_json(list_publisher_models(call.query))
            case "GET", ["publishers", "google", "models", name]:
                require_credential(call, self._keys)
                return reply_json(publisher_card(_find_published(name, place)))
            case "POST", ["publishers", "google", "models", target] if ":" in target:
                account = require_credential(call, self._keys)
                name, _, method = target.partition(":")
                return self._endpoints.run(call, account, _find_published(name, place), method)
        return _no_page()


def _find(name: str, version: str, method: str) -> Model:
    model = MODELS.get(name)
    if model is None or (version == "v1" and model.preview):
        called = "generateContent" if method == "streamGenerateContent" else method
        raise ApiError(
            f"models/{name} is not found for API version {version}, or is not supported for {called}. "
            "Call ModelService.ListModels to see the list of available models and their supported methods.",
            code=404,
        )
    return model


def _find_published(name: str, place: str) -> Model:
    model = MODELS.get(name) or VERTEX_EMBEDDINGS.get(name)
    if model is None or model.alias_of is not None:
        raise ApiError(f"Publisher Model `{place}publishers/google/models/{name}` not found.", code=404)
    return model


def _no_page() -> HttpReply:
    return HttpReply(404, body=_NOT_FOUND_PAGE, content_type="text/html; charset=UTF-8")

"""Who may call: an API key for the Gemini API, a bearer token or an API key for Vertex AI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.google.errors import ApiError, error_for_status, error_info

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call

GEMINI_SERVICE = "generativelanguage.googleapis.com"
VERTEX_SERVICE = "aiplatform.googleapis.com"
_BAD_KEY = "API key not valid. Please pass a valid API key."
_UNREGISTERED = (
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API."
)
_UNAUTHENTICATED = (
    "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other "
    "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)


def require_key(call: Call, accepted: frozenset[str] | None) -> str:
    """The API key of a call to the Gemini API. Raises: ApiError with code 400 or 403."""
    key = _api_key(call)
    if not key:
        raise ApiError(_UNREGISTERED, code=403)
    if not _is_accepted(key, accepted):
        raise _bad_key(GEMINI_SERVICE)
    return key


def require_credential(call: Call, accepted: frozenset[str] | None) -> str:
    """The token or API key of a call to Vertex AI. Raises: ApiError with code 400 or 401."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        if not _is_accepted(token.strip(), accepted):
            error = error_for_status(401)
            error.details.append(error_info("ACCESS_TOKEN_TYPE_UNSUPPORTED", VERTEX_SERVICE))
            raise error
        return token.strip()
    key = _api_key(call)
    if not key:
        raise ApiError(_UNAUTHENTICATED, code=401, details=[error_info("CREDENTIALS_MISSING", VERTEX_SERVICE)])
    if not _is_accepted(key, accepted):
        raise _bad_key(VERTEX_SERVICE)
    return key


def _api_key(call: Call) -> str:
    return call.headers.get("x-goog-api-key", "") or call.query.get("key", "")


def _bad_key(service: str) -> ApiError:
    localized = {
        "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
        "locale": "en-US",
        "message": _BAD_KEY,
    }
    return ApiError(_BAD_KEY, details=[error_info("API_KEY_INVALID", service), localized])


def _is_accepted(key: str, accepted: frozenset[str] | None) -> bool:
    return not key.startswith("invalid") if accepted is None else key in accepted

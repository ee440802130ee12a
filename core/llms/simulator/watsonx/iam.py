"""IBM Cloud's identity service: an API key against an access token, and whether a call comes with one.

Forms: IBM's SDK for Python 1.8.1, `utils/auth/iam_auth.py`, read 2026-11-21; answers as the tests of IBM's SDKs and
public clients quote them.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from core.llms.simulator.watsonx.errors import ApiError, IamError, error_for_status

if TYPE_CHECKING:
    from core.llms.simulator.access_tokens import AccessTokens
    from core.llms.simulator.exchange import Call

_GRANT = "urn:ibm:params:oauth:grant-type:apikey"
_FORM = "application/x-www-form-urlencoded"
_ISSUER = "https://iam.cloud.ibm.com/identity"
_ACCOUNT = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def exchange_token(call: Call, accepted: frozenset[str] | None, tokens: AccessTokens) -> dict[str, Any]:
    """The token for the API key of a form. Raises: IamError."""
    if call.method != "POST":
        message = "Web application exception 'javax.ws.rs.ClientErrorException' during request processing."
        raise IamError("BXNIM0060E", message, details="HTTP 405 Method Not Allowed", status=405)
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        message = "Web application exception 'javax.ws.rs.ClientErrorException' during request processing."
        raise IamError("BXNIM0060E", message, details="HTTP 415 Unsupported Media Type", status=415)
    form = parse_qs(call.body.decode(errors="replace"))
    grant = _property(form, "grant_type")
    if grant != _GRANT:
        raise IamError("BXNIM0103E", "Unsupported grant type.", details=f"Grant type '{grant}' is not supported.")
    key = _property(form, "apikey")
    if key.startswith("invalid") if accepted is None else key not in accepted:
        raise IamError("BXNIM0415E", "Provided API key could not be found.")
    token, expiration = tokens.issue(_claims(key))
    return {
        "access_token": token,
        "refresh_token": "not_supported",
        "token_type": "Bearer",
        "expires_in": tokens.lifetime_seconds,
        "expiration": expiration,
        "scope": "ibm openid",
    }


def require_token(call: Call, tokens: AccessTokens) -> str:
    """Whose access token a call comes with. Raises: ApiError with status 401."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        message = "Failed to authenticate the request due to a missing or unsupported authorization header"
        raise ApiError(message, status=401, code="authentication_token_not_found")
    match tokens.check(token.strip()):
        case "expired":
            raise error_for_status(401)
        case "unknown":
            message = "Failed to authenticate the request due to invalid token: Failed to parse and verify token"
            raise ApiError(message, status=401, code="authentication_token_not_valid")
    return tokens.subject(token.strip())


def _property(form: dict[str, list[str]], name: str) -> str:
    value = form.get(name, [""])[0]
    if not value:
        details = f"Property '{name}' either missing or empty."
        raise IamError("BXNIM0109E", "Property missing or empty.", details=details)
    return value


def _claims(key: str) -> dict[str, Any]:
    identity = f"IBMid-{uuid.uuid5(uuid.NAMESPACE_URL, key).hex[:12].upper()}"
    return {
        "iam_id": identity,
        "sub": identity,
        "realmid": "IBMid",
        "account": {"valid": True, "bss": _ACCOUNT},
        "iss": _ISSUER,
        "grant_type": _GRANT,
        "scope": "ibm openid",
        "client_id": "default",
    }

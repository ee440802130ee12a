"""The exchange of a credential for an access token: what is asked, and how the answer is read. No I/O."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any, Final
from urllib.parse import urlencode

from pydantic_core import from_json

from core.llms.errors import APIError, AuthenticationError, ProtocolError
from core.llms.types.secrets import Secret
from core.llms.wires.openai_errors import ErrorRules, parse_openai_error

_GRANT: Final = "urn:ibm:params:oauth:grant-type:apikey"
# ibm-watsonx-ai 1.8.1, `iam_auth.py`: "bx:bx", which names the client and is no secret.
_CLIENT: Final = "Basic Yng6Yng="


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The body of an exchange, and the headers that go with it."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token, and for how many seconds from now it holds; infinite where nothing is said of its end."""

    value: Secret
    lifetime_seconds: float


def render_iam_exchange(api_key: Secret) -> TokenRequest:
    """Write the exchange of an IBM Cloud API key at IAM."""
    form = urlencode({"apikey": api_key.get_secret_value(), "grant_type": _GRANT})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": _CLIENT}
    return TokenRequest(form.encode(), headers)


def render_account_exchange(api_key: Secret) -> TokenRequest:
    """Write the exchange of an API key of watsonx.ai on AWS."""
    return _json_request({"apikey": api_key.get_secret_value()})


def render_cluster_login(username: str, secret: Secret, *, password: bool) -> TokenRequest:
    """Write the login at Cloud Pak for Data, with a password or an API key."""
    return _json_request({"username": username, "password" if password else "api_key": secret.get_secret_value()})


def _json_request(body: Mapping[str, str]) -> TokenRequest:
    return TokenRequest(json.dumps(body).encode(), {"Content-Type": "application/json"})


def parse_token(body: Any, now: float) -> AccessToken:
    """Read a token and its end: `expires_in`, else the token's own claims, else `expiration`.

    `now` is the moment of the answer in seconds since 1970. Raises `ProtocolError`, which never shows what was read.
    """
    value = None
    if isinstance(body, Mapping):
        value = next((body[name] for name in ("access_token", "token", "accessToken") if body.get(name)), None)
    if not isinstance(value, str) or not (value.isascii() and value.isprintable()):
        raise ProtocolError("the answer to the exchange of the credential holds no token")
    return AccessToken(Secret(value), _read_lifetime(body, value, now))


def _read_lifetime(body: Mapping[str, Any], token: str, now: float) -> float:
    claims = _read_claims(token)
    end, issued = _number(claims.get("exp")), _number(claims.get("iat"))
    for seconds in (
        _number(body.get("expires_in")),
        end - issued if end is not None and issued is not None else None,
        *(moment - now for moment in (end, _number(body.get("expiration"))) if moment is not None),
    ):
        if seconds is not None:
            return max(seconds, 0.0)
    return inf


def _read_claims(token: str) -> Mapping[str, Any]:
    """Return what a JWT says of itself; nothing where the token is of another kind."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = from_json(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, Mapping) else {}


def _number(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and isfinite(value) else None


def _read_facts(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read IAM's form, `{"errorCode": "BXNIM0415E", "errorMessage": "…", "errorDetails": "…"}`."""
    if "errorMessage" not in body:
        return {}
    said = [body.get("errorMessage"), body.get("errorDetails")]
    return {"code": body.get("errorCode"), "message": " ".join(text for text in said if isinstance(text, str))}


# IAM answers 400 to a key that it does not know.
_RULES: Final = ErrorRules(
    statuses={400: AuthenticationError, 403: AuthenticationError},
    parse_extra=_read_facts,
)


def parse_token_error(status: int, headers: Mapping[str, str], body: bytes) -> APIError:
    """Read a refusal, or a failure of the service itself, into the right class."""
    error = parse_openai_error(status, headers, body, _RULES)
    refused = isinstance(error, AuthenticationError)
    error.message = f"{'the credential was refused' if refused else 'no access token could be had'}: {error.message}"
    context = error.body.get("context") if error.body is not None else None
    identity = context.get("requestId") if isinstance(context, Mapping) else None
    error.request_id = error.request_id or (identity if isinstance(identity, str) else None)
    return error

"""Who may call: the key of a request, or OpenAI's refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.openai.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
    "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API "
    "from your browser and are prompted for a username and password. You can obtain an API key from "
    "https://platform.openai.com/account/api-keys."
)
_SHOWN_CHARACTERS = 4


def is_accepted(key: str, accepted: frozenset[str] | None) -> bool:
    """Whether a key opens the door; without a list every key does that does not begin with `invalid`."""
    if accepted is None:
        return bool(key) and not key.startswith("invalid")
    return key in accepted


def bearer_token(headers: Mapping[str, str]) -> str:
    """The token of the Authorization header, or an empty string."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def require_key(headers: Mapping[str, str], accepted: frozenset[str] | None) -> str:
    """The key of the request. Raises: ApiError with status 401."""
    key = bearer_token(headers)
    if not key:
        raise ApiError(_NO_KEY, status=401)
    if not is_accepted(key, accepted):
        message = (
            f"Incorrect API key provided: {_masked(key)}. "
            "You can find your API key at https://platform.openai.com/account/api-keys."
        )
        raise ApiError(message, code="invalid_api_key", status=401)
    return key


def _masked(key: str) -> str:
    if len(key) <= 2 * _SHOWN_CHARACTERS:
        return "*" * len(key)
    hidden = "*" * (len(key) - 2 * _SHOWN_CHARACTERS)
    return f"{key[:_SHOWN_CHARACTERS]}{hidden}{key[-_SHOWN_CHARACTERS:]}"

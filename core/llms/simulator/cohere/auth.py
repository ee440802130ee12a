"""Who may call: the key of a request, or Cohere's refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.cohere.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping


def require_key(headers: Mapping[str, str], accepted: frozenset[str] | None) -> str:
    """The bearer token of the request. Raises: ApiError with status 401."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else ""
    if not token:
        raise ApiError("no api key supplied", status=401)
    if token.startswith("invalid") if accepted is None else token not in accepted:
        raise ApiError(
            f"Incorrect API key provided: {'*' * 11}. You can find your API key at "
            "https://dashboard.cohere.com/api-keys.",
            status=401,
        )
    return token

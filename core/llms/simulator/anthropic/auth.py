"""Who may call, and in which version of the API: the headers of a request, or Anthropic's refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.llms.simulator.anthropic.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

LATEST_VERSION = "2026-10-21"
VERSIONS = ("2023-06-01", LATEST_VERSION)
_BETA = re.compile(r"[a-z0-9][a-z0-9-]*-\d{4}-\d{2}-\d{2}")


def require_key(headers: Mapping[str, str], accepted: frozenset[str] | None) -> str:
    """The key of the request; `x-api-key` wins over a bearer token. Raises: ApiError with status 401."""
    key = headers.get("x-api-key", "").strip()
    if key:
        if not _is_accepted(key, accepted):
            raise ApiError("invalid x-api-key", status=401)
        return key
    scheme, _, token = headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else ""
    if not token:
        raise ApiError("x-api-key header is required", status=401)
    if not _is_accepted(token, accepted):
        raise ApiError("Invalid bearer token", status=401)
    return token


def require_version(headers: Mapping[str, str]) -> str:
    """The version of the API the request speaks. Raises: ApiError."""
    version = headers.get("anthropic-version")
    if version is None:
        raise ApiError("anthropic-version: header is required")
    if version not in VERSIONS:
        raise ApiError(f'anthropic-version: "{version}" is not a valid version')
    return version


def check_betas(headers: Mapping[str, str]) -> None:
    """Check the form of the names in the `anthropic-beta` header. Raises: ApiError."""
    names = [name.strip() for name in headers.get("anthropic-beta", "").split(",")]
    unexpected = [name for name in names if name and not _BETA.fullmatch(name)]
    if unexpected:
        shown = ", ".join(f"`{name}`" for name in unexpected)
        raise ApiError(
            f"Unexpected value(s) {shown} for the `anthropic-beta` header. "
            "Please consult our documentation at docs.claude.com or try again without the header."
        )


def _is_accepted(key: str, accepted: frozenset[str] | None) -> bool:
    if accepted is None:
        return not key.startswith("invalid")
    return key in accepted

"""Amazon's request signature, version 4: pure functions of a request, a credential and a moment.

Where credentials come from, and when they are renewed, is not known here. Held against botocore 1.44 (2026-11-21).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from core.llms.types.secrets import Secret

ALGORITHM: Final = "AWS4-HMAC-SHA256"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class AWSCredentials:
    """An access key, with the session token that goes with a temporary one."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a signature is good for: a region and a service, by its signing name."""

    region: str
    service: str


def sign_request(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    credentials: AWSCredentials,
    scope: Scope,
    moment: datetime,
) -> dict[str, str]:
    """Return `headers` with those of the signature.

    `url` is in the form in which it is sent, escapes included; `headers` are those to be signed besides the host,
    their names in lower case; `moment` is in UTC.
    """
    parts = urlsplit(url)
    timestamp = moment.strftime("%Y%m%dT%H%M%SZ")
    signed = {**headers, "host": _host(parts), "x-amz-date": timestamp}
    if credentials.session_token is not None:
        signed["x-amz-security-token"] = credentials.session_token.get_secret_value()
    names = ";".join(sorted(signed))
    canonical = "\n".join(
        (
            method.upper(),
            _canonical_path(parts.path),
            _canonical_query(parts.query),
            *(f"{name}:{' '.join(signed[name].split())}" for name in sorted(signed)),
            "",
            names,
            sha256(body or b"").hexdigest(),
        )
    )
    place = f"{timestamp[:8]}/{scope.region}/{scope.service}/aws4_request"
    text = f"{ALGORITHM}\n{timestamp}\n{place}\n{sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(_signing_key(credentials, place), text.encode(), "sha256").hex()
    proof = f"Credential={credentials.access_key_id}/{place}, SignedHeaders={names}, Signature={signature}"
    return {
        **{name: value for name, value in signed.items() if name != "host"},
        "authorization": f"{ALGORITHM} {proof}",
    }


def _signing_key(credentials: AWSCredentials, place: str) -> bytes:
    key = b"AWS4" + credentials.secret_access_key.get_secret_value().encode()
    for piece in place.split("/"):
        key = hmac.digest(key, piece.encode(), "sha256")
    return key


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    default = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
    return host if default else f"{host}:{parts.port}"


def _canonical_path(path: str) -> str:
    """Escape the path once more: it goes out escaped, and the signature covers the escapes."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    begin = "/" if path.startswith("/") else ""
    end = "/" if path.endswith("/") and kept else ""
    return quote(begin + "/".join(kept) + end, safe="/~") or "/"


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pieces = (piece.partition("=") for piece in query.split("&"))
    return "&".join(f"{name}={value}" for name, value in sorted((name, value) for name, _, value in pieces))

"""The signature of a request, version 4, made anew from what arrived and compared with the one that came.

Facts: Amazon, "Signature Version 4 for API requests", and the words of its services for what is wrong with one, as
users have reported them, read 2026-11-21. The path is signed as it was sent, escaped once more.
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from core.llms.simulator.bedrock.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.llms.simulator.exchange import Call

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "bedrock"
_PARAMETERS = ("Credential", "SignedHeaders", "Signature")
_SCOPE = ("key", "day", "region", "service", "terminator")
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z0-9]+)+")
_STAMP = "%Y%m%dT%H%M%SZ"
_SKEW = timedelta(minutes=5)
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose signature it is, and for which region."""

    key_id: str
    region: str


@dataclass(frozen=True, slots=True)
class _Claim:
    key_id: str
    day: str
    region: str
    signed_headers: tuple[str, ...]
    signature: str
    stamp: str


def verify_signature(call: Call, secrets: Iterable[str], clock: Callable[[], float] = time.time) -> Signed:
    """Check a signature against the secrets that are accepted. Raises: ApiError with status 403."""
    claim = _read_claim(call)
    _check_scope(claim)
    _check_time(claim, clock)
    _check_signed_headers(call, claim)
    digest = hashlib.sha256(call.body).hexdigest()
    if call.headers.get("x-amz-content-sha256", digest) != digest:
        raise _refused(_MISMATCH)
    text = _text_to_sign(call, claim, digest)
    if not any(hmac.compare_digest(_sign(secret, claim, text), claim.signature) for secret in secrets):
        raise _refused(_MISMATCH)
    return Signed(claim.key_id, claim.region)


def _read_claim(call: Call) -> _Claim:
    given = call.headers["authorization"].removeprefix(ALGORITHM)
    pieces = (piece.strip().partition("=") for piece in given.split(","))
    found = {name: value for name, _, value in pieces if value}
    missing = [f"Authorization header requires '{name}' parameter." for name in _PARAMETERS if name not in found]
    stamp = call.headers.get("x-amz-date", "")
    if not stamp:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if missing:
        raise ApiError(" ".join(missing), name="IncompleteSignatureException")
    scope = found["Credential"].split("/")
    if len(scope) != len(_SCOPE):
        raise ApiError(
            f"Credential must have exactly {len(_SCOPE)} slash-delimited elements, e.g. "
            f"keyid/date/region/service/term, got '{found['Credential']}'.",
            name="IncompleteSignatureException",
        )
    key_id, day, region, service, terminator = scope
    if service != SERVICE:
        raise _refused(f"Credential should be scoped to correct service: '{SERVICE}'. ")
    if terminator != "aws4_request":
        raise _refused(f"Credential should be scoped with a valid terminator: 'aws4_request', not '{terminator}'.")
    return _Claim(key_id, day, region, tuple(found["SignedHeaders"].split(";")), found["Signature"], stamp)


def _check_scope(claim: _Claim) -> None:
    if not claim.key_id or claim.key_id.startswith("invalid"):
        raise ApiError("The security token included in the request is invalid.", name="UnrecognizedClientException")
    if not _REGION.fullmatch(claim.region):
        raise _refused("Credential should be scoped to a valid region. ")


def _check_time(claim: _Claim, clock: Callable[[], float]) -> None:
    try:
        signed = datetime.strptime(claim.stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise ApiError(
            f"Date must be in ISO-8601 'basic format'. Got '{claim.stamp}'. See http://en.wikipedia.org/wiki/ISO_8601.",
            name="IncompleteSignatureException",
        ) from error
    if claim.day != claim.stamp[:8]:
        raise _refused(
            f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{claim.day}' != '{claim.stamp[:8]}', from '{claim.stamp}'."
        )
    now = datetime.fromtimestamp(clock(), UTC)
    if signed < now - _SKEW:
        bounds = f"{(now - _SKEW):{_STAMP}} ({now:{_STAMP}} - 5 min.)"
        raise _refused(f"Signature expired: {claim.stamp} is now earlier than {bounds}")
    if signed > now + _SKEW:
        bounds = f"{(now + _SKEW):{_STAMP}} ({now:{_STAMP}} + 5 min.)"
        raise _refused(f"Signature not yet current: {claim.stamp} is still later than {bounds}")


def _check_signed_headers(call: Call, claim: _Claim) -> None:
    if "host" not in claim.signed_headers:
        raise _refused("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    unsigned = [name for name in call.headers if name.startswith("x-amz-") and name not in claim.signed_headers]
    if unsigned:
        raise _refused(f"'{unsigned[0]}' must be a 'SignedHeader' in the AWS Authorization.")
    absent = [name for name in claim.signed_headers if name not in call.headers]
    if absent or list(claim.signed_headers) != sorted(claim.signed_headers):
        raise _refused(_MISMATCH)


def _text_to_sign(call: Call, claim: _Claim, digest: str) -> str:
    path, _, query = call.target.partition("?")
    headers = [f"{name}:{' '.join(call.headers[name].split())}\n" for name in claim.signed_headers]
    canonical = "\n".join(
        [call.method, _canonical_path(path), _canonical_query(query), "".join(headers), ";".join(claim.signed_headers)]
    )
    hashed = hashlib.sha256(f"{canonical}\n{digest}".encode()).hexdigest()
    return f"{ALGORITHM}\n{claim.stamp}\n{_scope(claim)}\n{hashed}"


def _canonical_path(path: str) -> str:
    normal = posixpath.normpath("/" + path.lstrip("/"))
    if path.endswith("/") and normal != "/":
        normal += "/"
    return quote(normal, safe="/~")


def _canonical_query(query: str) -> str:
    pairs = [(quote(name, safe="~"), quote(value, safe="~")) for name, value in parse_qsl(query, True)]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _scope(claim: _Claim) -> str:
    return f"{claim.day}/{claim.region}/{SERVICE}/aws4_request"


def _sign(secret: str, claim: _Claim, text: str) -> str:
    key = f"AWS4{secret}".encode()
    for step in _scope(claim).split("/"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _refused(message: str) -> ApiError:
    return ApiError(message, name="InvalidSignatureException")

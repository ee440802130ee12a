"""Who may call: a signature made with a secret that is accepted, or a Bedrock API key as a bearer token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.llms.simulator.bedrock.errors import ApiError
from core.llms.simulator.bedrock.signatures import ALGORITHM, verify_signature

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call

ACCESS_KEY_ID = "AKIASIMULATOR"
SECRET_ACCESS_KEY = "simulator-secret-access-key"  # noqa: S105  # of the simulator, on this machine
REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls (an access key, or a token), and in which region."""

    account: str
    region: str


def require_caller(call: Call, keys: frozenset[str] | None) -> Caller:
    """The caller of a request. `keys` are the accepted tokens and secret access keys. Raises: ApiError.

    Without `keys` every token passes that does not begin with `invalid`, and the signatures made with the secret that
    the simulator's environment names.
    """
    given = call.headers.get("authorization", "").strip()
    if not given:
        raise ApiError("Missing Authentication Token", name="MissingAuthenticationTokenException")
    if given.startswith(ALGORITHM):
        _check_session(call.headers.get("x-amz-security-token"))
        signed = verify_signature(call, keys if keys is not None else (SECRET_ACCESS_KEY,))
        return Caller(signed.key_id, signed.region)
    scheme, _, token = given.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not _is_accepted(token, keys):
        raise ApiError("Authentication failed: Please make sure your API Key is valid.", name="AccessDeniedException")
    return Caller(token, REGION)


def _check_session(token: str | None) -> None:
    """Tokens of sessions are opaque: one that begins with `expired` or `invalid` is what it says."""
    if token is None:
        return
    if token.startswith("expired"):
        raise ApiError("The security token included in the request is expired", name="ExpiredTokenException")
    if token.startswith("invalid"):
        raise ApiError("The security token included in the request is invalid.", name="UnrecognizedClientException")


def _is_accepted(token: str, keys: frozenset[str] | None) -> bool:
    if keys is None:
        return bool(token) and not token.startswith("invalid")
    return token in keys

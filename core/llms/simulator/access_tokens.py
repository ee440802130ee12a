"""Access tokens with an end: JSON web tokens, given out, checked and ended here. Vendors word what goes wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from typing import TYPE_CHECKING, Any, Literal

from pydantic_core import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HEADER = {"alg": "HS256", "typ": "JWT"}


class AccessTokens:
    """The tokens of one simulator, each good for `lifetime_seconds`.

    `clock` returns seconds since 1970; tests may set it.
    """

    def __init__(self, lifetime_seconds: int = 3600, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.lifetime_seconds = lifetime_seconds
        self._key = secrets.token_bytes(32)
        self._issued = 0
        self._ended = 0

    def issue(self, claims: Mapping[str, Any]) -> tuple[str, int]:
        """A token that carries `claims`, and the second it ends at."""
        self._issued += 1
        now = int(self.clock())
        expiration = now + self.lifetime_seconds
        payload = {**claims, "iat": now, "exp": expiration, "jti": str(self._issued)}
        signed = f"{_encoded(to_json(_HEADER))}.{_encoded(to_json(payload))}"
        return f"{signed}.{self._signature(signed)}", expiration

    def check(self, token: str) -> Literal["valid", "expired", "unknown"]:
        """Whether a token was given out here and has not ended."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            return "unknown"
        payload = _payload(token)
        ended = payload["exp"] <= self.clock() or int(payload["jti"]) <= self._ended
        return "expired" if ended else "valid"

    def subject(self, token: str) -> str:
        """Whom a token that was given out here stands for: its claim `sub`."""
        return str(_payload(token)["sub"])

    def expire_all(self) -> None:
        """End every token given out so far."""
        self._ended = self._issued

    def _signature(self, signed: str) -> str:
        return _encoded(hmac.digest(self._key, signed.encode(), hashlib.sha256))


def _payload(token: str) -> dict[str, Any]:
    payload: dict[str, Any] = from_json(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return payload


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

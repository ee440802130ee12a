"""How a connector proves who it is. An `Auth` gives the headers of the next request and hides its secret."""

from __future__ import annotations

import asyncio
import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Hashable, Mapping
from hashlib import sha256
from typing import TypeAlias

from core.llms.errors import AuthenticationError, ConfigurationError
from core.llms.types.secrets import MaskedText, Secret

TokenProvider: TypeAlias = Callable[[], str | Awaitable[str]]


class Auth(ABC):
    """Credentials of one account."""

    @abstractmethod
    async def headers(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        """Return the headers that authenticate this request; a signature covers all three, a key none of them."""

    def fixed_headers(self) -> Mapping[str, str] | None:
        """Return the headers where they are the same for every request, which saves asking; None where they are not."""
        return None

    @property
    @abstractmethod
    def identity(self) -> Hashable:
        """What makes two credentials the same; connectors are shared by it."""

    def secrets(self) -> tuple[Secret, ...]:
        """Return the secrets to be masked in the vendor's error texts."""
        return ()


class KeyAuth(Auth):
    """A fixed key in one header."""

    def __init__(self, key: Secret, header: str = "Authorization", prefix: str = "Bearer ") -> None:
        if not _fits_header(key):
            raise ConfigurationError(
                "the API key holds spaces, line ends or characters that no HTTP header can carry; check how it was read"
            )
        self._key = key
        self._headers = {header: MaskedText(prefix + key.get_secret_value())}

    async def headers(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        return self._headers

    def fixed_headers(self) -> Mapping[str, str]:
        return self._headers

    @property
    def identity(self) -> Hashable:
        return self._key, tuple(self._headers)

    def secrets(self) -> tuple[Secret, ...]:
        return (self._key,)

    def __repr__(self) -> str:
        return f"KeyAuth({', '.join(self._headers)})"


class TokenAuth(Auth):
    """A bearer token that a function gives anew for each request, blocking or not.

    The function caches, as `azure.identity.get_bearer_token_provider` does; a blocking one runs in a thread.
    """

    def __init__(self, provider: TokenProvider) -> None:
        self._provider = provider
        self._blocking = not inspect.iscoroutinefunction(provider)
        self._last = Secret("")

    async def headers(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        token = await asyncio.to_thread(self._provider) if self._blocking else self._provider()
        if inspect.isawaitable(token):
            token = await token
        if not isinstance(token, str) or not token:
            raise AuthenticationError("the token provider gave no token (a string was expected)")
        self._last = Secret(token)
        return {"Authorization": MaskedText(f"Bearer {token}")}

    @property
    def identity(self) -> Hashable:
        return self._provider

    def secrets(self) -> tuple[Secret, ...]:
        return (self._last,)

    def __repr__(self) -> str:
        return "TokenAuth()"


def _fits_header(key: Secret) -> bool:
    text = key.get_secret_value()
    return text.isascii() and text.isprintable() and text == text.strip()


class NoAuth(Auth):
    """No credential at all, for a local server."""

    async def headers(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        return {}

    @property
    def identity(self) -> Hashable:
        return None


def fingerprint_account(base_url: str, auth: Auth) -> str:
    """Return what tells accounts apart: the same in every process, and no key can be read from it.

    A credential that changes by itself (a token, a signature) is left out: one address is one account then.
    """
    keys = [] if auth.fixed_headers() is None else [secret.get_secret_value() for secret in auth.secrets()]
    return sha256("\0".join((base_url, *keys)).encode()).hexdigest()[:16]

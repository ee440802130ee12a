"""Google Cloud's credentials, from the `google` extra: loaded and renewed in a thread, once for all who wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final

from core.llms.errors import AuthenticationError, ConfigurationError, ConnectError, MissingCredentialError
from core.llms.providers.base.auth import Auth
from core.llms.providers.base.single_flight import SingleFlight
from core.llms.types.secrets import MaskedText, Secret

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"


class GoogleAuth(Auth):
    """A bearer token of `google-auth` credentials, by default those that the machine has (ADC).

    A token is renewed shortly before it ends. Calls that need a new one at the same time wait for one renewal.
    """

    def __init__(self, credentials: Credentials | None = None) -> None:
        self._given = credentials
        self._credentials = credentials
        self._lock = threading.Lock()
        self._renewal = SingleFlight(lambda: asyncio.to_thread(self._renew))
        self._last = Secret("")

    async def headers(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        credentials = self._credentials
        if credentials is None or not credentials.valid:
            await self._renewal.wait()
            credentials = self._credentials
        token = getattr(credentials, "token", None)
        if not isinstance(token, str) or not token:
            raise AuthenticationError("Google's credentials gave no token")
        self._last = Secret(token)
        headers = {"Authorization": MaskedText(f"Bearer {token}")}
        if quota_project := getattr(credentials, "quota_project_id", None):
            headers["x-goog-user-project"] = quota_project
        return headers

    def find_project(self) -> str | None:
        """Return the project that the credentials belong to, loading them if need be; this blocks."""
        if self._given is not None:
            return getattr(self._given, "project_id", None)
        with self._lock:
            return self._load()

    @property
    def identity(self) -> Hashable:
        return GoogleAuth, self._given

    def secrets(self) -> tuple[Secret, ...]:
        return (self._last,)

    def __repr__(self) -> str:
        return f"GoogleAuth({type(self._given).__name__ if self._given is not None else ''})"

    def _renew(self) -> None:
        with self._lock:
            if self._credentials is None:
                self._load()
            credentials: Any = self._credentials
            if credentials.valid:
                return
            from google.auth import exceptions
            from google.auth.transport.requests import Request

            try:
                credentials.refresh(Request())
            except exceptions.TransportError as error:
                raise ConnectError(f"no token could be had from Google: {error}") from error
            except exceptions.GoogleAuthError as error:
                raise AuthenticationError(f"Google refused to renew the token: {error}") from error

    def _load(self) -> str | None:
        try:
            import google.auth
            from google.auth import exceptions
        except ImportError as error:
            raise ConfigurationError(
                "Google Cloud credentials need the extra: pip install 'core-llms[google]'"
            ) from error
        try:
            self._credentials, project = google.auth.default(scopes=[SCOPE])
        except exceptions.DefaultCredentialsError as error:
            raise MissingCredentialError(
                "no Google Cloud credentials: pass `credentials=`, `token_provider=` or `api_key=`, set the "
                "environment variable GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`",
                provider="google",
            ) from error
        return project

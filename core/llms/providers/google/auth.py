"""Google Cloud's credentials, from the `google` extra: loaded and renewed in a thread, once for all who wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final

from core.llms.errors import AuthenticationError, ConfigurationError, ConnectError, MissingCredentialError
from core.llms.providers.base.auth import Auth
from core.llms.providers.base.single_flight import SingleFlight
from core.llms.providers.google.service_account import read_service_account
from core.llms.types.secrets import MaskedText, Secret

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"


class GoogleAuth(Auth):
    """A bearer token of `google-auth` credentials, of a service account's key, or of what the machine has (ADC).

    A token is renewed shortly before it ends. Calls that need a new one at the same time wait for one renewal.
    """

    def __init__(self, credentials: Credentials | None = None, service_account: Secret | None = None) -> None:
        """`service_account` is the JSON text of the key. Raises `ConfigurationError` where it is no such text."""
        self._given = credentials
        self._service_account = service_account
        self._project = None if service_account is None else read_service_account(service_account).get("project_id")
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
        if self._service_account is not None:
            return self._project
        with self._lock:
            return self._load()

    @property
    def identity(self) -> Hashable:
        return GoogleAuth, self._given, self._service_account

    def secrets(self) -> tuple[Secret, ...]:
        return (self._last,)

    def __repr__(self) -> str:
        kind = "" if self._given is None else type(self._given).__name__
        return f"GoogleAuth({kind or ('service account' if self._service_account is not None else '')})"

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
            from google.oauth2 import service_account
        except ImportError as error:
            raise ConfigurationError(
                "Google Cloud credentials need the extra: pip install 'core-llms[google]'"
            ) from error
        if self._service_account is not None:
            self._credentials = _credentials_of(self._service_account, service_account.Credentials)
            return None
        try:
            self._credentials, project = google.auth.default(scopes=[SCOPE])
        except exceptions.DefaultCredentialsError as error:
            raise MissingCredentialError(
                "no Google Cloud credentials: pass `credentials=`, `token_provider=` or `api_key=`, set the "
                "environment variable GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`",
                provider="google",
            ) from error
        return project


def _credentials_of(key: Secret, kind: Any) -> Any:
    try:
        return kind.from_service_account_info(read_service_account(key), scopes=[SCOPE])
    except (ValueError, TypeError):
        # Without its cause, which may hold a part of the key.
        raise ConfigurationError(
            "`service_account`: its `private_key` cannot be read; leave it as Google made it", provider="google"
        ) from None

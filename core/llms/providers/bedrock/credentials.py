"""Where AWS credentials come from: given ones, or botocore's own search (profiles, SSO, containers, roles, IMDS)."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any, Final

from core.llms.errors import AuthenticationError, ConfigurationError, MissingCredentialError
from core.llms.providers.base.single_flight import SingleFlight
from core.llms.types.secrets import Secret
from core.llms.wires.sigv4 import AWSCredentials

# Credentials that end sooner are waited for; until then they are renewed while calls go on (botocore 1.44: 10 and 15).
_WAIT_SECONDS: Final = 10 * 60


class CredentialSource(ABC):
    """Gives the credentials for the next request."""

    @abstractmethod
    async def get(self) -> AWSCredentials:
        """Return credentials that have not ended. Raises `MissingCredentialError` and `AuthenticationError`."""

    @property
    @abstractmethod
    def identity(self) -> Hashable:
        """What makes two sources the same."""

    @abstractmethod
    def secrets(self) -> tuple[Secret, ...]:
        """Return the secrets to be masked in the vendor's error texts."""


class GivenCredentials(CredentialSource):
    """An access key that does not change."""

    def __init__(self, credentials: AWSCredentials) -> None:
        self._credentials = credentials

    async def get(self) -> AWSCredentials:
        return self._credentials

    @property
    def identity(self) -> Hashable:
        return self._credentials

    def secrets(self) -> tuple[Secret, ...]:
        return secrets_of(self._credentials)


class FoundCredentials(CredentialSource):
    """What botocore finds on the machine for a profile, or by its own order.

    It is asked in a thread, once for all who wait, and again before the credentials end.
    """

    def __init__(self, profile: str | None = None) -> None:
        self._profile = profile
        self._lock = threading.Lock()
        self._found: Any = None
        self._current: AWSCredentials | None = None
        self._renewal = SingleFlight(lambda: asyncio.to_thread(self._renew))

    async def get(self) -> AWSCredentials:
        current = self._current
        if current is None or _ends_within(self._found, _WAIT_SECONDS):
            await self._renewal.wait()
            current = self._current
            assert current is not None
        elif _ends_within(self._found, None):
            self._renewal.start()
        return current

    def _renew(self) -> None:
        with self._lock:
            if self._found is None:
                self._found = find_credentials(self._profile)
            from botocore.exceptions import BotoCoreError

            try:
                frozen = self._found.get_frozen_credentials()
            except BotoCoreError as error:
                raise AuthenticationError(f"AWS credentials could not be renewed: {error}") from error
            token = Secret(frozen.token) if frozen.token else None
            self._current = AWSCredentials(frozen.access_key, Secret(frozen.secret_key), token)

    @property
    def identity(self) -> Hashable:
        return FoundCredentials, self._profile

    def secrets(self) -> tuple[Secret, ...]:
        return () if self._current is None else secrets_of(self._current)


def secrets_of(credentials: AWSCredentials) -> tuple[Secret, ...]:
    """Return the parts of a credential that nobody must see."""
    token = credentials.session_token
    return (credentials.secret_access_key,) if token is None else (credentials.secret_access_key, token)


def find_credentials(profile: str | None) -> Any:
    """Ask botocore, which may block. Raises `MissingCredentialError`, and `ConfigurationError` for a bad profile."""
    session = create_session(profile)
    from botocore.exceptions import BotoCoreError

    try:
        found = session.get_credentials()
    except BotoCoreError as error:
        raise ConfigurationError(f"AWS credentials cannot be read: {error}", provider="bedrock") from error
    if found is None:
        raise MissingCredentialError(
            "no AWS credentials: pass `api_key=` (a Bedrock API key) or `access_key_id=` and `secret_access_key=`, set "
            "the environment variable AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
            "run `aws configure`",
            provider="bedrock",
        )
    return found


def find_region(profile: str | None) -> str | None:
    """Return the region of the AWS configuration files, None where botocore is not installed or finds none."""
    try:
        session = create_session(profile)
    except MissingCredentialError:
        return None
    from botocore.exceptions import BotoCoreError

    try:
        region = session.get_config_variable("region")
    except BotoCoreError as error:
        raise ConfigurationError(f"the AWS configuration cannot be read: {error}", provider="bedrock") from error
    return region if isinstance(region, str) and region else None


def create_session(profile: str | None) -> Any:
    """Make botocore's session. Raises `MissingCredentialError` where botocore is not installed."""
    try:
        from botocore.session import Session
    except ImportError as error:
        raise MissingCredentialError(
            "no AWS credentials: set the environment variable AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY; profiles, SSO and roles need the extra: pip install 'core-llms[aws]'",
            provider="bedrock",
        ) from error
    return Session(profile=profile)


def _ends_within(found: Any, seconds: int | None) -> bool:
    needed = getattr(found, "refresh_needed", None)
    return bool(needed(seconds)) if needed is not None else False

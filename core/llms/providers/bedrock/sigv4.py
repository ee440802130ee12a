"""Authentication by Amazon's signature, version 4: each request is signed with the credentials of its moment."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime

from core.llms.errors import ConfigurationError
from core.llms.providers.base.auth import Auth
from core.llms.providers.bedrock.credentials import CredentialSource, GivenCredentials
from core.llms.types.secrets import MaskedText, Secret
from core.llms.wires.sigv4 import AWSCredentials, Scope, sign_request

_SIGNED = {"content-type": "application/json"}


class SigV4Auth(Auth):
    """Signs requests for one region and service with given credentials, or those that a source finds."""

    def __init__(self, credentials: AWSCredentials | CredentialSource, region: str, service: str = "bedrock") -> None:
        if isinstance(credentials, AWSCredentials):
            _check(credentials)
            credentials = GivenCredentials(credentials)
        self._source = credentials
        self._scope = Scope(region, service)

    async def headers(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        credentials = await self._source.get()
        signed = sign_request(method, url, body, _SIGNED, credentials, self._scope, datetime.now(UTC))
        for name in ("authorization", "x-amz-security-token"):
            if name in signed:
                signed[name] = MaskedText(signed[name])
        return signed

    @property
    def identity(self) -> Hashable:
        return self._source.identity, self._scope

    def secrets(self) -> tuple[Secret, ...]:
        return self._source.secrets()

    def __repr__(self) -> str:
        return f"SigV4Auth({self._scope.region})"


def _check(credentials: AWSCredentials) -> None:
    token = credentials.session_token
    values = [credentials.access_key_id, "" if token is None else token.get_secret_value()]
    if not all(value.isascii() and (value.isprintable() and value == value.strip()) for value in values):
        raise ConfigurationError(
            "the AWS credentials hold spaces, line ends or characters that no HTTP header can carry; check how they "
            "were read",
            provider="bedrock",
        )

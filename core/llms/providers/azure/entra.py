"""Entra ID tokens for Azure OpenAI, from the `azure` extra: of whatever the machine has, or of an application."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from core.llms.errors import AuthenticationError, ConfigurationError, ConnectError
from core.llms.providers.base.auth import Auth, KeyAuth, TokenAuth, TokenProvider
from core.llms.providers.base.credential_forms import CredentialForm
from core.llms.providers.base.single_flight import SingleFlight
from core.llms.types.secrets import MaskedText, Secret, redact

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential
    from azure.identity import ClientSecretCredential

SCOPE: Final = "https://cognitiveservices.azure.com/.default"
# Azure Government has an audience of its own (Microsoft Q&A and Cline's issue of sovereign clouds, read 2026-11-28).
_GOVERNMENT: Final = ("login.microsoftonline.us", "https://cognitiveservices.azure.us/.default")
# azure-identity 1.27 renews a token that ends sooner.
_EARLY_SECONDS: Final = 300
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TENANT: Final = re.compile(r"[0-9A-Za-z.-]+")
_AUTHORITY: Final = re.compile(r"https://[^\s/@?#]+/?")
_MISSING: Final = "Entra ID tokens need the extra: pip install 'core-llms[azure]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntraApplication:
    """An application that is registered in a tenant of Entra ID, with one of its secrets.

    `authority` is the address that gives its tokens, by default that of the public cloud, or AZURE_AUTHORITY_HOST.
    """

    tenant_id: str
    client_id: str
    client_secret: Secret = field(repr=False)
    authority: str | None = None

    @property
    def scope(self) -> str:
        """What its tokens are for."""
        host, scope = _GOVERNMENT
        return scope if host in (self.authority or "") else SCOPE


class EntraAuth(Auth):
    """A bearer token of an application, renewed shortly before it ends, once for all who wait."""

    def __init__(self, application: EntraApplication) -> None:
        self._application = application
        self._token: AccessToken | None = None
        self._renewal = SingleFlight(lambda: asyncio.to_thread(self._renew))

    async def headers(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        token = self._token
        if token is None or token.expires_on - time.time() < _EARLY_SECONDS:
            await self._renewal.wait()
            token = self._token
        assert token is not None
        return {"Authorization": MaskedText(f"Bearer {token.token}")}

    @property
    def identity(self) -> Hashable:
        return self._application

    def secrets(self) -> tuple[Secret, ...]:
        secret = self._application.client_secret
        return (secret,) if self._token is None else (secret, Secret(self._token.token))

    def __repr__(self) -> str:
        return f"EntraAuth(client_id={self._application.client_id!r})"

    def _renew(self) -> None:
        credential = _create_credential(self._application)
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        try:
            # It is closed after each use: the next is an hour later, and nobody would close its connection.
            with credential:
                self._token = credential.get_token(self._application.scope)
            return
        except ClientAuthenticationError as error:
            failure: Exception = AuthenticationError(f"Entra ID refused the application: {self._hide(error)}")
        except AzureError as error:
            failure = ConnectError(f"no token could be had from Entra ID: {self._hide(error)}")
        # Apart from its cause, whose traceback leads to the secret.
        raise failure

    def _hide(self, error: Exception) -> str:
        return redact(str(error), self._application.client_secret)


def create_entra_token_provider(credential: TokenCredential | None = None, scope: str = SCOPE) -> TokenProvider:
    """Return a function that gives a cached, renewed token of a credential, `DefaultAzureCredential` by default."""
    try:
        from azure.identity import DefaultAzureCredential, get_bearer_token_provider
    except ImportError as error:
        raise ConfigurationError(_MISSING) from error
    return get_bearer_token_provider(credential or DefaultAzureCredential(), scope)


def _create_credential(application: EntraApplication) -> ClientSecretCredential:
    try:
        from azure.identity import ClientSecretCredential
    except ImportError as error:
        raise ConfigurationError(_MISSING) from error
    named = {} if application.authority is None else {"authority": application.authority}
    return ClientSecretCredential(
        application.tenant_id,
        application.client_id,
        application.client_secret.get_secret_value(),
        # An authority that was named is believed; else Microsoft's public cloud would be asked about it.
        disable_instance_discovery=bool(named),
        **named,
    )


def _find_problem_of_tenant(tenant: Secret) -> str | None:
    if _TENANT.fullmatch(tenant.get_secret_value()):
        return None
    return "it must be the id of a tenant (Microsoft Entra ID, Overview), or one of its domains"


def _find_problem_of_client(client: Secret) -> str | None:
    if _GUID.fullmatch(client.get_secret_value()):
        return None
    return "it must be the id of an application, as 00000000-0000-0000-0000-000000000000 (App registrations, Overview)"


def _find_problem_of_secret(secret: Secret) -> str | None:
    if _GUID.fullmatch(secret.get_secret_value()) is None:
        return None
    return "it looks like the id of a secret; give its value, which is shown once, when it is made"


def _find_problem_of_authority(authority: Secret) -> str | None:
    if _AUTHORITY.fullmatch(authority.get_secret_value()):
        return None
    return "it must be an address like https://login.microsoftonline.com"


APPLICATION: Final = CredentialForm(
    ("tenant_id", "client_id", "client_secret"),
    optional=("authority",),
    checks={
        "tenant_id": _find_problem_of_tenant,
        "client_id": _find_problem_of_client,
        "client_secret": _find_problem_of_secret,
        "authority": _find_problem_of_authority,
    },
)


def find_entra_auth(settings: Any, fixed_token: str | None) -> Auth | None:
    """Return what the connector's settings say of Entra ID, None where they say nothing: an application, a function
    that gives tokens, or a fixed token of the environment, which a key goes before.

    Raises `ConfigurationError` where an application is not whole, or another credential is given, too.
    """
    given = {name: Secret.of(value) for name in APPLICATION.arguments if (value := getattr(settings, name)) is not None}
    if given:
        return EntraAuth(_read_application(settings, given))
    if settings.token_provider is not None:
        return TokenAuth(settings.token_provider)
    return KeyAuth(Secret(fixed_token)) if fixed_token is not None and settings.api_key is None else None


def _read_application(settings: Any, given: Mapping[str, Secret]) -> EntraApplication:
    others = [f"`{name}`" for name in ("api_key", "token_provider") if getattr(settings, name) is not None]
    problems = [*APPLICATION.find_problems(given).values()]
    problems += [f"{name} is another credential; give one of them" for name in others]
    if problems:
        raise ConfigurationError("; ".join(problems), provider="azure")
    names = {name: secret.get_secret_value() for name, secret in given.items() if name != "client_secret"}
    return EntraApplication(client_secret=given["client_secret"], **names)

"""HTTP to Azure OpenAI: the v1 route or a dated one, with a key or an Entra ID token."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote

from core.llms.errors import ConfigurationError
from core.llms.providers.azure.entra import find_entra_auth
from core.llms.providers.base.auth import Auth, TokenProvider
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credentials import find_address, from_environment, resolve_auth, settings_from
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.types.secrets import HoldsSecrets, Secret

_V1 = ("v1", "latest", "preview")
_DEPLOYMENT_PATHS = ("/chat/completions", "/completions", "/embeddings")


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureConfig(HoldsSecrets):
    """Settings of the connector; what is None comes from the environment.

    `endpoint` is the resource's address (AZURE_OPENAI_ENDPOINT); `base_url` replaces it by the whole address of an
    API. `api_key` is AZURE_OPENAI_API_KEY or AZURE_OPENAI_KEY. `token_provider` gives Entra ID tokens; a fixed one may
    be in AZURE_OPENAI_AD_TOKEN, which wins over a key of the environment. `tenant_id`, `client_id` and `client_secret`
    are an application registered in Entra ID, whose tokens `authority` gives (AZURE_AUTHORITY_HOST, else the public
    cloud's). `api_version` (OPENAI_API_VERSION) chooses the dated routes; without it, or with `v1`, `latest` or
    `preview`, the v1 route is used, which needs none (variables: openai 3.52; routes: Microsoft's "API version
    lifecycle"; both read 2026-11-21).
    """

    endpoint: str | None = None
    api_key: str | Secret | None = field(default=None, repr=False)
    token_provider: TokenProvider | None = field(default=None, repr=False)
    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: str | Secret | None = field(default=None, repr=False)
    authority: str | None = None
    api_version: str | None = None
    base_url: str | None = None
    timeouts: Timeouts | None = None
    transport: TransportOptions | None = None


class AzureConnector(BaseConnector):
    """Serves every deployment of an Azure resource. Takes an `AzureConfig`, a mapping of its fields, or nothing.

    On the dated routes the deployment is the body's `model`, as in OpenAI's own SDK.
    """

    PROVIDER: ClassVar[str] = "azure"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY", "AZURE_OPENAI_AD_TOKEN")
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("AZURE_OPENAI_ENDPOINT",)

    def __init__(self, config: AzureConfig | Mapping[str, Any] | None = None) -> None:
        self.config: AzureConfig = settings_from(AzureConfig, config or {})
        version = self.config.api_version or from_environment("OPENAI_API_VERSION")
        self.api_version: str | None = None if version in _V1 or self.config.base_url is not None else version
        super().__init__(
            base_url=_base_url(self.config, self.api_version),
            auth=_auth(self.config),
            transport=self.config.transport,
            timeouts=self.config.timeouts,
        )

    @property
    def identity(self) -> Hashable:
        """The same, with the API version."""
        return super().identity, self.api_version

    def _url(self, path: str, data: Any) -> str:
        if self.api_version is None:
            return self.base_url + path
        deployment = data.get("model") if isinstance(data, Mapping) and path in _DEPLOYMENT_PATHS else None
        place = f"/deployments/{quote(str(deployment), safe='')}" if deployment else ""
        return f"{self.base_url}{place}{path}?api-version={quote(self.api_version, safe='')}"


def _base_url(config: AzureConfig, api_version: str | None) -> str:
    if config.base_url is not None:
        return config.base_url
    endpoint = config.endpoint or find_address("azure", *AzureConnector.BASE_URL_VARIABLES)
    if endpoint is None:
        raise ConfigurationError(
            "no address for azure: pass `endpoint=` (https://<resource>.openai.azure.com), or set the environment "
            "variable AZURE_OPENAI_ENDPOINT",
            provider="azure",
        )
    if not endpoint.startswith(("https://", "http://")):
        raise ConfigurationError(
            f"`endpoint` must look like https://<resource>.openai.azure.com, not {endpoint!r}", provider="azure"
        )
    root = endpoint.rstrip("/").removesuffix("/v1").removesuffix("/openai")
    return f"{root}/openai" if api_version is not None else f"{root}/openai/v1"


def _auth(config: AzureConfig) -> Auth:
    names = AzureConnector.KEY_VARIABLES
    if (auth := find_entra_auth(config, from_environment(names[-1]))) is not None:
        return auth
    return resolve_auth(config.api_key, *names, provider="azure", header="api-key", prefix="")

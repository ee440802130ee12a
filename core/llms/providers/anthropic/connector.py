"""HTTP to Anthropic: its address, and a key or a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from core.llms.errors import ConfigurationError
from core.llms.providers.base.auth import Auth, TokenProvider
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credentials import find_address, from_environment, resolve_auth, settings_from
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.types.secrets import HoldsSecrets, Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class AnthropicConfig(HoldsSecrets):
    """Settings of the connector; what is None comes from the environment.

    `api_key` (ANTHROPIC_API_KEY, which wins) may be a function that gives a token; `auth_token` (ANTHROPIC_AUTH_TOKEN)
    is a bearer token, a gateway's say. `base_url` (ANTHROPIC_BASE_URL) is the host without `/v1`. `key_header` is where
    the key goes: as a bearer token, as the vendor's SDK sends it since 2.0, or in the older `x-api-key`, which the
    vendor still takes and some gateways alone read (anthropic 2.11, read 2026-11-21).
    """

    api_key: str | Secret | TokenProvider | None = field(default=None, repr=False)
    auth_token: str | Secret | TokenProvider | None = field(default=None, repr=False)
    base_url: str | None = None
    key_header: Literal["authorization", "x-api-key"] = "authorization"
    timeouts: Timeouts | None = None
    transport: TransportOptions | None = None


class AnthropicConnector(BaseConnector):
    """Serves every model of Anthropic. Takes an `AnthropicConfig`, a mapping of its fields, or nothing."""

    PROVIDER: ClassVar[str] = "anthropic"
    BASE_URL: ClassVar[str] = "https://api.anthropic.com"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("ANTHROPIC_BASE_URL",)

    def __init__(self, config: AnthropicConfig | Mapping[str, Any] | None = None) -> None:
        self.config: AnthropicConfig = settings_from(AnthropicConfig, config or {})
        base_url = self.config.base_url or find_address(self.PROVIDER, *self.BASE_URL_VARIABLES) or self.BASE_URL
        super().__init__(
            base_url=base_url.rstrip("/").removesuffix("/v1"),
            auth=_resolve_auth(self.config),
            transport=self.config.transport,
            timeouts=self.config.timeouts,
        )


def _resolve_auth(config: AnthropicConfig) -> Auth:
    if config.api_key is not None and config.auth_token is not None:
        raise ConfigurationError("give `api_key` or `auth_token`, not both", provider="anthropic")
    names = AnthropicConnector.KEY_VARIABLES
    token = config.auth_token
    if config.api_key is None and token is None and from_environment(names[0]) is None:
        token = from_environment(names[1])
    if token is not None:
        return resolve_auth(token, provider="anthropic")
    if config.key_header == "authorization":
        return resolve_auth(config.api_key, *names, provider="anthropic")
    return resolve_auth(config.api_key, *names, provider="anthropic", header="x-api-key", prefix="")

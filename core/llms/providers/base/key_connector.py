"""The connector of a vendor whose account is one key and whose address is one URL: a room gives the names, no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.llms.errors import ConfigurationError
from core.llms.providers.base.auth import Auth, NoAuth, TokenProvider
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credentials import find_address, from_environment, resolve_auth, settings_from
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.types.secrets import HoldsSecrets, Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyConfig(HoldsSecrets):
    """Settings of the connector; what is None comes from the environment. `api_key` may be a function."""

    api_key: str | Secret | TokenProvider | None = field(default=None, repr=False)
    base_url: str | None = None
    timeouts: Timeouts | None = None
    transport: TransportOptions | None = None


class KeyConnector(BaseConnector):
    """Takes a `KeyConfig`, a mapping of its fields, or nothing.

    A room sets `PROVIDER`, `BASE_URL` (empty where there is no address of the vendor's own), the variables
    `KEY_VARIABLES` and `BASE_URL_VARIABLES`, and the header that carries the key where it is not a bearer token.
    `CONFIG` is the class of its settings, where it has more than the usual ones.
    Where those variables hold the host alone, `BASE_URL_SUFFIX` is the path that is added to it. A vendor whose tools
    read no such variable has `<PROVIDER>_BASE_URL`, the whole address.
    """

    CONFIG: ClassVar[type[KeyConfig]] = KeyConfig
    BASE_URL: ClassVar[str] = ""
    BASE_URL_SUFFIX: ClassVar[str] = ""
    KEY_HEADER: ClassVar[str] = "Authorization"
    KEY_PREFIX: ClassVar[str] = "Bearer "

    def __init__(self, config: KeyConfig | Mapping[str, Any] | None = None) -> None:
        self.config: KeyConfig = settings_from(self.CONFIG, config or {})
        super().__init__(
            base_url=self._resolve_base_url(),
            auth=self._resolve_auth(),
            transport=self.config.transport,
            timeouts=self.config.timeouts,
            headers=self._own_headers(),
        )

    def _resolve_base_url(self) -> str:
        base_url = (
            self.config.base_url or self._address_of_environment() or find_address(self.PROVIDER) or self.BASE_URL
        )
        if not base_url:
            names = " or ".join(self.address_variables())
            raise ConfigurationError(
                f"no address for {self.PROVIDER}: pass `base_url=`, or set the environment variable {names}",
                provider=self.PROVIDER,
            )
        return base_url

    @classmethod
    def address_variables(cls) -> tuple[str, ...]:
        return cls.BASE_URL_VARIABLES or (f"{cls.PROVIDER.upper()}_BASE_URL",)

    def _address_of_environment(self) -> str | None:
        address = from_environment(*self.address_variables())
        return address and address.rstrip("/").removesuffix(self.BASE_URL_SUFFIX) + self.BASE_URL_SUFFIX

    def _resolve_auth(self) -> Auth:
        if not self.NEEDS_KEY and self.config.api_key is None and from_environment(*self.KEY_VARIABLES) is None:
            return NoAuth()
        return resolve_auth(
            self.config.api_key,
            *self.KEY_VARIABLES,
            provider=self.PROVIDER,
            header=self.KEY_HEADER,
            prefix=self.KEY_PREFIX,
        )

    def _own_headers(self) -> Mapping[str, str]:
        """Return headers that go with every request of this vendor."""
        return {}

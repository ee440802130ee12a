"""HTTP to Bedrock: the runtime that answers, and beside it the control plane that lists the models."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, ClassVar

from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credentials import settings_from
from core.llms.providers.bedrock.account import (
    ACCESS_KEY_VARIABLES,
    BASE_URL_VARIABLES,
    BEARER_VARIABLE,
    BedrockConfig,
    resolve_account,
)

__all__ = ["BedrockConfig", "BedrockConnector"]


class BedrockConnector(BaseConnector):
    """Serves every model of one region. Takes a `BedrockConfig`, a mapping of its fields, or nothing.

    `control` is a connector to the control plane with the same credential and settings; it is closed with this one.
    """

    PROVIDER: ClassVar[str] = "bedrock"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = (BEARER_VARIABLE, *ACCESS_KEY_VARIABLES)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = BASE_URL_VARIABLES

    def __init__(self, config: BedrockConfig | Mapping[str, Any] | None = None) -> None:
        self.config: BedrockConfig = settings_from(BedrockConfig, config or {})
        account = resolve_account(self.config)
        self.region: str = account.region
        settings: dict[str, Any] = {
            "auth": account.auth,
            "transport": self.config.transport,
            "timeouts": self.config.timeouts,
        }
        super().__init__(base_url=account.base_url, **settings)
        self.control: BaseConnector = BaseConnector(base_url=account.control_url, **settings)

    @classmethod
    def credential_variables(cls) -> tuple[tuple[str, ...], ...]:
        return (BEARER_VARIABLE,), ACCESS_KEY_VARIABLES

    @property
    def identity(self) -> Hashable:
        """The same, with region and control plane."""
        return super().identity, self.region, self.control.base_url

    async def aclose(self) -> None:
        """Close all connections, those to the control plane too."""
        await super().aclose()
        await self.control.aclose()

    def close_now(self) -> None:
        """Close all connections without waiting, those to the control plane too."""
        super().close_now()
        self.control.close_now()

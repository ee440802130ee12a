"""HTTP to watsonx.ai: the version in every address, and a token that is renewed where it is refused."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, ClassVar

from aiohttp import ClientResponse, ClientSession

from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credentials import settings_from
from core.llms.providers.watsonx.account import (
    CREDENTIAL_VARIABLES,
    KEY_VARIABLES,
    URL_VARIABLES,
    WatsonxConfig,
    resolve_account,
)
from core.llms.providers.watsonx.auth import ExchangedTokenAuth

__all__ = ["WatsonxConfig", "WatsonxConnector"]


class WatsonxConnector(BaseConnector):
    """Serves every model and deployment of one address. Takes a `WatsonxConfig`, a mapping of its fields, or nothing.

    Project and space are each LLM's own. Paths go without the version, as in `connector.request("POST",
    "/ml/v1/text/rerank", data)`. A request that is answered with 401 is sent once more, with a new token.
    """

    PROVIDER: ClassVar[str] = "watsonx"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = KEY_VARIABLES
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = URL_VARIABLES

    def __init__(self, config: WatsonxConfig | Mapping[str, Any] | None = None) -> None:
        self.config: WatsonxConfig = settings_from(WatsonxConfig, config or {})
        account = resolve_account(self.config)
        self.api_version: str = account.api_version
        super().__init__(
            base_url=account.base_url,
            auth=account.auth,
            transport=self.config.transport,
            timeouts=self.config.timeouts,
        )

    @classmethod
    def credential_variables(cls) -> tuple[tuple[str, ...], ...]:
        return CREDENTIAL_VARIABLES

    @property
    def identity(self) -> Hashable:
        """The same, with the version of the API."""
        return super().identity, self.api_version

    def _url(self, path: str, data: Any) -> str:
        return f"{self.base_url}{path}{'&' if '?' in path else '?'}version={self.api_version}"

    async def _send(
        self,
        session: ClientSession,
        method: str,
        path: str,
        data: Any,
        headers: Mapping[str, str] | None,
        accept: str,
        fresh: bool,
    ) -> ClientResponse:
        response = await super()._send(session, method, path, data, headers, accept, fresh)
        auth = self.auth
        if response.status != 401 or not isinstance(auth, ExchangedTokenAuth):
            return response
        if not auth.drop_refused(response.request_info.headers.get("Authorization", "")):
            return response
        response.close()
        return await super()._send(session, method, path, data, headers, accept, fresh)

    async def aclose(self) -> None:
        """Close all connections, that of the exchange too."""
        await super().aclose()
        if isinstance(self.auth, ExchangedTokenAuth):
            await self.auth.connector.aclose()

    def close_now(self) -> None:
        """Close all connections without waiting, that of the exchange too."""
        super().close_now()
        if isinstance(self.auth, ExchangedTokenAuth):
            self.auth.connector.close_now()

"""HTTP to Cohere: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class CohereConnector(KeyConnector):
    """Serves every model of Cohere. CO_API_KEY (or COHERE_API_KEY) and CO_API_URL are as in cohere 7.3.

    Paths carry the version, as in `connector.request("POST", "/v2/rerank", data)`; one at the address's end is dropped.
    """

    PROVIDER: ClassVar[str] = "cohere"
    BASE_URL: ClassVar[str] = "https://api.cohere.com"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("CO_API_KEY", "COHERE_API_KEY")
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("CO_API_URL",)

    def _resolve_base_url(self) -> str:
        return super()._resolve_base_url().rstrip("/").removesuffix("/v1").removesuffix("/v2")

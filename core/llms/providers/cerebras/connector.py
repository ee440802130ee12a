"""HTTP to Cerebras: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class CerebrasConnector(KeyConnector):
    """Serves every model. CEREBRAS_API_KEY and CEREBRAS_BASE_URL (a host) are as in cerebras-cloud-sdk 1.91.0."""

    PROVIDER: ClassVar[str] = "cerebras"
    BASE_URL: ClassVar[str] = "https://api.cerebras.ai/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("CEREBRAS_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("CEREBRAS_BASE_URL",)
    BASE_URL_SUFFIX: ClassVar[str] = "/v1"

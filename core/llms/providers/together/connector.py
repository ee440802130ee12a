"""HTTP to Together AI: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class TogetherConnector(KeyConnector):
    """Serves every model. TOGETHER_API_KEY and TOGETHER_BASE_URL (a host) are as in together 3.1.1."""

    PROVIDER: ClassVar[str] = "together"
    BASE_URL: ClassVar[str] = "https://api.together.ai/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("TOGETHER_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("TOGETHER_BASE_URL",)
    BASE_URL_SUFFIX: ClassVar[str] = "/v1"

"""HTTP to xAI: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class XaiConnector(KeyConnector):
    """Serves every model of xAI; XAI_API_KEY is as in xai-sdk 1.21.0."""

    PROVIDER: ClassVar[str] = "xai"
    BASE_URL: ClassVar[str] = "https://api.x.ai/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("XAI_API_KEY",)

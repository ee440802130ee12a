"""HTTP to Fireworks AI: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class FireworksConnector(KeyConnector):
    """Serves every model. FIREWORKS_API_KEY and FIREWORKS_BASE_URL (a host) are as in fireworks-ai 1.2.30."""

    PROVIDER: ClassVar[str] = "fireworks"
    BASE_URL: ClassVar[str] = "https://api.fireworks.ai/inference/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("FIREWORKS_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("FIREWORKS_BASE_URL",)
    BASE_URL_SUFFIX: ClassVar[str] = "/inference/v1"

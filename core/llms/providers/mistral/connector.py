"""HTTP to Mistral: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class MistralConnector(KeyConnector):
    """Serves every model of Mistral. MISTRAL_API_KEY is as in mistralai 3.7.0.

    `base_url` may be `https://api.eu.mistral.ai/v1` or `https://api.us.mistral.ai/v1` for one region.
    """

    PROVIDER: ClassVar[str] = "mistral"
    BASE_URL: ClassVar[str] = "https://api.mistral.ai/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("MISTRAL_API_KEY",)

"""HTTP to DeepSeek: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class DeepSeekConnector(KeyConnector):
    """Serves every model of DeepSeek; DEEPSEEK_API_KEY is the name in DeepSeek's documentation."""

    PROVIDER: ClassVar[str] = "deepseek"
    BASE_URL: ClassVar[str] = "https://api.deepseek.com"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("DEEPSEEK_API_KEY",)

"""HTTP to Groq: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class GroqConnector(KeyConnector):
    """Serves every model of Groq. GROQ_API_KEY and GROQ_BASE_URL (the host alone) are as in groq 1.7.0."""

    PROVIDER: ClassVar[str] = "groq"
    BASE_URL: ClassVar[str] = "https://api.groq.com/openai/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("GROQ_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("GROQ_BASE_URL",)
    BASE_URL_SUFFIX: ClassVar[str] = "/openai/v1"

"""HTTP to OpenRouter: its address, its key, and the headers that name the application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.llms.providers.base.credentials import from_environment
from core.llms.providers.base.key_connector import KeyConfig, KeyConnector


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRouterConfig(KeyConfig):
    """Settings of the connector; what is None comes from the environment.

    `referer` is the application's address (OPENROUTER_HTTP_REFERER), `title` its name (OPENROUTER_X_OPEN_ROUTER_TITLE)
    and `categories` what it is for (OPENROUTER_X_OPEN_ROUTER_CATEGORIES), as in openrouter 1.3.84.
    """

    referer: str | None = None
    title: str | None = None
    categories: str | None = None


class OpenRouterConnector(KeyConnector):
    """Serves every model on OpenRouter. Takes an `OpenRouterConfig`, a mapping of its fields, or nothing."""

    PROVIDER: ClassVar[str] = "openrouter"
    CONFIG: ClassVar[type[KeyConfig]] = OpenRouterConfig
    BASE_URL: ClassVar[str] = "https://openrouter.ai/api/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("OPENROUTER_API_KEY",)

    def _own_headers(self) -> Mapping[str, str]:
        config = self.config
        assert isinstance(config, OpenRouterConfig)
        headers = {
            "HTTP-Referer": config.referer or from_environment("OPENROUTER_HTTP_REFERER"),
            "X-OpenRouter-Title": config.title or from_environment("OPENROUTER_X_OPEN_ROUTER_TITLE"),
            "X-OpenRouter-Categories": config.categories or from_environment("OPENROUTER_X_OPEN_ROUTER_CATEGORIES"),
        }
        return {name: value for name, value in headers.items() if value is not None}

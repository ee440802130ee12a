"""HTTP to Perplexity: its address and its key."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class PerplexityConnector(KeyConnector):
    """Serves every model. PERPLEXITY_API_KEY and PERPLEXITY_BASE_URL (the host alone) are as in perplexityai 0.46.1."""

    PROVIDER: ClassVar[str] = "perplexity"
    BASE_URL: ClassVar[str] = "https://api.perplexity.ai/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("PERPLEXITY_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("PERPLEXITY_BASE_URL",)
    BASE_URL_SUFFIX: ClassVar[str] = "/v1"

    def _url(self, path: str, data: Any) -> str:
        # Chat completions were at the host itself; all else is under `/v1`.
        if path != "/chat/completions":
            return super()._url(path, data)
        return self.base_url.removesuffix(self.BASE_URL_SUFFIX) + path

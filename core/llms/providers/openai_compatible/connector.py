"""HTTP to any server that speaks OpenAI's chat completions: its address, and a key where it asks for one."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class OpenAICompatibleConnector(KeyConnector):
    """Takes the settings of `KeyConfig`. The address has to be given, up to and with `/v1` where the server has it.

    Without a key none is sent. OpenAI's own variables are not read: they hold a credential for OpenAI.
    """

    PROVIDER: ClassVar[str] = "openai_compatible"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("OPENAI_COMPATIBLE_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("OPENAI_COMPATIBLE_BASE_URL",)
    NEEDS_KEY: ClassVar[bool] = False

    def _url(self, path: str, data: Any) -> str:
        # vLLM counts tokens at the server's root, beside `/v1`.
        if path != "/tokenize":
            return super()._url(path, data)
        return self.base_url.removesuffix("/v1") + path

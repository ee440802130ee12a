"""Ollama, on this machine, another or in its cloud: `create_ollama_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.factory import LLMOptions, build_llm, share_connector
from core.llms.providers.base.key_connector import KeyConfig
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.ollama.base_implementation import OllamaBaseLLM, create_metadata
from core.llms.providers.ollama.connector import OllamaConnector
from core.llms.providers.ollama.models import ROOMS
from core.llms.types.secrets import Secret

__all__ = ["OllamaBaseLLM", "OllamaConnector", "create_ollama_llm"]


def create_ollama_llm(
    model_name: str,
    *,
    api_key: str | Secret | TokenProvider | None = None,
    base_url: str | None = None,
    num_ctx: int | None = None,
    keep_alive: float | str | None = None,
    wire: str | None = None,
    connector: OllamaConnector | None = None,
    timeouts: Timeouts | None = None,
    transport: TransportOptions | None = None,
    **options: Unpack[LLMOptions],
) -> OllamaBaseLLM:
    """Make the LLM of a model that a server has pulled; `base_url` is else OLLAMA_HOST, else this machine.

    No key is needed but for Ollama's cloud (OLLAMA_API_KEY). `num_ctx` and `keep_alive` are as in `OllamaBaseLLM`.
    What a call costs is unknown unless `prices` are given. Raises `ConfigurationError`.
    """
    config = KeyConfig(api_key=api_key, base_url=base_url, timeouts=timeouts, transport=transport)
    shared, lease = share_connector(connector, lambda: OllamaConnector(config), options, create_ollama_llm)
    options["metadata"] = options.get("metadata") or create_metadata(model_name)
    settings = {"num_ctx": num_ctx, "keep_alive": keep_alive}
    return build_llm(
        OllamaBaseLLM, model_name, ROOMS, options, connector=shared, lease=lease, wire=wire, settings=settings
    )

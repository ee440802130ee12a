"""HTTP to a server of Ollama: its address, read as Ollama's own tools read it, and a key where one is given."""

from __future__ import annotations

from typing import ClassVar, Final
from urllib.parse import urlsplit

from core.llms.errors import ConfigurationError
from core.llms.providers.base.credentials import find_address
from core.llms.providers.base.key_connector import KeyConnector

_PORT: Final = 11_434


class OllamaConnector(KeyConnector):
    """Serves every model of one server.

    Takes the settings of `KeyConfig`. `base_url` (OLLAMA_HOST) may be short, as in `:11434`, `gpu-box` or
    `https://ollama.com`; without one it is this machine. OLLAMA_API_KEY is for Ollama's cloud; without a key none is
    sent. Both variables are as in ollama 0.6.3.
    """

    PROVIDER: ClassVar[str] = "ollama"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("OLLAMA_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("OLLAMA_HOST",)
    NEEDS_KEY: ClassVar[bool] = False

    def _resolve_base_url(self) -> str:
        return parse_host(self.config.base_url or find_address(self.PROVIDER, *self.BASE_URL_VARIABLES) or "")


def parse_host(host: str) -> str:
    """Complete an address: `http`, 127.0.0.1 and port 11434 are what may be left out.

    With a scheme, a port that is left out is the scheme's own. Raises `ConfigurationError`.
    """
    named = "://" in host
    try:
        parts = urlsplit(host if named else f"http://{host}")
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(f"`base_url` (OLLAMA_HOST) is not an address: {error}", provider="ollama") from error
    if parts.username or parts.password or parts.query or parts.fragment:
        return host if named else f"http://{host}"
    name = parts.hostname or "127.0.0.1"
    name = f"[{name}]" if ":" in name else name
    port = port if port is not None or named else _PORT
    place = name if port is None else f"{name}:{port}"
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}"

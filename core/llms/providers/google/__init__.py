"""Google's Gemini, at the Gemini API and at Vertex AI: `create_google_llm`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.factory import LLMOptions, build_llm, share_connector
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.google.auth import GoogleAuth
from core.llms.providers.google.base_implementation import GoogleBaseLLM
from core.llms.providers.google.connector import GoogleConfig, GoogleConnector
from core.llms.providers.google.models import ROOMS
from core.llms.types.secrets import Secret

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

__all__ = ["GoogleAuth", "GoogleBaseLLM", "GoogleConfig", "GoogleConnector", "create_google_llm"]


def create_google_llm(
    model_name: str,
    *,
    api_key: str | Secret | None = None,
    base_url: str | None = None,
    api_version: str | None = None,
    vertex: bool | None = None,
    project: str | None = None,
    location: str | None = None,
    credentials: Credentials | None = None,
    service_account: str | Secret | None = None,
    token_provider: TokenProvider | None = None,
    wire: str | None = None,
    connector: GoogleConnector | None = None,
    timeouts: Timeouts | None = None,
    transport: TransportOptions | None = None,
    **options: Unpack[LLMOptions],
) -> GoogleBaseLLM:
    """Make the LLM of a Gemini model; what is left out comes from the environment (see `GoogleConfig`).

    Raises `MissingCredentialError`, and `ConfigurationError` for settings that do not go together.
    """
    config = GoogleConfig(
        api_key=api_key,
        base_url=base_url,
        api_version=api_version,
        vertex=vertex,
        project=project,
        location=location,
        credentials=credentials,
        service_account=service_account,
        token_provider=token_provider,
        timeouts=timeouts,
        transport=transport,
    )
    shared, lease = share_connector(connector, lambda: GoogleConnector(config), options, create_google_llm)
    return build_llm(GoogleBaseLLM, model_name, ROOMS, options, connector=shared, lease=lease, wire=wire)

"""Azure OpenAI: `create_azure_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.azure.base_implementation import AzureBaseLLM
from core.llms.providers.azure.connector import AzureConfig, AzureConnector
from core.llms.providers.azure.entra import create_entra_token_provider
from core.llms.providers.azure.models import ROOMS
from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.credentials import from_environment
from core.llms.providers.base.factory import LLMOptions, build_llm, share_connector
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.types.secrets import Secret

__all__ = ["AzureBaseLLM", "AzureConfig", "AzureConnector", "create_azure_llm", "create_entra_token_provider"]


def create_azure_llm(
    model_name: str,
    *,
    api_key: str | Secret | None = None,
    endpoint: str | None = None,
    deployment_name: str | None = None,
    api_version: str | None = None,
    token_provider: TokenProvider | None = None,
    tenant_id: str | None = None,
    client_id: str | None = None,
    client_secret: str | Secret | None = None,
    authority: str | None = None,
    base_url: str | None = None,
    wire: str | None = None,
    connector: AzureConnector | None = None,
    timeouts: Timeouts | None = None,
    transport: TransportOptions | None = None,
    **options: Unpack[LLMOptions],
) -> AzureBaseLLM:
    """Make the LLM of an Azure deployment; what is left out comes from the environment (see `AzureConfig`).

    `model_name` says what the deployment runs, `deployment_name` (AZURE_OPENAI_DEPLOYMENT) what it is called; without
    one it is called as the model. Raises `MissingCredentialError` and `ConfigurationError`.
    """
    config = AzureConfig(
        endpoint=endpoint,
        api_key=api_key,
        token_provider=token_provider,
        tenant_id=tenant_id,
        client_id=client_id,
        client_secret=client_secret,
        authority=authority,
        api_version=api_version,
        base_url=base_url,
        timeouts=timeouts,
        transport=transport,
    )
    shared, lease = share_connector(connector, lambda: AzureConnector(config), options, create_azure_llm)
    deployment = deployment_name or from_environment("AZURE_OPENAI_DEPLOYMENT")
    return build_llm(
        AzureBaseLLM, model_name, ROOMS, options, connector=shared, lease=lease, wire=wire, model=deployment
    )

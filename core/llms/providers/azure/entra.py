"""Entra ID tokens for Azure OpenAI, from the `azure` extra."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.errors import ConfigurationError
from core.llms.providers.base.auth import TokenProvider

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

SCOPE = "https://cognitiveservices.azure.com/.default"


def create_entra_token_provider(credential: TokenCredential | None = None, scope: str = SCOPE) -> TokenProvider:
    """Return a function that gives a cached, renewed token of a credential, `DefaultAzureCredential` by default."""
    try:
        from azure.identity import DefaultAzureCredential, get_bearer_token_provider
    except ImportError as error:
        raise ConfigurationError("Entra ID tokens need the extra: pip install 'core-llms[azure]'") from error
    return get_bearer_token_provider(credential or DefaultAzureCredential(), scope)

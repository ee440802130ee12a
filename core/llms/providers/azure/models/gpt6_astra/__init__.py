"""GPT-6 Astra on Azure."""

from core.llms.providers.azure.models.gpt6_astra.metadata import GPT6AstraMetadata

__all__ = ["GPT6AstraMetadata"]

"""GPT-6.1 Terra on Azure."""

from core.llms.providers.azure.models.gpt61_terra.metadata import GPT61TerraMetadata

__all__ = ["GPT61TerraMetadata"]

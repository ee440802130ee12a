"""GPT-5.6 Terra on Azure."""

from core.llms.providers.azure.models.gpt56_terra.metadata import GPT56TerraMetadata

__all__ = ["GPT56TerraMetadata"]

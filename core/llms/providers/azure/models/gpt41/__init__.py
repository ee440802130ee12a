"""GPT-4.1 on Azure."""

from core.llms.providers.azure.models.gpt41.metadata import GPT41Metadata

__all__ = ["GPT41Metadata"]

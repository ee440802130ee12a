"""GPT-4 on Azure."""

from core.llms.providers.azure.models.gpt4.metadata import GPT4Metadata

__all__ = ["GPT4Metadata"]

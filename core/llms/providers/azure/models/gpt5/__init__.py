"""GPT-5 on Azure."""

from core.llms.providers.azure.models.gpt5.metadata import GPT5Metadata

__all__ = ["GPT5Metadata"]

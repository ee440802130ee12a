"""GPT-5.4 on Azure."""

from core.llms.providers.azure.models.gpt54.metadata import GPT54Metadata

__all__ = ["GPT54Metadata"]

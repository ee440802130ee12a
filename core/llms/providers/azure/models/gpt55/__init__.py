"""GPT-5.5 on Azure."""

from core.llms.providers.azure.models.gpt55.metadata import GPT55Metadata

__all__ = ["GPT55Metadata"]

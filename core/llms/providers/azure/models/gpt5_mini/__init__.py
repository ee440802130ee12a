"""GPT-5 mini on Azure."""

from core.llms.providers.azure.models.gpt5_mini.metadata import GPT5MiniMetadata

__all__ = ["GPT5MiniMetadata"]

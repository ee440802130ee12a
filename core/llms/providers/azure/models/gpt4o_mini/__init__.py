"""GPT-4o mini on Azure."""

from core.llms.providers.azure.models.gpt4o_mini.metadata import GPT4oMiniMetadata

__all__ = ["GPT4oMiniMetadata"]

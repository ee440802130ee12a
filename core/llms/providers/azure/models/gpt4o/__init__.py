"""GPT-4o on Azure."""

from core.llms.providers.azure.models.gpt4o.metadata import GPT4o20240513Metadata, GPT4oMetadata

__all__ = ["GPT4o20240513Metadata", "GPT4oMetadata"]

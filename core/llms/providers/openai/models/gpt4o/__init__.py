"""GPT-4o."""

from core.llms.providers.openai.models.gpt4o.metadata import GPT4o20240513Metadata, GPT4oMetadata

__all__ = ["GPT4o20240513Metadata", "GPT4oMetadata"]

"""GPT-5 mini."""

from core.llms.providers.openai.models.gpt5_mini.metadata import GPT5MiniMetadata

__all__ = ["GPT5MiniMetadata"]

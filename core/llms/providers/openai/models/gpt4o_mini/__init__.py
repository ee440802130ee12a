"""GPT-4o mini."""

from core.llms.providers.openai.models.gpt4o_mini.metadata import GPT4oMiniMetadata

__all__ = ["GPT4oMiniMetadata"]

"""GPT-4."""

from core.llms.providers.openai.models.gpt4.metadata import GPT4Metadata

__all__ = ["GPT4Metadata"]

"""GPT-4.1."""

from core.llms.providers.openai.models.gpt41.metadata import GPT41Metadata

__all__ = ["GPT41Metadata"]

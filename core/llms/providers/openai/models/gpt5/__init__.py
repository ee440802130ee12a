"""GPT-5."""

from core.llms.providers.openai.models.gpt5.metadata import GPT5Metadata

__all__ = ["GPT5Metadata"]

"""GPT-5.4."""

from core.llms.providers.openai.models.gpt54.metadata import GPT54Metadata

__all__ = ["GPT54Metadata"]

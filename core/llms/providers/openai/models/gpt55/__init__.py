"""GPT-5.5."""

from core.llms.providers.openai.models.gpt55.metadata import GPT55Metadata

__all__ = ["GPT55Metadata"]

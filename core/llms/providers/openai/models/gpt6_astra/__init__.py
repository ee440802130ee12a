"""GPT-6 Astra."""

from core.llms.providers.openai.models.gpt6_astra.metadata import GPT6AstraMetadata

__all__ = ["GPT6AstraMetadata"]

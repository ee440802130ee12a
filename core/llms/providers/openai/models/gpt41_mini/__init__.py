"""GPT-4.1 mini."""

from core.llms.providers.openai.models.gpt41_mini.implementation import GPT41MiniLLM
from core.llms.providers.openai.models.gpt41_mini.metadata import GPT41MiniMetadata

__all__ = ["GPT41MiniLLM", "GPT41MiniMetadata"]

"""GPT-6 Sol."""

from core.llms.providers.openai.models.gpt6_sol.metadata import GPT6SolMetadata

__all__ = ["GPT6SolMetadata"]

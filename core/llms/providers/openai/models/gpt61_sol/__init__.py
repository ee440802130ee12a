"""GPT-6.1 Sol."""

from core.llms.providers.openai.models.gpt61_sol.metadata import GPT61SolMetadata

__all__ = ["GPT61SolMetadata"]
